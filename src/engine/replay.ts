/** Goes through the statements of a file that run: each is analyzed on the catalog as it is before it, and then replayed into it. */
import type { EmbeddedStatement, Statement } from "../parse/operation.ts"
import type { Origin } from "../schema/catalog.ts"
import { calledCode, runsCode, withoutCode, type CalledCode } from "./called-code.ts"
import type { FileAnalysis, FileScope } from "./file-analysis.ts"
import type { HistoryEnd } from "./history-end.ts"
import { runsIn, type Direction, type Planned } from "./plan.ts"
import { isRejected } from "./questions/predicates.ts"
import { madeSince } from "./questions/since.ts"
import { holdsLocks, type TransactionContext } from "./transaction.ts"
import { namesIn } from "../source/written-names.ts"

/** The dump that a catalog started from. */
export interface Dumped {
  readonly path: string
  /** What is linted may have run before it was taken. */
  readonly newer: boolean
}

/** @param dumped Null where the catalog started from nothing. */
export function replayFile(planned: readonly Planned[], scope: FileScope, analysis: FileAnalysis, end: HistoryEnd, dumped: Dumped | null): void {
  const { catalog, deploy, doubts = [], file, report } = scope
  let context: TransactionContext | null = null
  const follow = (next: TransactionContext | null): void => {
    if (context !== null && isToolMade(context) && context.id !== next?.id) catalog.commit()
    if (next !== null && isToolMade(next) && context?.id !== next.id) catalog.begin()
    context = next
  }
  let doubted = 0
  const doubt = (until: number): void => {
    for (let next = doubts[doubted]; next !== undefined && next.at <= until; next = doubts[++doubted]) {
      catalog.doubt(next.words, next.columns)
      end.doubt(null)
    }
  }
  for (const [index, { statement, transaction }] of planned.entries()) {
    doubt(statement.span.start)
    follow(transaction)
    const lasts = holdsLocks(transaction) && planned[index + 1]?.transaction.id === transaction.id
    const origin = { file: file.path, span: statement.span, deploy: deploy.number, transaction: transaction.id }
    if (dumped !== null && report) catalog.unmake(statement.operations, dumped.path)
    if (dumped?.newer === true && report) catalog.takeBack(statement.operations, dumped.path)
    const ran = codeOf(statement, scope, index)
    // The statements of a block are analyzed and replayed one by one; what is left is what its text does not tell.
    const outer = ran.length === 0 ? statement : withoutStatements(statement)
    analysis.statement(outer, ran, transaction, lasts, origin)
    const left = ran.length === 0 ? outer.operations : outer.operations.flatMap((operation) => withoutCode(operation, ran))
    replay(outer, left, origin, scope, analysis)
  }
  doubt(Infinity)
  follow(null)
}

/** Nothing is known any more of what the statements speak of that run and could not be parsed. Gives these. */
export function doubtErrors({ catalog, parsed, reader: { text }, units }: FileScope, direction: Direction, end: HistoryEnd): FileScope["parsed"]["errors"] {
  const ran = parsed.errors.filter(({ statement }) => units.some((unit) => runsIn(unit, direction) && statement.start >= unit.start && statement.start < unit.end))
  for (const { statement } of ran) {
    catalog.doubt(namesIn(text(statement)))
    end.doubt(text(statement))
  }
  return ran
}

/** Replays the operations of a statement that was analyzed. */
function replay(statement: Statement, operations: Statement["operations"], origin: Origin, { catalog, ordered, report, rules, reader: { text } }: FileScope, analysis: FileAnalysis): void {
  const replayed = operations === statement.operations ? statement : { ...statement, operations }
  const [conflict] = catalog.apply(replayed, origin, text)
  if (conflict === undefined) return
  if (report && ordered && isUnconditional(statement) && !catalog.mayBeAddedElsewhere(conflict.code, conflict.message, text(statement.span))) {
    const effects = analysis.effectsOf(statement)
    const data = { code: conflict.code, why: conflict.message }
    const finding = rules.own("statement-fails", origin.file, conflict.span, statement.span, data, "fails")
    if (finding !== null && effects?.fails === null && effects.unsupported === null) {
      analysis.findings.push({ ...finding, related: madeSince(statement.operations, { catalog }), rejected: isRejected(conflict.code, conflict.message, statement) })
    }
    // One mistake is one finding.
    catalog.suspect(statement.operations)
  } else {
    // The statement did run, or will, so what seems to be in its way is not there.
    catalog.unmake(statement.operations, null)
    catalog.apply(replayed, origin, text)
  }
}

/** Nothing in the statement says that it is fine when the thing is there, or is not. */
function isUnconditional({ operations }: Statement): boolean {
  return operations.every((operation) => !("missingOk" in operation && operation.missingOk) && !("ifExists" in operation && operation.ifExists === true))
}

const NO_CODE: readonly CalledCode[] = []

/** The code that a statement runs; `position` tells which statements of the file come before it. */
function codeOf(statement: Statement, scope: FileScope, position: number): readonly CalledCode[] {
  const [first] = statement.operations
  if (first === undefined || !runsCode(first)) return NO_CODE
  return statement.operations.flatMap((operation) => calledCode(operation, scope, position))
}

/** A DO statement without the statements that were replayed one by one, but for those that no transaction round it allows. */
function withoutStatements(statement: Statement): Statement {
  return {
    ...statement,
    operations: statement.operations.map((operation) => (operation.op === "do" ? { ...operation, statements: operation.statements.filter(endsTransaction) } : operation)),
  }
}

function endsTransaction({ operations }: EmbeddedStatement): boolean {
  return operations.some(({ op }) => op === "commit" || op === "rollback")
}

/** Transactions that no BEGIN in the file opens, so that the catalog has to be told. */
function isToolMade({ kind }: TransactionContext): boolean {
  return kind === "wrapped" || kind === "implicit" || kind === "all pending files"
}
