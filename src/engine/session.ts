import { respelled } from "./holes.ts"
import { effectsOf } from "../effects/index.ts"
import type { AffectedRelation, Effects, Lock } from "../effects/types.ts"
import { readUnits } from "../files/detect.ts"
import { isLoose } from "../files/sequence.ts"
import type { MigrationFile, Runner, Unit } from "../files/types.ts"
import type { ParsedFile } from "../parse/index.ts"
import type { Name } from "../parse/name.ts"
import type { EmbeddedStatement, Statement } from "../parse/operation.ts"
import type { Catalog, Origin, Relation } from "../schema/catalog.ts"
import { quoteName } from "../playbook/sql.ts"
import { createCatalog, type FrozenCatalog, type FrozenHead } from "../schema/index.ts"
import { createLineMap } from "../source/text.ts"
import type { Span } from "../source/span.ts"
import { calledCode, DEEPEST_CALL, runsCode, type CalledCode } from "./called-code.ts"
import type { Finding } from "./finding.ts"
import { hurtingLocks } from "./locks.ts"
import { makesRoom, makesRoomForIndex } from "./makes-room.ts"
import { fill } from "./message.ts"
import { withSwitch } from "./outside.ts"
import type { AnalyzedStatement, Problem, Rule, RuleContext } from "./rule.ts"
import type { ActiveRule, ActiveRules } from "./select.ts"
import { madeSince } from "./since.ts"
import { sized, type Sizes } from "./sizes.ts"
import { applySuppressions } from "./suppressions.ts"
import { holdsLocks, type TransactionContext } from "./transaction.ts"
import { transactionsOf } from "./transactions.ts"
import { createHistoryEnd, isLate, type FrozenEnd, type LateFindings, type Reload } from "./history-end.ts"
import { followReach, isReached, type Reach } from "./reach.ts"
import { hasUnread } from "./unread.ts"
import { namesIn } from "./words.ts"

/** One file, ready to be analyzed. */
export interface SessionFile {
  readonly file: MigrationFile
  readonly sql: string
  readonly parsed: ParsedFile
  /** False for history: it is replayed for what it teaches and never reported. */
  readonly report: boolean
  /** The parts of the text, when they are not those that the tool finds in a file of SQL. */
  readonly units?: readonly Unit[]
  /** What also runs but could not be read, in the order of the text. */
  readonly doubts?: readonly Doubt[]
  /** See `RuleContext`. */
  readonly inCode?: boolean
}

/** Something that ran and that nobody could read. */
export interface Doubt {
  /** It ran before the first statement that starts here or later. */
  readonly at: number
  /** What may be a name in it. */
  readonly words: readonly string[]
}

export interface SessionOptions {
  readonly pgVersion: number
  readonly rules: ActiveRules
  readonly runner: Runner | null
  /** Lint the down direction too, or only it. */
  readonly direction: "up" | "down" | "both"
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
  const { resume } = options
  const catalog = createCatalog({ complete: false, pgVersion: options.pgVersion, from: resume?.catalog })
  let transactions = resume?.transactions ?? 0
  let deploys = resume?.deploys ?? (options.continues === true ? 1 : 0)
  let pending = false
  let deployed: AnalyzedStatement[] = []
  let reach: Reach = { names: new Set(), triggers: false }
  /** The transaction of tools that run all files of a deploy in a single one. */
  let shared = 0
  const nextId = (): number => ++transactions
  let dumped = resume?.dumped ?? null
  let newer = resume?.newer ?? false
  const end = createHistoryEnd(options.rules, options.pgVersion, options.together === true, resume)

