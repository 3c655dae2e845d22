import type { Name, Operation, Statement } from "../../parse/operation.ts"
import type { Relation } from "../../schema/catalog.ts"
import { isFollowedByUnread, operationsIn, restOfFile } from "./later.ts"
import { firstIndex } from "../../source/first-index.ts"
import type { AnalyzedStatement, RuleContext } from "../rule.ts"

/** What the rest of a file does about the row security of a table. */
export interface RestOfRowSecurity {
  /** The first statement behind which rows can be seen again, while others see the time before it. */
  readonly remedy: Statement | null
  /** It creates a policy, as opposed to disabling row security. */
  readonly makesPolicy: boolean
  /** Policies AS RESTRICTIVE are created, which show no row. */
  readonly makesRestrictive: boolean
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
  const about = aboutRowSecurity(context)
  const named = about.byTable.get(table.name) ?? []
  const around = within === null ? [] : named.filter(({ span }) => span.start === within.span.start)
  const [soon, later] = [among(named, unseen), among(named, seen)]
  const rest = [...soon, ...later]
  const all = [...unseen, ...seen]
  if (among(about.unknown, all).length > 0 || isFollowedByUnread(context)) return null
  const does = (statement: Statement, test: (operation: Operation) => boolean): boolean =>
    [...operationsIn([statement])].some((operation) => isOn(operation, table, context) && test(operation))
  if (rest.some((statement) => does(statement, leaves))) return null
  if ([...around, ...soon].some((statement) => does(statement, mends))) return null
  const remedy = later.find((statement) => does(statement, mends)) ?? null
  const its = rest.filter((statement) => does(statement, isAboutRowSecurity))
  const last = its.at(-1)?.span.start ?? -1
  const functions = among(about.functions, all).filter((statement) => statement.span.start < last && !its.includes(statement))
  return {
    remedy,
    makesPolicy: remedy !== null && does(remedy, ({ op }) => op === "create policy"),
    makesRestrictive: [...around, ...rest].some((statement) => does(statement, (operation) => operation.op === "create policy" && operation.restrictive)),
    forced: rest.some((statement) => does(statement, forces)),
    changesPolicies: rest.some((statement) => does(statement, ({ op }) => op === "alter policy" || op === "drop")),
    statements: [...its, ...functions].sort((left, right) => left.span.start - right.span.start),
  }
}

/** What a file's statements have to do with row security; found out once, for each of many tables is asked about. */
interface AboutRowSecurity {
  /** Those that name a table in an operation that matters here. */
  readonly byTable: ReadonlyMap<string, readonly Statement[]>
  /** Those that make functions, which policies may call. */
  readonly functions: readonly Statement[]
  /** Those with code of which only the text is known, and that may be about policies. */
  readonly unknown: readonly Statement[]
}

const memories = new WeakMap<readonly Statement[], AboutRowSecurity>()

function aboutRowSecurity(context: RuleContext): AboutRowSecurity {
  const { statements } = context
  const known = memories.get(statements)
  if (known !== undefined) return known
  const byTable = new Map<string, Statement[]>()
  for (const statement of statements) {
    for (const name of new Set([...operationsIn([statement])].flatMap(tablesOf).map((table) => table.name))) {
      const others = byTable.get(name)
      if (others === undefined) byTable.set(name, [statement])
      else others.push(statement)
    }
  }
  const about: AboutRowSecurity = {
    byTable,
    functions: statements.filter(({ operations }) => operations.some(({ op }) => op === "create function")),
    unknown: statements.filter((statement) => mayMakePolicies(statement, context)),
  }
  memories.set(statements, about)
  return about
}

/** Those of some statements that a part of the file has, both in the order of the text. */
function among(some: readonly Statement[], part: readonly Statement[]): readonly Statement[] {
  return some.filter((statement) => part[firstIndex(part.length, (at) => (part[at]?.span.start ?? 0) >= statement.span.start)] === statement)
}

/** The tables whose row security the file enables, other than the one given: `before` the current statement, and behind it. */
export function otherTables(table: Name, context: RuleContext): { readonly before: readonly Name[]; readonly behind: () => readonly Name[] } {
  const { current } = context
  const isOther = (name: Name): boolean => name.name !== table.name || name.schema !== table.schema
  return {
    before: enabledBefore(context).filter(isOther),
    behind: () => {
      const { unseen, seen } = restOfFile(context)
      const around = current.within === null ? [] : context.statements.filter(({ span }) => span.start === current.within?.span.start)
      return enabledIn([...around, ...unseen, ...seen]).filter(isOther)
    },
  }
}

const enabled = new WeakMap<readonly AnalyzedStatement[], { seen: number; file: string; readonly names: Name[] }>()

/** The tables whose row security the file has enabled before the current statement. */
function enabledBefore({ file, earlier }: RuleContext): readonly Name[] {
  const known = enabled.get(earlier) ?? { seen: 0, file, names: [] }
  enabled.set(earlier, known)
  for (; known.seen < earlier.length; known.seen += 1) {
    const one = earlier[known.seen]
    if (one === undefined) continue
    if (one.file !== known.file) {
      known.file = one.file
      known.names.length = 0
    }
    for (const name of enabledIn([one.statement])) known.names.push(name)
  }
  return known.file === file ? known.names : []
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
  return (operation.op === "create policy" && !operation.restrictive) || (operation.op === "row level security" && operation.action === "disable")
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
  return tablesOf(operation).some((name) => name.name === table.name && isSame(catalog.relation(name), catalog.relation(table), name, table))
}

/** The tables that an operation which matters here is on. */
function tablesOf(operation: Operation): readonly Name[] {
  switch (operation.op) {
    case "create policy":
    case "alter policy":
      return [operation.table]
    case "row level security":
    case "rename relation":
    case "set schema":
      return [operation.relation]
    case "drop":
      if (operation.kind === "table") return operation.objects.map(({ name }) => name)
      return operation.kind === "policy" ? operation.objects.flatMap(({ table }) => table ?? []) : []
    default:
      return []
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
