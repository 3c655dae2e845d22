import { readUnits } from "../files/detect.ts"
import type { Runner, Unit } from "../files/types.ts"
import { asReadBy, textReader, type ParsedFile } from "../parse/index.ts"
import type { Operation } from "../parse/operation.ts"
import type { Catalog } from "../schema/catalog.ts"
import { createCatalog, type FrozenCatalog, type FrozenHead, type MutableCatalog } from "../schema/index.ts"
import type { Elsewhere } from "../schema/read.ts"
import { createDeploy, type Deploy } from "./deploy.ts"
import { analyzeFile, type FileScope } from "./file-analysis.ts"
import { finished } from "./file-findings.ts"
import type { Finding } from "./finding.ts"
import { settle } from "./guards.ts"
import { createHistoryEnd, type FrozenEnd, type HistoryEnd, type LateFindings, type Reload } from "./history-end.ts"
import type { SessionFile } from "./input.ts"
import { isBeginning, isOrdered, isSequential } from "./order.ts"
import { plan, type Direction, type Planned } from "./plan.ts"
import { doubtErrors, replayFile } from "./replay.ts"
import type { ActiveRules } from "./select.ts"
import { sized, type Sizes } from "./sizes.ts"
import type { Span } from "../source/span.ts"
import { namesIn } from "../source/written-names.ts"

/** How a session lints. */
export interface SessionOptions {
  readonly pgVersion: number
  /** As in `RuleContext`. */
  readonly versionIsAssumed?: boolean
  readonly rules: ActiveRules
  readonly runner: Runner | null
  /** What migrations that are not in this session may have made; asked before a statement is said to fail without it. */
  readonly elsewhere?: Elsewhere
  /** Lint the down direction too, or only it. */
  readonly direction: Direction
  /** The files that are reported are deployed together; otherwise each file is a deploy of its own. */
  readonly together?: boolean
  /** How large tables are. */
  readonly sizes?: Sizes | undefined
  /** Migrations ran before the first file, of which nothing is known. */
  readonly continues?: boolean
  /** The application's sources will be searched for uses of what the findings remove. */
  readonly usesAreKnown?: boolean
  /** Where an earlier session was frozen, instead of a beginning. */
  readonly resume?: (FrozenSession & Reload) | undefined
}

/** A session after some history, to be kept. `Catalog` is what is written of the catalog, or what it is made of again. */
export interface FrozenSession<Catalog = FrozenCatalog> {
  readonly catalog: Catalog
  readonly transactions: number
  readonly deploys: number
  readonly dumped: string | null
  readonly newer: boolean
  readonly end: FrozenEnd
}

/** What came of one file. */
export interface FileResult {
  readonly findings: readonly Finding[]
  readonly statements: number
  /** How many of them run in any case and are none of the PostgreSQL major. */
  readonly unsupported: number
  /** Statements that run and that PostgreSQL's grammar rejects. */
  readonly errors: ParsedFile["errors"]
}

/** A dump of the schema. */
interface Dump extends Pick<SessionFile, "sql" | "parsed"> {
  readonly path: string
  /** What is linted may have run before it was taken. */
  readonly mayBeNewer?: boolean
  /** Names of which nothing is known. */
  readonly doubts?: readonly string[]
  /** It does not tell of everything that there is. */
  readonly isPartial?: boolean
}

/** Analyzes the files of one project in their order; the catalog grows from file to file. */
export interface Session {
  /** What the files read so far have built. */
  readonly catalog: Catalog
  /** Starts from a dump of the schema, before the first file. */
  load(dump: Dump): void
  analyze(file: SessionFile): FileResult
  /**
   * A file of the history that could not be read: from here on, what is not listed may exist all the same, and nothing is known of what
   * has one of these names.
   */
  skip(names?: readonly string[]): void
  /** What only the end of the history shows, by file; call it once, and only when there are no later migrations. */
  finish(): readonly LateFindings[]
  /** What the history has taught (see src/schema/frozen.ts); null when something was reported already. */
  freeze(write: (text: string) => void): FrozenSession<FrozenHead> | null
}

/** A session before its first file, or after the history that it resumes. */
export function createSession(options: SessionOptions): Session {
  const { continues, pgVersion, resume, rules, together } = options
  const deploys = resume?.deploys ?? (continues === true ? 1 : 0)
  const state: State = {
    options,
    catalog: createCatalog({ complete: false, pgVersion, from: resume?.catalog, elsewhere: options.elsewhere, start: options.runner?.session }),
    end: createHistoryEnd(rules, pgVersion, together === true, resume),
    transactions: resume?.transactions ?? 0,
    deploys,
    deploy: createDeploy(deploys, 0),
    pending: false,
    dumped: resume?.dumped ?? null,
    newer: resume?.newer ?? false,
  }
  const { catalog, end } = state
  return {
    catalog,
    load: (dump) => load(state, dump),
    analyze: (file) => analyze(state, file),
    skip(names = []) {
      // The file may have been given up in the middle.
      catalog.commit()
      catalog.endSession()
      catalog.doubt(names)
      end.doubt(null)
    },
    finish: () => end.findings(catalog),
    freeze(write) {
      const { deploy, deploys, dumped, newer, pending, transactions } = state
      const frozen = pending || deploy.analyzed.length > 0 ? null : catalog.freeze(write)
      return frozen === null ? null : { catalog: frozen, transactions, deploys, dumped, newer, end: end.freeze() }
    },
  }
}