  return {
    catalog,
    load({ path, sql, parsed, mayBeNewer = false }) {
      const text = (span: Span): string => sql.slice(span.start, span.end)
      for (const statement of parsed.statements) {
        catalog.apply(statement, { file: path, span: statement.span, deploy: 0, transaction: nextId() }, text)
      }
      for (const { statement } of parsed.errors) catalog.doubt(namesIn(text(statement)))
      catalog.endSession()
      dumped = path
      newer = mayBeNewer
    },
    analyze({ file, sql, parsed, report, units: parts, doubts = [], inCode = false }) {
      // Dumps, checks and files for other databases do not run before the next migration.
      if (file.role !== "migration") return { findings: [], statements: 0 }
      if (!pending) {
        deploys += 1
        deployed = []
        reach = { names: new Set(), triggers: false }
        shared = nextId()
      }
      pending = report && options.together === true
      const deploy = deploys
      // With a tool's numbers the first migration is where the database begins.
      const begun = deploys > 1 || isBeginning(options.runner, file)
      // Files of no tool may be scripts that have nothing to do with each other.
      // What a newer dump has is not what the migration finds.
      const ordered = !newer && (deploys === 1 || (options.runner !== null && !isLoose(options.runner.framework)))
      const direction = report ? options.direction : "up"
      const findings: Finding[] = []
      const analyzed: AnalyzedStatement[] = []
      const units = parts ?? (options.runner === null ? [] : readUnits(options.runner, file, sql))
      const text = (span: Span): string => sql.slice(span.start, span.end)
      const planned = plan(parsed.statements, units, options.runner, direction, text, nextId, shared)
      const included = planned.map(({ statement }) => statement)

      end.read({ path: file.path, sql, parsed, deploy, report, ordered: isOrdered(options.runner, file) }, text)

      let context: TransactionContext | null = null
      const follow = (next: TransactionContext | null): void => {
        if (context !== null && isToolMade(context) && context.id !== next?.id) catalog.commit()
        if (next !== null && isToolMade(next) && context?.id !== next.id) catalog.begin()
        context = next
      }

      const run = (statement: Statement, within: Statement | null, embedded: EmbeddedStatement | null, transaction: TransactionContext, lasts: boolean): void => {
        if (!report) return
        const effects = effectsOf(statement, catalog, { pgVersion: options.pgVersion, text })
        const current: AnalyzedStatement = {
          statement,
          file: file.path,
          sql,
          position: analyzed.length,
          effects,
          transaction,
          within,
          conditional: embedded?.conditional ?? false,
          guarded: embedded?.guarded ?? false,
          exposed: exposedLocks(statement, effects, transaction),
        }
        const ruleContext = contextFor(current, lasts)
        for (const active of options.rules.for(statement.operations)) {
          for (const problem of active.rule.check(current, ruleContext)) {
            if (problem.onlyIfUsed === true && options.usesAreKnown !== true) continue
            findings.push(toFinding(active, problem, current, ruleContext))
          }
        }
        followReach(reach, statement, (name) => isNewTo(transaction, catalog.relation(name)))
        analyzed.push(current)
        deployed.push(current)
      }

      /** The locks that somebody else can run into. */
      const exposedLocks = ({ operations }: Statement, { locks }: Effects, transaction: TransactionContext): Effects["locks"] => {
        if (locks.length === 0) return locks
        const [first] = operations
        if (first?.op === "drop" && first.ifExists) {
          const isNew = (relation: Relation | undefined): boolean => isNewTo(transaction, relation)
          const isRoom = (name: Name): boolean =>
            first.kind === "index" ? makesRoomForIndex(name, catalog, included, isNew) : makesRoom(name, catalog, included)
          if (first.objects.every(({ name }) => isRoom(name))) return []
        }
        const isExposed = ({ relation }: Lock): boolean => !isNewTo(transaction, relation)
        return locks.every(isExposed) ? locks : locks.filter(isExposed)
      }

      const relationOf = (id: number): Relation | undefined => {
        const relation = catalog.relationById(id)
        if (relation !== undefined) return relation
        const index = catalog.indexById(id)
        return index === undefined ? undefined : catalog.relationById(index.table)
      }
      const isNewTo = (transaction: TransactionContext, relation: Relation | AffectedRelation | undefined): boolean => {
        const known = relation === undefined || relation.id === null ? undefined : relationOf(relation.id)
        if (known === undefined) return false
        if (known.persistence === "temporary") return true
        const { created } = known
        // After IF NOT EXISTS the table may be older, unless the earlier migrations are there and do not create it, or there are none.
        if (created === null || (known.maybeOlder && (!begun || created.deploy !== deploy))) return false
        if (created.transaction === transaction.id) return true
        if (created.deploy !== deploy) return false
        return !known.populated || transaction.kind === "unknown" || !isReached(reach, known.name)
      }

      const contextFor = (current: AnalyzedStatement, lasts: boolean): RuleContext => {
        const display = (relation: Relation | AffectedRelation): string => {
          const found = catalog.relation({ schema: null, name: relation.name })
          const onPath = relation.schema === "pg_temp" || catalog.searchPath.includes(relation.schema)
          const plain = (onPath && found?.id === relation.id) || relation.schema === catalog.creationSchema
          return quoteName({ schema: plain ? null : relation.schema, name: relation.name })
        }
        return {
          file: file.path,
          sql,
          pgVersion: options.pgVersion,
          catalog,
          current,
          deploy,
          ordered,
          inCode,
          runner: options.runner,
          unitOf: ({ span: { start } }) => units.find((unit) => unit.start <= start && start < unit.end) ?? null,
          earlier: deployed,
          statements: included,
          isUnread: ({ start, end }) =>
            doubts.some(({ at }) => start < at && at <= end) || hasUnread(sql, { start, end: Math.min(end, sql.length) }, parsed.statements, options.runner),
          text,
          isNew: (relation) => isNewTo(current.transaction, relation),
          display,
          locks: (of = current) => hurtingLocks(of, catalog, display, lasts),
        }
      }

      const runCode = (code: readonly EmbeddedStatement[], within: Statement, transaction: TransactionContext, outer: Origin, depth: number): void => {
        for (const embedded of code) {
          const inner: Statement = { span: embedded.span, operations: embedded.operations, holes: within.holes }
          const origin = { ...outer, span: embedded.span }
          run(inner, within, embedded, transaction, true)
          catalog.applyEmbedded(embedded, origin, text)
          if (depth >= DEEPEST_CALL) continue
          for (const operation of embedded.operations) {
            for (const { statements } of calledCode(operation, included)) runCode(statements, within, transaction, origin, depth + 1)
          }
        }
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
        const origin = { file: file.path, span: statement.span, deploy, transaction: transaction.id }
        if (dumped !== null && report) catalog.unmake(statement.operations, dumped)
        const ran = codeOf(statement, included, index)
        // The statements of a block are analyzed and replayed one by one; what is left is what its text does not tell.
        const outer = ran.length === 0 ? statement : withoutCode(statement)
        run(outer, null, null, transaction, lasts)
        for (const { statements } of ran) runCode(statements, outer, insideCode(transaction), origin, 1)
        const [conflict] = catalog.apply(outer, origin, text)
        if (conflict === undefined) continue
        if (report && ordered && isUnconditional(outer)) {
          const effects = analyzed.findLast((one) => one.statement === outer)?.effects
          const data = { code: conflict.code, why: conflict.message }
          const finding = options.rules.own("statement-fails", file.path, conflict.span, outer.span, data, "fails")
          if (finding !== null && effects?.fails === null && effects.unsupported === null) {
            findings.push({ ...finding, related: madeSince(outer.operations, { catalog }) })
          }
        } else {
          // The statement did run, or will, so what seems to be in its way is not there.
          catalog.unmake(outer.operations, null)
          catalog.apply(outer, origin, text)
        }
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

      if (report) {
        const last = analyzed.at(-1)
        if (last !== undefined) {
          const ruleContext = contextFor(last, false)
          const replaced = new Set(findings.filter(isReplaced).map(({ statement }) => statement.start))
          for (const active of options.rules.wholeFile) {
            for (const problem of active.rule.checkFile?.(analyzed, ruleContext) ?? []) {
              if (active.rule.yields === true && replaced.has(problem.span.start)) continue
              findings.push(toFinding(active, problem, statementAt(analyzed, problem.span) ?? last, ruleContext))
              if (active.rule.yields === true) break
            }
          }
        }
      }
      return { findings: report ? finish(inSize(findings, options.sizes), file.path, sql, parsed, options.rules) : [], statements: included.length }
    },
    skip() {
      catalog.doubt([])
      end.doubt(null)
    },
    finish: () => end.findings(catalog),
    freeze(write) {
      const frozen = pending || deployed.length > 0 ? null : catalog.freeze(write)
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

/** Whether a file with nothing before it is the first one of its project: by its number, which is 0 or 1 or a date. */
function isBeginning(runner: Runner | null, file: MigrationFile): boolean {
  return isOrdered(runner, file) && file.direction !== "down" && !/^v?0*(?:[2-9]|[1-9]\d{1,5})(?!\d)/i.test(file.key)
}

interface Planned {
  readonly statement: Statement
  readonly transaction: TransactionContext
}

/** The statements that run in the direction asked for, each with its transaction. */
function plan(
  statements: readonly Statement[],
  units: readonly Unit[],
  runner: Runner | null,
  direction: SessionOptions["direction"],
  text: (span: Span) => string,
  nextId: () => number,
  shared: number,
): Planned[] {
  const planned: Planned[] = []
  let together = shared
  for (const unit of units) {
    if (!runsIn(unit, direction)) continue
    // What runs outside the transaction of all files ends that one; another one follows.
    if (unit.wrap === "none") together = nextId()
    const inside = statements.filter(({ span }) => span.start >= unit.start && span.start < unit.end)
    const contexts = transactionsOf(unit, inside, runner, (statement) => text(statement.span), nextId, together)
    for (const [index, statement] of inside.entries()) {
      const transaction = contexts[index]
      if (transaction !== undefined) planned.push({ statement, transaction })
    }
  }
  return planned
}

function runsIn(unit: Unit, direction: SessionOptions["direction"]): boolean {
  return direction === "both" || unit.direction === "both" || unit.direction === direction
}

function inSize(findings: readonly Finding[], sizes: Sizes | undefined): readonly Finding[] {
  return sizes === undefined ? findings : findings.map((finding) => sized(finding, sizes))
}

const NO_CODE: readonly CalledCode[] = []

/** The code that a statement runs; `position` tells which statements of the file come before it. */
function codeOf(statement: Statement, included: readonly Statement[], position: number): readonly CalledCode[] {
  const [first] = statement.operations
  if (first === undefined || !runsCode(first)) return NO_CODE
  return statement.operations.flatMap((operation) => calledCode(operation, included.slice(0, position)))
}

/** Code runs inside a transaction even where the statement that runs it commits at once. */
function insideCode(transaction: TransactionContext): TransactionContext {
  if (holdsLocks(transaction)) return transaction
  return { ...transaction, kind: "implicit", why: "the code of a DO block or function always runs inside a transaction", offSwitch: null }
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

/** Whether the finding hands over a safe version of its statement. */
function isReplaced({ severity, steps }: Finding): boolean {
  return severity === "error" && steps.length > 0
}

/** The innermost statement around a span. */
function statementAt(analyzed: readonly AnalyzedStatement[], span: Span): AnalyzedStatement | undefined {
  return analyzed.findLast(({ statement }) => statement.span.start <= span.start && span.end <= statement.span.end)
}

function toFinding(active: ActiveRule, problem: Problem, current: AnalyzedStatement, context: RuleContext): Finding {
  return respelled(findingOf(active, problem, current, context), context)
}

function findingOf({ rule, severity }: ActiveRule, problem: Problem, current: AnalyzedStatement, context: RuleContext): Finding {
  return {
    rule: rule.id,
    severity: problem.severity ?? severity,
    message: fill(messageOf(rule, problem.message), problem.data),
    why: fill(rule.docs.why, problem.data),
    file: context.file,
    span: problem.span,
    statement: current.statement.span,
    locks: problem.locks ?? context.locks(),
    fix: problem.fix ?? null,
    steps: problem.steps === undefined ? [] : withSwitch(typeof problem.steps === "function" ? problem.steps() : problem.steps, context),
    related: problem.related ?? [],
    uncertain: isCostly(current.effects) ? current.effects.uncertain : [],
    removes: problem.removes ?? [],
    onlyIfUsed: problem.onlyIfUsed === true,
  }
}

/** What is not known matters where it decides about work under the lock; of mere locks the finding shows those that are certain. */
function isCostly({ rewrites, scans, builds }: Effects): boolean {
  return rewrites.length > 0 || scans.length > 0 || builds.length > 0
}

function messageOf(rule: Rule, key: string): string {
  const message = rule.messages[key]
  if (message === undefined) throw new Error(`rule ${rule.id} has no message "${key}"`)
  return message
}

/** Adds syntax errors, takes out what is suppressed, says which suppressions are of no use, and sorts. */
function finish(found: readonly Finding[], file: string, sql: string, parsed: ParsedFile, rules: ActiveRules): Finding[] {
  const findings: Finding[] = [...found]
  for (const error of parsed.errors) {
    const finding = rules.own("syntax-error", file, error.span, error.statement, { error: error.message })
    if (finding !== null) findings.push(finding)
  }
  if (parsed.suppressions.length > 0) {
    const lines = createLineMap(sql)
    const { findings: kept, unused } = applySuppressions(findings, parsed.suppressions, parsed.statements, (offset) => lines.position(offset).line)
    findings.length = 0
    findings.push(...kept)
    for (const { rules: named, span } of parsed.suppressions) {
      const own = named.length === 0 ? rules.own("unknown-suppression", file, span, span, {}, "unnamed") : null
      if (own !== null) findings.push(own)
    }
    for (const { rule, span } of unused) {
      // Whether it silences something shows at the end of the history.
      if (isLate(rule)) continue
      const own = rules.isKnown(rule)
        ? rules.isActive(rule) ? rules.own("unused-suppression", file, span, span, { rule }) : null
        : rules.own("unknown-suppression", file, span, span, { rule, suggestion: rules.suggest(rule) })
      if (own !== null) findings.push(own)
    }
  }
  return findings.sort((left, right) => left.span.start - right.span.start || left.span.end - right.span.end || (left.rule < right.rule ? -1 : 1))
}
