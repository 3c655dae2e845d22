import { textReader } from "../parse/index.ts"
import type { ConstraintDefinition } from "../parse/constraint.ts"
import type { Operation, Statement } from "../parse/operation.ts"
import type { Catalog, Constraint } from "../schema/catalog.ts"
import { firstIndex } from "../source/first-index.ts"
import type { Span } from "../source/span.ts"
import { createLineMap } from "../source/text.ts"
import type { Added, Seen, Source } from "./added-constraint.ts"
import type { Finding } from "./finding.ts"
import { narrowerThanKey, NARROWER_THAN_KEY } from "./narrower-than-key.ts"
import { neverValidated, NEVER_VALIDATED } from "./never-validated.ts"
import type { ActiveRules } from "./select.ts"
import { applySuppressions } from "./suppressions.ts"
import { withoutIndex, WITHOUT_INDEX } from "./without-index.ts"

/** Rules that are decided at the end of the history: what is missing may still come in a later file. */
const LATE_RULES: readonly string[] = [NEVER_VALIDATED, WITHOUT_INDEX, NARROWER_THAN_KEY]

/** Whether a rule is one of those. */
export function isLate(rule: string): boolean {
  return LATE_RULES.includes(rule)
}

/** Findings of one file that only the end of the history shows. */
export interface LateFindings {
  readonly path: string
  readonly sql: string
  readonly findings: readonly Finding[]
}

/** What of it a later run needs. */
export interface FrozenEnd {
  readonly validated: readonly string[]
  readonly unsure: Seen["unsure"]
  readonly lastDeploy: number
  /** Files of the history with constraints that were not validated at once. */
  readonly sources: readonly Pick<Source, "path" | "deploy" | "ordered">[]
}

/** Reads a file of the history again. */
export interface Reload {
  reload(path: string): Pick<Source, "sql" | "parsed">
}

/** Follows the files of a project, and tells at their end what they left undone. */
export interface HistoryEnd {
  read(source: Source, text: (span: Span) => string): void
  /** Something ran that could not be read; null: nobody knows what. */
  doubt(sql: string | null): void
  findings(catalog: Catalog): LateFindings[]
  freeze(): FrozenEnd
}

/** Watches the files of a project for what their last one decides. */
export function createHistoryEnd(rules: ActiveRules, pgVersion: number, together: boolean, resume?: { readonly end: FrozenEnd } & Reload): HistoryEnd {
  const sources = new Map(resume?.end.sources.map((source): [string, Source] => [source.path, reloaded(source, resume)]))
  const validated = new Set(resume?.end.validated)
  const unsure = { validated: 0, indexed: 0, ...resume?.end.unsure }
  const asksForKeys = rules.isActive(WITHOUT_INDEX) || rules.isActive(NARROWER_THAN_KEY)
  let lastDeploy = resume?.end.lastDeploy ?? 0
  const doubt = (sql: string | null): void => {
    if (sql === null || /\bvalidate\s+constraint\b/i.test(sql)) unsure.validated = lastDeploy
    if (sql === null || /\bcreate\s+(?:unique\s+)?index\b/i.test(sql)) unsure.indexed = lastDeploy
  }
  const follow = (operations: readonly Operation[], source: Source, text: (span: Span) => string): void => {
    for (const operation of operations) {
      if (operation.op === "validate constraint") validated.add(operation.constraint.name)
      // Code of which not every statement is known, or that runs nobody knows when.
      if (operation.op === "create function" || (operation.op === "do" && operation.dynamic.length > 0)) doubt(text(operation.span))
      if (operation.op === "do") for (const inner of operation.statements) follow(inner.operations, source, text)
      if (isUnvalidated(operation) || (source.report && asksForKeys && constraintsIn(operation).some(({ kind }) => kind === "foreign key"))) {
        sources.set(source.path, source)
      }
    }
  }
  return {
    read(source, text) {
      lastDeploy = source.deploy
      for (const { operations } of source.parsed.statements) follow(operations, source, text)
    },
    doubt,
    findings(catalog) {
      if (sources.size === 0) return []
      const found = new Map([...sources.values()].map((source): [Source, Finding[]] => [source, []]))
      const seen: Seen = { catalog, pgVersion, together, lastDeploy, validated, unsure }
      for (const added of addedIn(sources, catalog)) {
        found.get(added.source)?.push(...neverValidated(added, seen, rules), ...withoutIndex(added, seen, rules), ...narrowerThanKey(added, seen, rules))
      }
      return [...found].flatMap(([source, findings]) => (findings.length > 0 || source.report ? [unsuppressed(findings, source, rules)] : [])).filter(({ findings }) => findings.length > 0)
    },
    freeze: () => ({
      validated: [...validated],
      unsure: { ...unsure },
      lastDeploy,
      sources: [...sources.values()].map(({ path, deploy, ordered }) => ({ path, deploy, ordered })),
    }),
  }
}

