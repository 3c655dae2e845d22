import { effectsOf } from "../effects/index.ts"
import type { AffectedRelation } from "../effects/types.ts"
import type { Runner, Unit } from "../files/types.ts"
import type { TextReader } from "../parse/index.ts"
import type { EmbeddedStatement, Statement } from "../parse/operation.ts"
import { quoteName } from "../playbook/sql.ts"
import type { Origin, Relation } from "../schema/catalog.ts"
import type { MutableCatalog } from "../schema/index.ts"
import { calledCode, DEEPEST_CALL, runsCode, unreadBodies, withoutCode, type CalledCode } from "./called-code.ts"
import { exposedLocks, isNewTo, type Deploying } from "./deploy.ts"
import { triggersDroppedBy } from "./dropped-triggers.ts"
import { wholeFileFindings } from "./file-findings.ts"
import type { Finding } from "./finding.ts"
import type { SessionFile } from "./input.ts"
import { hurtingLocks } from "./locks.ts"
import { laterFor } from "./questions/later.ts"
import { setsSearchPath } from "./questions/predicates.ts"
import { followReach } from "./reach.ts"
import type { AnalyzedStatement, RuleContext } from "./rule.ts"
import type { ActiveRules } from "./select.ts"
import { toFinding } from "./to-finding.ts"
import { plansOf, type Found } from "./together.ts"
import { holdsLocks, type TransactionContext } from "./transaction.ts"
import { hasUnread } from "./unread.ts"

/** The file that is analyzed, with all that stays the same meanwhile. */
export interface FileScope extends Deploying, SessionFile {
  readonly catalog: MutableCatalog
  readonly rules: ActiveRules
  readonly pgVersion: number
  /** As in `RuleContext`. */
  readonly versionIsAssumed: boolean
  readonly runner: Runner | null
  /** As in `RuleContext`. */
  readonly ordered: boolean
  readonly units: readonly Unit[]
  /** The statements that run in the direction asked for. */
  readonly included: readonly Statement[]
  /** The application's sources will be searched for uses of what the findings remove. */
  readonly usesAreKnown: boolean
  readonly reader: TextReader
}

/** Collects what rules find in a file. Statements of the history are only replayed. */
export interface FileAnalysis {
  readonly findings: Finding[]
  /** The effects of a statement that was analyzed. */
  effectsOf(statement: Statement): AnalyzedStatement["effects"] | undefined
  /**
   * Analyzes a statement, on the catalog as it is before it, and then analyzes and replays, one by one, the statements of the code that
   * it runs. `lasts`: its locks are held while other statements run.
   */
  statement(statement: Statement, ran: readonly CalledCode[], transaction: TransactionContext, lasts: boolean, origin: Origin): void
  /** How many statements that run in any case the PostgreSQL major does not have. */
  unsupported(): number
  /** To be called after the last statement. */
  end(): void
}

/** The analysis of a file before its first statement. */
export function analyzeFile(scope: FileScope): FileAnalysis {
  const { catalog, deploy, reader, report, rules } = scope
  const findings: Finding[] = []
  const analyzed: AnalyzedStatement[] = []
  let movesSearchPath = false

  const run = (statement: Statement, inside: Inside | null, settings: CalledCode["settings"], transaction: TransactionContext, lasts: boolean): void => {
    if (!report) return
    const effects = effectsOf(statement, catalog, { pgVersion: scope.pgVersion, text: reader.text, inCode: inside !== null })
    const beside = inside?.code.statements ?? NO_STATEMENTS
    const callers = inside?.callers ?? []
    const current: AnalyzedStatement = {
      statement,
      file: scope.file.path,
      sql: scope.sql,
      position: analyzed.length,
      effects,
      transaction,
      within: inside?.within ?? null,
      beside,
      callers,
      conditional: inside?.embedded.conditional ?? false,
      guarded: inside?.embedded.guarded ?? false,
      repeated: inside?.embedded.repeated ?? false,
      accumulates: inside !== null && inside.embedded.repeated && !inside.commits,
      settings,
      routine: inside?.code.routine ?? null,
      unread: unreadBodiesOf(statement, scope),
      droppedTriggers: triggersDroppedBy(statement, catalog),
      exposed: exposedLocks(statement, effects, transaction, [scope.included, beside, ...callers], scope),
    }
    const context = ruleContext(current, scope, { lasts, movesSearchPath })
    const found: Found[] = []
    for (const active of rules.for(statement.operations)) {
      for (const problem of active.rule.check(current, context)) {
        if (problem.onlyIfUsed !== true || scope.usesAreKnown) found.push({ active, problem })
      }
    }
    const plans = plansOf(found, context)
    for (const { active, problem } of found) {
      findings.push(toFinding(active, problem, current, context, problem.stepsOf === undefined ? undefined : plans.get(problem.stepsOf)))
    }
    followReach(deploy.reach, statement, (name) => isNewTo(transaction, catalog.relation(name), scope))
    analyzed.push(current)
    deploy.analyzed.push(current)
    movesSearchPath ||= statement.operations.some(setsSearchPath)
  }

  const runCode = (code: CalledCode, within: Statement, transaction: TransactionContext, outer: Origin, callers: Inside["callers"], outside = false): void => {
    catalog.runCode(code.settings, () => { runStatements(code, within, transaction, outer, callers, outside) })
  }

  const runStatements = (code: CalledCode, within: Statement, transaction: TransactionContext, outer: Origin, callers: Inside["callers"], outside: boolean): void => {
    const commits = outside || code.statements.some(mayCommit)
    let unread = code.dynamic[0]
    for (const embedded of code.statements) {
      reader.add(embedded.decoded)
      // In a loop what comes later has run before.
      if (unread !== undefined && (embedded.repeated || unread.start < embedded.span.start)) {
        doubtUnread(code, within, scope)
        unread = undefined
      }
      const inner: Statement = { span: embedded.span, operations: embedded.operations, holes: within.holes }
      const origin = { ...outer, span: reader.place(embedded.span) }
      catalog.enterBranches(embedded.branches)
      run(inner, { within, embedded, commits, code, callers }, code.settings, transaction, true)
      const ran = callers.length + 1 >= DEEPEST_CALL ? [] : embedded.operations.flatMap((operation) => calledCode(operation, scope))
      catalog.applyEmbedded(ran.length === 0 ? embedded : { ...embedded, operations: embedded.operations.flatMap((operation) => withoutCode(operation, ran)) }, origin, reader.text)
      for (const inside of ran) {
        runCode({ ...inside, settings: { ...code.settings, ...inside.settings }, routine: inside.routine ?? code.routine }, within, transaction, origin, [code.statements, ...callers], commits)
      }
    }
  }

  return {
    findings,
    effectsOf: (statement) => analyzed.findLast((one) => one.statement === statement)?.effects,
    statement(statement, ran, transaction, lasts, origin) {
      const [first, another] = ran
      // What a single function does, it does under its own settings.
      run(statement, null, first === undefined || another !== undefined ? NO_SETTINGS : first.settings, transaction, lasts)
      if (first === undefined) return
      const inside = insideCode(transaction)
      for (const code of ran) runCode(code, statement, inside, origin, [])
    },
    unsupported: () => analyzed.filter(({ effects, conditional, guarded }) => effects.unsupported !== null && !conditional && !guarded).length,
    end() {
      const last = analyzed.at(-1)
      if (last !== undefined) findings.push(...wholeFileFindings(analyzed, last, ruleContext(last, scope, { lasts: false, movesSearchPath }), findings, rules))
    },
  }
}