/** What a session has come to, file by file. */
interface State {
  readonly options: SessionOptions
  readonly catalog: MutableCatalog
  readonly end: HistoryEnd
  /** How many there were so far. */
  transactions: number
  deploys: number
  deploy: Deploy
  /** The next file goes out with the last one. */
  pending: boolean
  /** The dump that the catalog started from. */
  dumped: string | null
  /** What is linted may have run before the dump was taken. */
  newer: boolean
}

function load(state: State, { path, sql, parsed: read, mayBeNewer = false, doubts = [], isPartial = false }: Dump): void {
  const { catalog, options } = state
  const parsed = asReadBy(options.pgVersion, read)
  const { text } = textReader(sql, parsed.statements)
  for (const statement of parsed.statements) {
    if (statement.operations.every((operation) => isCleaning(operation, catalog))) continue
    catalog.apply(statement, { file: path, span: statement.span, deploy: 0, transaction: ++state.transactions }, text)
  }
  for (const { statement } of parsed.errors) catalog.doubt(namesIn(text(statement)))
  if (doubts.length > 0) catalog.doubt(doubts)
  catalog.endSession()
  catalog.supposeRows()
  catalog.trust({ ordered: false, whole: !isPartial })
  state.dumped = path
  state.newer = mayBeNewer
}

/** `pg_dump --clean --if-exists` begins with what would be there before the dump is loaded; of that nothing is to be known. */
function isCleaning(operation: Operation, catalog: Catalog): boolean {
  return "relation" in operation && "missingOk" in operation && operation.missingOk && catalog.relation(operation.relation) === undefined
}

function analyze(state: State, input: SessionFile): FileResult {
  const { catalog, end, options } = state
  const { runner, sizes } = options
  const { file, report } = input
  // Dumps, checks and files for other databases do not run before the next migration.
  if (file.role !== "migration") return { findings: [], statements: 0, unsupported: 0, errors: [] }
  const isFirst = !state.pending
  if (isFirst) state.deploy = createDeploy(++state.deploys, ++state.transactions)
  state.pending = report && options.together === true
  const direction = report ? options.direction : "up"
  const { scope, planned } = prepare(state, input, isFirst, direction)
  const { ordered, parsed, reader, sql } = scope
  const analysis = analyzeFile(scope)
  end.read({ path: file.path, sql, parsed, deploy: state.deploys, report, ordered: isOrdered(runner, file) }, reader.text)
  replayFile(planned, scope, analysis, end, state.dumped === null ? null : { path: state.dumped, newer: state.newer })
  const errors = doubtErrors(scope, direction, end)
  // Most tools open a new connection, or reset it, for each file: settings and temporary tables end with it.
  catalog.commit()
  catalog.endSession()
  if (state.deploys === 1 && isSequential(runner, file) && isBeginning(runner, file)) catalog.trust({ ordered, whole: true })
  if (!report) return { findings: [], statements: planned.length, unsupported: 0, errors }
  analysis.end()
  const findings = sizes === undefined ? analysis.findings : analysis.findings.map((finding) => sized(finding, sizes))
  return { findings: finished(findings, file.path, sql, parsed, options.rules), statements: planned.length, unsupported: analysis.unsupported(), errors }
}

/** Without the errors of text that no tool runs: outside of the parts of the file, or nothing but what the tool leaves out. */
function sentBy(runner: Runner | null, { parsed, sql }: Pick<SessionFile, "parsed" | "sql">, units: readonly Unit[]): ParsedFile {
  if (runner === null || parsed.errors.length === 0) return parsed
  const isSent = ({ start, end }: Span): boolean => units.some((unit) => start < unit.end && end >= unit.start) && runner.leavesOut?.test(sql.slice(start, end)) !== true
  return { ...parsed, errors: parsed.errors.filter(({ statement }) => isSent(statement)) }
}

/** What runs of a file, and all that its analysis asks for. `isFirst`: no other file of its deploy came before it. */
function prepare(state: State, input: SessionFile, isFirst: boolean, direction: Direction): { readonly scope: FileScope; readonly planned: readonly Planned[] } {
  const { catalog, deploy, deploys, newer, options } = state
  const { pgVersion, rules, runner } = options
  const { file, sql } = input
  const units = input.units ?? (runner === null ? [] : readUnits(runner, file, sql))
  const parsed = sentBy(runner, { parsed: asReadBy(pgVersion, input.parsed), sql }, units)
  const reader = textReader(sql, parsed.statements)
  // Files of no tool may be scripts that have nothing to do with each other; what a newer dump has is not what the migration finds. With
  // both directions, ways back have run in between that nobody runs there.
  const isKnown = isSequential(runner, file) || (deploys === 1 && (isFirst || isOrdered(runner, file)))
  const ordered = !newer && options.direction !== "both" && isKnown
  catalog.trust({ ordered, whole: false })
  // With a tool's numbers the first migration is where the database begins.
  const begun = deploys > 1 || isBeginning(runner, file)
  // A way back, or a newer dump, may find another schema than the one that the history has built.
  const knows = direction === "up" && !(newer && input.report)
  const { statements, doubts } = settle(parsed.statements, knows ? input : { ...input, guarded: [] }, { catalog, begun }, reader.text)
  const planned = plan(statements, units, runner, direction, reader.text, { shared: deploy.transaction, next: () => ++state.transactions })
  const scope: FileScope = {
    ...input,
    parsed,
    doubts,
    catalog,
    deploy,
    begun,
    rules,
    pgVersion,
    versionIsAssumed: options.versionIsAssumed === true,
    runner,
    ordered,
    units,
    included: planned.map(({ statement }) => statement),
    usesAreKnown: options.usesAreKnown === true,
    reader,
  }
  return { scope, planned }
}
