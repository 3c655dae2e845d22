import type { Effects, Lock } from "../effects/types.ts"
import type { Runner, Unit } from "../files/types.ts"
import type { EmbeddedStatement, Operation, Statement } from "../parse/operation.ts"
import type { LaterStatements } from "../playbook/context.ts"
import type { Step } from "../playbook/step.ts"
import type { AffectedRelation } from "../effects/types.ts"
import type { Catalog, FunctionInfo, Relation } from "../schema/catalog.ts"
import type { Span } from "../source/span.ts"
import type { Removed } from "../usage/index.ts"
import type { Fix, RelatedLocation, ReportedLock, Severity } from "./finding.ts"
import type { TransactionContext } from "./transaction.ts"

/** One statement with everything the earlier stages found out about it. */
export interface AnalyzedStatement {
  readonly statement: Statement
  /** The file that the statement is in, and that file's text. */
  readonly file: string
  readonly sql: string
  /** How many statements of the file come before it. */
  readonly position: number
  readonly effects: Effects
  readonly transaction: TransactionContext
  /**
   * For statements inside a DO block, or a function that the migration calls: the statement that runs them. Their operations
   * are analyzed as statements of their own, at their own place in the file.
   */
  readonly within: Statement | null
  /** The statements of that DO block or function, itself among them; none outside of code. */
  readonly beside: readonly Pick<EmbeddedStatement, "operations" | "span" | "conditional">[]
  /** The same of the code that calls that function, the nearest first. */
  readonly callers: readonly AnalyzedStatement["beside"][]
  /** Under IF, a loop, or an exception handler: it may not run. */
  readonly conditional: boolean
  /** In a block with an EXCEPTION clause: an error does not end the migration. */
  readonly guarded: boolean
  /** In a loop of code. */
  readonly repeated: boolean
  /** In a loop of code that commits nothing: all rounds are one transaction. */
  readonly accumulates: boolean
  /** What the functions that it is in, or that it calls, set while they run. */
  readonly settings: Readonly<Record<string, string>>
  /** The function that it is in, where another file has made it. */
  readonly routine: FunctionInfo | null
  /** Bodies of functions that it calls whose statements are not analyzed. */
  readonly unread: readonly string[]
  /** The triggers that it drops by name. */
  readonly droppedTriggers: readonly DroppedTrigger[]
  /** The locks on relations that others could see when the statement ran. */
  readonly exposed: readonly Lock[]
}

/** What was known of a trigger when it was dropped. */
export interface DroppedTrigger {
  /** The name of its table. */
  readonly table: string
  /** The body of its function; null where that is not known. */
  readonly body: string | null
}

/** What a rule sees. The catalog is the one before the statement. */
export interface RuleContext {
  readonly file: string
  readonly sql: string
  readonly pgVersion: number
  /** Nobody has said that it is this major. */
  readonly versionIsAssumed: boolean
  readonly catalog: Catalog
  readonly current: AnalyzedStatement
  /** As in `Origin.deploy`. */
  readonly deploy: number
  /** Whether the files read earlier also ran earlier: a tool runs them in this order, or there are none. */
  readonly ordered: boolean
  /** Whether the file has changed search_path before the statement. */
  readonly movesSearchPath: boolean
  /** Whether the statements are in a program, which decides what it sends over which connection. */
  readonly inCode: boolean
  /** The tool that runs the file; null when there is none to speak of. */
  readonly runner: Runner | null
  /** Statements of the deploy before the current one, analyzed: those of the file, and of the files that go out with it. */
  readonly earlier: readonly AnalyzedStatement[]
  /** All statements of the file as parsed, the current and later ones included, for looking ahead. */
  readonly statements: readonly Statement[]
  /** What steps have to leave to the rest of the file. */
  readonly later: LaterStatements
  /** The part of the file that the tool runs as one unit and that the statement is in. */
  unitOf(statement: Statement): Unit | null
  /** Whether something that could not be read runs in a part of the file, such as an included file or a statement with an error. */
  isUnread(span: Span): boolean
  /** The text of a span; of SQL that stands in the file with escapes the text that PostgreSQL runs. */
  text(span: Span): string
  /** The place in the file that a span is shown at: not the same where SQL stands there with escapes. */
  placeOf(span: Span): Span
  /**
   * Whether locking the relation hurts nobody: created in the same transaction, temporary, or created in the same deploy
   * and still empty. `undefined` (not in the catalog) is an existing relation.
   */
  isNew(relation: Relation | AffectedRelation | undefined): boolean
  /** The statement's locks that hurt (existing relations only), as a finding reports them, worst first. */
  locks(analyzed?: AnalyzedStatement): readonly ReportedLock[]
  /** A relation's name as the user would write it: qualified only when it is not on the search path. */
  display(relation: Relation | AffectedRelation): string
}

