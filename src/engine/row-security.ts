import type { Name, Operation, Statement } from "../parse/operation.ts"
import type { Relation } from "../schema/catalog.ts"
import { isFollowedByUnread, operationsIn, restOfFile } from "./later.ts"
import type { RuleContext } from "./rule.ts"

/** What the rest of a file does about the row security of a table. */
export interface RestOfRowSecurity {
  /** The first statement behind which rows can be seen again, while others see the time before it. */
  readonly remedy: Statement | null
  /** It creates a policy, as opposed to disabling row security. */
  readonly makesPolicy: boolean
  /** The table's owner is to be restricted, too. */
  readonly forced: boolean
  /** Policies that were there before are dropped or changed. */
  readonly changesPolicies: boolean
  /** The later statements about it, and the functions made among them, which policies may call. */
  readonly statements: readonly Statement[]
}

/** Null when the table has a policy before others can look, is gone or has another name in the end, or when that is not known. */
export function restOfRowSecurity(table: Name, context: RuleContext): RestOfRowSecurity | null {
  const { unseen, seen } = restOfFile(context)
  const { within } = context.current
  const around = within === null ? [] : context.statements.filter(({ span }) => span.start === within.span.start)
  const rest = [...unseen, ...seen]
  if (rest.some((statement) => mayMakePolicies(statement, context)) || isFollowedByUnread(context)) return null
  const does = (statement: Statement, test: (operation: Operation) => boolean): boolean =>
    [...operationsIn([statement])].some((operation) => isOn(operation, table, context) && test(operation))
  if (rest.some((statement) => does(statement, leaves))) return null
  if ([...around, ...unseen].some((statement) => does(statement, mends))) return null
  const remedy = seen.find((statement) => does(statement, mends)) ?? null
  const last = rest.findLastIndex((statement) => does(statement, isAboutRowSecurity))
  return {
    remedy,
    makesPolicy: remedy !== null && does(remedy, ({ op }) => op === "create policy"),
    forced: rest.some((statement) => does(statement, forces)),
    changesPolicies: rest.some((statement) => does(statement, ({ op }) => op === "alter policy" || op === "drop")),
    statements: rest.slice(0, last + 1).filter((statement) => does(statement, isAboutRowSecurity) || statement.operations.some(({ op }) => op === "create function")),
  }
}

/** The tables whose row security the file enables, other than the one given: `before` the current statement, and behind it. */
export function otherTables(table: Name, context: RuleContext): { readonly before: readonly Name[]; readonly behind: readonly Name[] } {
  const { unseen, seen } = restOfFile(context)
  const { file, earlier, current } = context
  const before = enabledIn(earlier.filter((one) => one.file === file).map(({ statement }) => statement))
  const around = current.within === null ? [] : context.statements.filter(({ span }) => span.start === current.within?.span.start)
  const isOther = (name: Name): boolean => name.name !== table.name || name.schema !== table.schema
  return { before: before.filter(isOther), behind: enabledIn([...around, ...unseen, ...seen]).filter(isOther) }
}

function enabledIn(statements: readonly Statement[]): Name[] {
  return [...operationsIn(statements)].flatMap((operation) => (operation.op === "row level security" && operation.action === "enable" ? [operation.relation] : []))
}

/** Whether an earlier statement of the deploy enables the table's row security, for which it was reported then. */
export function isEnabledBefore(table: Name, context: RuleContext): boolean {
  const isIt = (operation: Operation): boolean => operation.op === "row level security" && operation.action === "enable" && isOn(operation, table, context)
  return context.earlier.some(({ statement }) => statement.operations.some(isIt))
}

function mends(operation: Operation): boolean {
  return operation.op === "create policy" || (operation.op === "row level security" && operation.action === "disable")
}

function forces(operation: Operation): boolean {
  return operation.op === "row level security" && operation.action === "force"
}

function leaves(operation: Operation): boolean {
  return operation.op === "rename relation" || operation.op === "set schema" || (operation.op === "drop" && operation.kind === "table")
}

function isAboutRowSecurity({ op }: Operation): boolean {
  return op === "create policy" || op === "alter policy" || op === "row level security" || op === "drop"
}

/** Whether the operation is one on the table that matters here. */
function isOn(operation: Operation, table: Name, { catalog }: RuleContext): boolean {
  const isIt = (name: Name | null): boolean => name?.name === table.name && isSame(catalog.relation(name), catalog.relation(table), name, table)
  switch (operation.op) {
    case "create policy":
    case "alter policy":
      return isIt(operation.table)
    case "row level security":
    case "rename relation":
    case "set schema":
      return isIt(operation.relation)
    case "drop":
      if (operation.kind === "table") return operation.objects.some(({ name }) => isIt(name))
      return operation.kind === "policy" && operation.objects.some((object) => isIt(object.table))
    default:
      return false
  }
}

function isSame(one: Relation | undefined, other: Relation | undefined, oneName: Name, otherName: Name): boolean {
  return one !== undefined && other !== undefined ? one.id === other.id : oneName.schema === otherName.schema
}

/** Code of which only the text is known, and that may be about policies. */
function mayMakePolicies({ operations, span }: Statement, context: RuleContext): boolean {
  const runs = operations.some(
    (operation) =>
      operation.op === "call" || (operation.op === "do" && operation.dynamic.length > 0) || (operation.op === "select" && operation.query.functions.length > 0),
  )
  return runs && /polic|rls|row_?security|row_?level/i.test(context.text(span))
}