/** Where a statement of a DO block or function is. */
interface Inside {
  readonly within: Statement
  readonly embedded: EmbeddedStatement
  /** The code, or code that calls it, may end the transaction meanwhile. */
  readonly commits: boolean
  readonly code: CalledCode
  readonly callers: AnalyzedStatement["callers"]
}

/** What code has done whose text does not tell it is not known to the statements after it. */
function doubtUnread({ call }: CalledCode, within: Statement, { catalog, reader }: FileScope): void {
  const codes = call === null ? [reader.text(within.span)] : catalog.functions(call).flatMap(({ body }) => body ?? [])
  for (const code of codes) catalog.doubtCode(code, call)
}

/** COMMIT, ROLLBACK, and CALL of a procedure, which may do the same. */
function mayCommit({ operations }: EmbeddedStatement): boolean {
  return operations.some(({ op }) => op === "commit" || op === "rollback" || op === "call")
}

const NO_SETTINGS: CalledCode["settings"] = {}
const NO_BODIES: readonly string[] = []
const NO_STATEMENTS: AnalyzedStatement["beside"] = []

function unreadBodiesOf({ operations }: Statement, scope: FileScope): readonly string[] {
  const [first] = operations
  if (first === undefined || !runsCode(first)) return NO_BODIES
  return operations.flatMap((operation) => unreadBodies(operation, scope))
}

/** Code runs inside a transaction even where the statement that runs it commits at once. */
function insideCode(transaction: TransactionContext): TransactionContext {
  if (holdsLocks(transaction)) return transaction
  return { ...transaction, kind: "implicit", why: "the code of a DO block or function always runs inside a transaction", offSwitch: null }
}

/** What rules see with a statement. */
function ruleContext(
  current: AnalyzedStatement,
  scope: FileScope,
  { lasts, movesSearchPath }: { readonly lasts: boolean; readonly movesSearchPath: boolean },
): RuleContext {
  const { catalog, deploy, doubts = [], parsed, reader, runner, sql, units } = scope
  const display = (relation: Relation | AffectedRelation): string => {
    const found = catalog.relation({ schema: null, name: relation.name })
    const onPath = relation.schema === "pg_temp" || catalog.searchPath.includes(relation.schema)
    const plain = (onPath && found?.id === relation.id) || relation.schema === catalog.creationSchema
    return quoteName({ schema: plain ? null : relation.schema, name: relation.name })
  }
  const placed = (position: number): number => reader.place({ start: position, end: position }).start
  const context: RuleContext = {
    file: scope.file.path,
    sql,
    pgVersion: scope.pgVersion,
    versionIsAssumed: scope.versionIsAssumed,
    catalog,
    current,
    deploy: deploy.number,
    ordered: scope.ordered,
    movesSearchPath,
    inCode: scope.inCode ?? false,
    runner,
    unitOf: ({ span }) => {
      const { start } = reader.place(span)
      return units.find((unit) => unit.start <= start && start < unit.end) ?? null
    },
    earlier: deploy.analyzed,
    statements: scope.included,
    later: laterFor(() => context),
    isUnread: (between) => {
      const [start, end] = [placed(between.start), placed(between.end)]
      return doubts.some(({ at }) => start < at && at <= end) || hasUnread(sql, { start, end: Math.min(end, sql.length) }, parsed.statements, runner)
    },
    text: reader.text,
    placeOf: reader.place,
    isNew: (relation) => isNewTo(current.transaction, relation, scope),
    display,
    locks: (of = current) => hurtingLocks(of, catalog, display, lasts),
  }
  return context
}