/** What a rule yields. `span` is the exact part of the statement that the problem is about. */
export interface Problem {
  readonly span: Span
  /** A key of the rule's `messages`. */
  readonly message: string
  /** Weaker than the rule's severity, where the hazard depends on something that the statements do not show. */
  readonly severity?: Severity
  /** Values for the `{placeholders}` of the message and of `why`. */
  readonly data?: Readonly<Record<string, string>>
  /** Locks to show; default: all that hurt. */
  readonly locks?: readonly ReportedLock[]
  /** A function where the engine often drops the problem: no steps are then made in vain. */
  readonly steps?: readonly Step[] | (() => readonly Step[])
  /** In place of `steps`: makes them for what all problems of the statement with the same function replace. */
  readonly stepsOf?: StepsOf
  /** The operations that the steps replace; absent: those that the span lies in; empty: they replace none, and move the statement. */
  readonly replaces?: readonly Operation[]
  /** A function where the engine often drops the problem. */
  readonly fix?: Fix | (() => Fix)
  readonly related?: readonly RelatedLocation[]
  /** Names that the statement takes away from running code, for the search in the application's sources. */
  readonly removes?: readonly Removed[]
  /** No problem unless that search finds a use. */
  readonly onlyIfUsed?: boolean
  /** PostgreSQL rejects the statement: nothing is said of what it would do. */
  readonly rejected?: boolean
  /** Tables, as a person would write them, of which the statement itself goes through many rows. */
  readonly changes?: readonly string[]
}

/** A recipe for several operations of the current statement. */
export type StepsOf = (operations: readonly Operation[], context: RuleContext) => readonly Step[]

/** What a rule's page, `pgsafe explain` and SARIF say about it. */
export interface RuleDocs {
  /** One line: the hazard. */
  readonly summary: string
  /** What the rule reports, in a paragraph. */
  readonly what: string
  /** Why it is dangerous, with PostgreSQL's own words for locks; from which version; sources. */
  readonly why: string
  /** What to do instead. */
  readonly instead: string
  /** When it keeps silent. */
  readonly silent: string
  /** URLs of PostgreSQL's documentation. */
  readonly references: readonly string[]
}

/** A hazard, and the check that finds it. */
export interface Rule {
  /** The hazard's name in kebab case; also the file's name. */
  readonly id: string
  readonly severity: Severity
  /** `recommended` rules are on by default; `strict` and `style` are opt-in. */
  readonly presets: readonly ("recommended" | "strict" | "style")[]
  readonly docs: RuleDocs
  /** Message templates: what is wrong, in one sentence, with `{placeholders}`. */
  readonly messages: Readonly<Record<string, string>>
  /**
   * Operations the rule wants to see; the engine calls `check` only for statements that have one of them. Absent: every
   * statement.
   */
  readonly operations?: readonly Operation["op"][]
  check(statement: AnalyzedStatement, context: RuleContext): Iterable<Problem>
  /**
   * The rule gives advice for statements that are fine otherwise: the engine drops its findings on statements for which another rule
   * has a safe version (which follows the advice), and keeps the first of the rest, once a file. Its spans start where their statements
   * start.
   */
  readonly yields?: boolean
  /** Decided at the end of the whole history, by the engine: hosts of single files, such as ESLint, do not offer it. */
  readonly atEnd?: boolean
  /** Called once after the last statement of a file, with `context.current` the last statement. */
  checkFile?(statements: readonly AnalyzedStatement[], context: RuleContext): Iterable<Problem>
}

/** Declares a rule; the identity function with a type. */
export function defineRule(rule: Rule): Rule {
  return rule
}