function isUnvalidated(operation: Operation): boolean {
  return operation.op === "add constraint" && operation.constraint.notValid
}

/** A file of the history that an earlier run has read; it is read again only when there is something to say of it. */
function reloaded(source: FrozenEnd["sources"][number], { reload }: Reload): Source {
  let content: Pick<Source, "sql" | "parsed"> | null = null
  const again = (): Pick<Source, "sql" | "parsed"> => (content ??= reload(source.path))
  return {
    ...source,
    report: false,
    get sql() {
      return again().sql
    },
    get parsed() {
      return again().parsed
    },
  }
}

/** The constraints that are still there, with the files that added them. */
function* addedIn(sources: ReadonlyMap<string, Source>, catalog: Catalog): Generator<Added> {
  for (const relation of catalog.relations()) {
    if (relation.persistence === "temporary") continue
    for (const constraint of catalog.constraintsOf(relation.id)) {
      const { created, inherited } = constraint
      const source = created === null || inherited ? undefined : sources.get(created.file)
      // Of the history only what was never validated is told, which spares reading its files again.
      if (created === null || source === undefined || (constraint.validated && !source.report)) continue
      const { statements } = source.parsed
      const statement = statements[firstIndex(statements.length, (at) => (statements[at]?.span.end ?? 0) >= created.span.end)]
      if (statement === undefined || statement.span.start > created.span.start) continue
      yield { source, relation, constraint, span: placeOf(constraint, statement, source), statement: statement.span }
    }
  }
}

/** The constraint's own text, where the statement has one; else the words that open it. */
function placeOf({ name, kind, columns }: Constraint, statement: Statement, { sql }: Source): Span {
  const { operations, span } = statement
  const inside = operations.flatMap((operation) => (operation.op === "do" ? operation.statements.flatMap((one) => one.operations) : [operation]))
  const same = inside.flatMap(constraintsIn).filter((one) => one.kind === kind)
  const found =
    same.find((one) => one.name?.name === name) ??
    same.find((one) => "columns" in one && one.name === null && one.columns.map((column) => column.name).join() === columns.join()) ??
    (same.length === 1 ? same[0] : undefined)
  if (found !== undefined) return textReader(sql, [statement]).place(found.span)
  const [words = ""] = /^\s*\w+(?:\s+\w+)?/.exec(sql.slice(span.start, span.end)) ?? []
  return { start: span.start, end: span.start + words.length }
}

function constraintsIn(operation: Operation): readonly ConstraintDefinition[] {
  switch (operation.op) {
    case "add constraint":
      return [operation.constraint]
    case "add column":
      return operation.column.constraints
    case "create table":
      return [...operation.constraints, ...operation.columns.flatMap(({ constraints }) => constraints)]
    default:
      return []
  }
}

/** What comments in the file leave, and the comments that silence nothing. */
function unsuppressed(findings: readonly Finding[], { path, sql, parsed, report }: Source, rules: ActiveRules): LateFindings {
  const lines = createLineMap(sql)
  const own = parsed.suppressions.filter(({ rules: named }) => named.some(({ name }) => isLate(name)))
  const { findings: kept, unused } = applySuppressions(findings, own, parsed, textReader(sql, parsed.statements), (offset) => lines.position(offset).line)
  const stale = unused.flatMap(({ rule, span }) =>
    report && isLate(rule) && rules.isActive(rule) ? (rules.own("unused-suppression", path, span, span, { rule }) ?? []) : [],
  )
  return { path, sql, findings: [...kept, ...stale].sort((left, right) => left.span.start - right.span.start) }
}
