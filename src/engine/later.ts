import type { Name } from "../parse/name.ts"
import type { Operation, Statement } from "../parse/operation.ts"
import type { RuleContext } from "./rule.ts"

/** What the rules ask about the later statements of a file; found out once for each file that has such a question. */
interface Later {
  readonly positions: ReadonlyMap<Statement, number>
  /** By name: the places where something gets it, in their order. */
  readonly given: ReadonlyMap<string, readonly { readonly position: number; readonly schema: string | null }[]>
  /** For each statement, where the transaction ends that it is in, by the COMMIT or ROLLBACK in the text. */
  readonly ends: readonly number[]
}

const memories = new WeakMap<readonly Statement[], Later>()

/**
 * Whether something takes the old name before others can notice that it is gone: a view, a table, a type, a function.
 */
export function nameIsTakenAgain(old: Name, context: RuleContext): boolean {
  if (context.current.transaction.kind === "autocommit") return false
  const later = laterOf(context)
  const position = positionIn(later, context)
  return isGiven(old, position, later.ends[position] ?? Infinity, later)
}

/** Whether the file goes on to create something of that name, in whatever transaction. */
export function isCreatedAnew(old: Name, context: RuleContext): boolean {
  const later = laterOf(context)
  return isGiven(old, positionIn(later, context), Infinity, later)
}

function isGiven(wanted: Name, after: number, before: number, { given }: Later): boolean {
  const places = given.get(wanted.name) ?? []
  return places.some(
    ({ position, schema }) =>
      position > after && position < before && (schema === null || wanted.schema === null || schema === wanted.schema),
  )
}

function positionIn({ positions }: Later, { current }: RuleContext): number {
  return positions.get(current.within ?? current.statement) ?? -1
}

function laterOf({ statements }: RuleContext): Later {
  const known = memories.get(statements)
  if (known !== undefined) return known
  const positions = new Map<Statement, number>()
  const given = new Map<string, { position: number; schema: string | null }[]>()
  for (const [position, statement] of statements.entries()) {
    positions.set(statement, position)
    for (const operation of statement.operations) {
      const name = nameGivenBy(operation)
      if (name === null) continue
      const places = given.get(name.name) ?? []
      places.push({ position, schema: name.schema })
      given.set(name.name, places)
    }
  }
  const later: Later = { positions, given, ends: endsOf(statements) }
  memories.set(statements, later)
  return later
}

function endsOf(statements: readonly Statement[]): readonly number[] {
  const ends = new Array<number>(statements.length)
  let end = Infinity
  for (let position = statements.length - 1; position >= 0; position -= 1) {
    ends[position] = end
    const op = statements[position]?.operations[0]?.op
    if (op === "commit" || op === "rollback") end = position
  }
  return ends
}

/** The name that an operation gives to something. */
function nameGivenBy(operation: Operation): { readonly schema: string | null; readonly name: string } | null {
  switch (operation.op) {
    case "create table":
    case "create table as":
      return operation.table
    case "create view":
    case "create materialized view":
      return operation.view
    case "create enum":
    case "create composite type":
    case "create type":
      return operation.type
    case "create domain":
      return operation.domain
    case "create function":
      return operation.function
    case "create sequence":
      return operation.sequence
    case "rename relation":
      return { schema: operation.relation.schema, name: operation.newName.name }
    case "rename object":
      return { schema: operation.object.schema, name: operation.newName.name }
    default:
      return null
  }
}
