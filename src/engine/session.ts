import { readUnits } from "../files/detect.ts"
import { isLoose } from "../files/sequence.ts"
import type { MigrationFile, Runner } from "../files/types.ts"
import { asReadBy, textReader } from "../parse/index.ts"
import type { Statement } from "../parse/operation.ts"
import type { Catalog, Origin } from "../schema/catalog.ts"
import { createCatalog, type FrozenCatalog, type FrozenHead } from "../schema/index.ts"
import { calledCode, runsCode, type CalledCode } from "./called-code.ts"
import { createDeploy } from "./deploy.ts"
import { analyzeFile, type FileAnalysis, type FileScope } from "./file-analysis.ts"
import { finished } from "./file-findings.ts"
import type { Finding } from "./finding.ts"
import { createHistoryEnd, type FrozenEnd, type LateFindings, type Reload } from "./history-end.ts"
import type { SessionFile } from "./input.ts"
import { plan, runsIn, type Direction } from "./plan.ts"
import type { ActiveRules } from "./select.ts"
import { madeSince } from "./since.ts"
import { sized, type Sizes } from "./sizes.ts"
import { holdsLocks, type TransactionContext } from "./transaction.ts"
import { namesIn } from "./words.ts"

export interface SessionOptions {
  readonly pgVersion: number
  readonly rules: ActiveRules
  readonly runner: Runner | null
  /** Whether migrations that are not in this session may have made what has a name; asked before a statement is said to fail without it. */
  readonly elsewhere?: (name: string) => boolean
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

export interface FileResult {
  readonly findings: readonly Finding[]
  readonly statements: number
  /** How many of them run in any case and are none of the PostgreSQL major. */
  readonly unsupported: number
}

/** Analyzes the files of one project in their order; the catalog grows from file to file. */
export interface Session {
  /** What the files read so far have built. */
  readonly catalog: Catalog
  /** Starts from a dump of the schema, before the first file. `mayBeNewer`: what is linted may have run before it was taken. */
  load(dump: Pick<SessionFile, "sql" | "parsed"> & { readonly path: string; readonly mayBeNewer?: boolean }): void
  analyze(file: SessionFile): FileResult
  /** A file of the history that could not be read: from here on, what is not listed may exist all the same. */
  skip(): void
  /** What only the end of the history shows, by file; call it once, and only when there are no later migrations. */
  finish(): readonly LateFindings[]
  /** What the history has taught (see frozen.ts of the schema); null when something was reported already. */
  freeze(write: (text: string) => void): FrozenSession<FrozenHead> | null
}

export function createSession(options: SessionOptions): Session {
  const { pgVersion, resume, rules, runner } = options
  const catalog = createCatalog({ complete: false, pgVersion, from: resume?.catalog, elsewhere: options.elsewhere })
  let transactions = resume?.transactions ?? 0
  let deploys = resume?.deploys ?? (options.continues === true ? 1 : 0)
  let deploy = createDeploy(deploys, 0)
  /** The next file goes out with the last one. */
  let pending = false
  const nextId = (): number => ++transactions
  let dumped = resume?.dumped ?? null
  let newer = resume?.newer ?? false
  const end = createHistoryEnd(rules, pgVersion, options.together === true, resume)

  /** Replays a statement that was analyzed. */
  const replay = (statement: Statement, origin: Origin, { ordered, report, reader: { text } }: FileScope, analysis: FileAnalysis): void => {
    const [conflict] = catalog.apply(statement, origin, text)
    if (conflict === undefined) return
    if (report && ordered && isUnconditional(statement)) {
      const effects = analysis.effectsOf(statement)
      const data = { code: conflict.code, why: conflict.message }
      const finding = rules.own("statement-fails", origin.file, conflict.span, statement.span, data, "fails")
      if (finding !== null && effects?.fails === null && effects.unsupported === null) {
        analysis.findings.push({ ...finding, related: madeSince(statement.operations, { catalog }) })
      }
      // One mistake is one finding.
      catalog.suspect(statement.operations)
    } else {
      // The statement did run, or will, so what seems to be in its way is not there.
      catalog.unmake(statement.operations, null)
      catalog.apply(statement, origin, text)
    }
  }

  return {
    catalog,
    load({ path, sql, parsed: read, mayBeNewer = false }) {
      const parsed = asReadBy(pgVersion, read)
      const { text } = textReader(sql, parsed.statements)
      for (const statement of parsed.statements) {
        catalog.apply(statement, { file: path, span: statement.span, deploy: 0, transaction: nextId() }, text)
      }
      for (const { statement } of parsed.errors) catalog.doubt(namesIn(text(statement)))
      catalog.endSession()
      catalog.trust({ ordered: false, whole: true })
      dumped = path
      newer = mayBeNewer
    },
    analyze(input) {
      const { file, sql, report, doubts = [] } = input
      const parsed = asReadBy(pgVersion, input.parsed)
      // Dumps, checks and files for other databases do not run before the next migration.
      if (file.role !== "migration") return { findings: [], statements: 0, unsupported: 0 }
      const isFirst = !pending
      if (isFirst) deploy = createDeploy(++deploys, nextId())
      pending = report && options.together === true
      const direction = report ? options.direction : "up"
      const units = input.units ?? (runner === null ? [] : readUnits(runner, file, sql))
      const reader = textReader(sql, parsed.statements)
      const { text } = reader
      const planned = plan(parsed.statements, units, runner, direction, text, { shared: deploy.transaction, next: nextId })
      const included = planned.map(({ statement }) => statement)
      // Files of no tool may be scripts that have nothing to do with each other; what a newer dump has is not what the migration finds.
      const sequential = isSequential(runner, file)
      // With both directions, ways back have run in between that nobody runs there.
      const ordered = !newer && options.direction !== "both" && (sequential || (deploys === 1 && (isFirst || isOrdered(runner, file))))
      // With a tool's numbers the first migration is where the database begins.
      const begun = deploys > 1 || isBeginning(runner, file)
      catalog.trust({ ordered, whole: false })
      const scope: FileScope = {
        ...input,
        parsed,
        catalog,
        deploy,
        begun,
        rules,
        pgVersion,
        runner,
        ordered,
        units,
        included,
        usesAreKnown: options.usesAreKnown === true,
        reader,
      }
      const analysis = analyzeFile(scope)
      end.read({ path: file.path, sql, parsed, deploy: deploys, report, ordered: isOrdered(runner, file) }, text)

      let context: TransactionContext | null = null
      const follow = (next: TransactionContext | null): void => {
        if (context !== null && isToolMade(context) && context.id !== next?.id) catalog.commit()
        if (next !== null && isToolMade(next) && context?.id !== next.id) catalog.begin()
        context = next
      }
      let doubted = 0
      const doubt = (until: number): void => {
        for (let next = doubts[doubted]; next !== undefined && next.at <= until; next = doubts[++doubted]) {
          catalog.doubt(next.words)
          end.doubt(null)
        }
      }
      for (const [index, { statement, transaction }] of planned.entries()) {
        doubt(statement.span.start)
        follow(transaction)
        const lasts = holdsLocks(transaction) && planned[index + 1]?.transaction.id === transaction.id
        const origin = { file: file.path, span: statement.span, deploy: deploys, transaction: transaction.id }
        if (dumped !== null && report) catalog.unmake(statement.operations, dumped)
        const ran = codeOf(statement, included, index)
        // The statements of a block are analyzed and replayed one by one; what is left is what its text does not tell.
        const outer = ran.length === 0 ? statement : withoutCode(statement)
        analysis.statement(outer, ran, transaction, lasts, origin)
        replay(outer, origin, scope, analysis)
      }
      doubt(Infinity)
      follow(null)
      for (const { statement } of parsed.errors) {
        const ran = units.some((unit) => runsIn(unit, direction) && statement.start >= unit.start && statement.start < unit.end)
        if (!ran) continue
        catalog.doubt(namesIn(text(statement)))
        end.doubt(text(statement))
      }
      // Most tools open a new connection, or reset it, for each file: settings and temporary tables end with it.
      catalog.commit()
      catalog.endSession()
      if (deploys === 1 && sequential && isBeginning(runner, file)) catalog.trust({ ordered, whole: true })
      if (!report) return { findings: [], statements: included.length, unsupported: 0 }
      analysis.end()
      const { sizes } = options
      const findings = sizes === undefined ? analysis.findings : analysis.findings.map((finding) => sized(finding, sizes))
      return { findings: finished(findings, file.path, sql, parsed, rules), statements: included.length, unsupported: analysis.unsupported() }
    },
    skip() {
      // The file may have been given up in the middle.
      catalog.commit()
      catalog.endSession()
      catalog.doubt([])
      end.doubt(null)
    },
    finish: () => end.findings(catalog),
    freeze(write) {
      const frozen = pending || deploy.analyzed.length > 0 ? null : catalog.freeze(write)
      return frozen === null ? null : { catalog: frozen, transactions, deploys, dumped, newer, end: end.freeze() }
    },
  }
}

/** Nothing in the statement says that it is fine when the thing is there, or is not. */
function isUnconditional({ operations }: Statement): boolean {
  return operations.every((operation) => !("missingOk" in operation && operation.missingOk) && !("ifExists" in operation && operation.ifExists === true))
}

/** Whether the files of a project run one after the other. */
function isOrdered(runner: Runner | null, { key }: MigrationFile): boolean {
  return runner !== null && (!isLoose(runner.framework) || /^v?\d/i.test(key))
}

/** The same, and nothing else comes in between. */
function isSequential(runner: Runner | null, file: MigrationFile): boolean {
  return runner !== null && (!isLoose(runner.framework) || (runner.numbered === true && isOrdered(runner, file)))
}

/** Whether a file with nothing before it is the first one of its project: by its number, which is 0 or 1 or a date. */
function isBeginning(runner: Runner | null, file: MigrationFile): boolean {
  return isOrdered(runner, file) && file.direction !== "down" && !/^v?0*(?:[2-9]|[1-9]\d{1,5})(?!\d)/i.test(file.key)
}

const NO_CODE: readonly CalledCode[] = []

/** The code that a statement runs; `position` tells which statements of the file come before it. */
function codeOf(statement: Statement, included: readonly Statement[], position: number): readonly CalledCode[] {
  const [first] = statement.operations
  if (first === undefined || !runsCode(first)) return NO_CODE
  return statement.operations.flatMap((operation) => calledCode(operation, included, position))
}

/** A DO statement without the statements that were replayed one by one. */
function withoutCode(statement: Statement): Statement {
  return {
    ...statement,
    operations: statement.operations.map((operation) => (operation.op === "do" ? { ...operation, statements: [] } : operation)),
  }
}

/** Transactions that no BEGIN in the file opens, so that the catalog has to be told. */
function isToolMade({ kind }: TransactionContext): boolean {
  return kind === "wrapped" || kind === "implicit" || kind === "all pending files"
}
