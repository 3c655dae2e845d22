import type { Name, TypeName } from "../../parse/name.ts"
import type { Operation, Statement } from "../../parse/operation.ts"
import type { KeyOperation, LaterStatements } from "../../playbook/context.ts"
import type { RuleContext } from "../rule.ts"

/** What the rules ask about the later statements of a file; found out once for each file that has such a question. */
interface Later {
  /** By where a statement starts: its place in the file. */
  readonly positions: ReadonlyMap<number, number>
  /** By where a statement of a block starts: its place among them. */
  readonly inner: ReadonlyMap<number, number>
  /** By name: the places where something gets it, in their order. */
  readonly given: ReadonlyMap<string, readonly Place[]>
  /** By name: the places where a table, an index or a constraint gets it outright; what PostgreSQL chooses is never taken. */
  readonly taken: ReadonlyMap<string, readonly Place[]>
  /** By the name of the table: what builds indexes on it. */
  readonly keys: ReadonlyMap<string, readonly { readonly place: Place; readonly operation: KeyOperation }[]>
  /** For each statement, where the transaction ends that it is in, by the COMMIT or ROLLBACK in the text. */
  readonly ends: readonly number[]
}

/** A statement, or one in the code of a DO block, that gives something a name. */
interface Place {
  readonly position: number
  readonly schema: string | null
  /** Its place among the statements of a block; null outside of blocks. */
  readonly inner: number | null
}

const memories = new WeakMap<readonly Statement[], Later>()

/**
 * Whether something takes the old name before others can notice that it is gone: a view, a table, a type, a function.
 */
export function nameIsTakenAgain(old: Name, context: RuleContext): boolean {
  if (context.current.transaction.kind === "autocommit") return false
  const later = laterOf(context)
  return isGiven(old, later.ends[positionIn(later, context)] ?? Infinity, later, context)
}

/** Whether the file goes on to create something of that name, in whatever transaction. */
export function isCreatedAnew(old: Name, context: RuleContext): boolean {
  return isGiven(old, Infinity, laterOf(context), context)
}

/**
 * Whether a later statement of the transaction gives a column the type of that name. By then something has the name again, such as
 * what a schema builder creates that is not read.
 */
export function typeIsNeededAgain(old: Name, context: RuleContext): boolean {
  const is = (type: TypeName): boolean => type.name === old.name && (type.schema === null || old.schema === null || type.schema === old.schema)
  return restOfTransaction(context).some(({ operations }) =>
    operations.some((operation) => (operation.op === "alter column type" && is(operation.type)) || (operation.op === "add column" && is(operation.column.type))),
  )
}

/** The later statements of the file up to the COMMIT or ROLLBACK, if there is one. */
export function restOfTransaction(context: RuleContext): readonly Statement[] {
  const later = laterOf(context)
  const position = positionIn(later, context)
  return context.statements.slice(position + 1, later.ends[position])
}

/**
 * The later statements of the file, those of the other direction left out. `unseen`: they take effect together with the current one,
 * so that nobody sees the database between the two; where it is not known who sends the file, it counts as one transaction.
 */
export function restOfFile(context: RuleContext): { readonly unseen: readonly Statement[]; readonly seen: readonly Statement[] } {
  const rest = context.statements.slice(positionIn(laterOf(context), context) + 1)
  const direction = context.unitOf(context.current.statement)?.direction
  const isMeant = (statement: Statement): boolean => context.unitOf(statement)?.direction === direction
  const together = commitsAtOnce(context) ? 0 : restOfTransaction(context).length
  return { unseen: rest.slice(0, together).filter(isMeant), seen: rest.slice(together).filter(isMeant) }
}

/** What of the rest of the file matters to steps, see `RecipeContext`. Contexts are many, and few are asked: all is found out then. */
export function laterFor(contextOf: () => RuleContext): LaterStatements {
  return {
    gives: (name) => isGivenBehind(name, contextOf()),
    keysOf: (table) => keysBehind(table, contextOf()),
  }
}

function isGivenBehind(name: string, context: RuleContext): boolean {
  const later = laterOf(context)
  return (later.taken.get(name) ?? []).some((place) => isBehind(place, later, context) && isMeant(place, context))
}

function keysBehind(table: string, context: RuleContext): readonly KeyOperation[] {
  const later = laterOf(context)
  const own = context.current.statement.operations.filter((one) => one.op === "add constraint").filter(({ relation }) => relation.name === table)
  return [...own, ...(later.keys.get(table) ?? []).flatMap(({ place, operation }) => (isBehind(place, later, context) && isMeant(place, context) ? [operation] : []))]
}

/** Whether it runs in the direction of the current statement. */
function isMeant({ position }: Place, context: RuleContext): boolean {
  const statement = context.statements[position]
  return statement !== undefined && context.unitOf(statement)?.direction === context.unitOf(context.current.statement)?.direction
}

/** Whether something that nobody could read runs behind the current statement, up to the end of the file. */
export function isFollowedByUnread({ current: { statement, within }, isUnread }: RuleContext): boolean {
  return isUnread({ start: (within ?? statement).span.end, end: Infinity })
}

/** Code runs in the transaction of the statement that runs it. What runs outside of transactions only has none, whoever sends the file. */
function commitsAtOnce({ current: { transaction, effects } }: RuleContext): boolean {
  return transaction.kind === "autocommit" || (transaction.kind === "unknown" && effects.transaction === "forbidden")
}

/** The operations of statements, those in the code of DO blocks included. */
export function* operationsIn(statements: readonly Pick<Statement, "operations">[]): Generator<Operation> {
  for (const { operations } of statements) {
    for (const operation of operations) {
      yield operation
      if (operation.op === "do") yield* operationsIn(operation.statements)
    }
  }
}

function isGiven(wanted: Name, before: number, later: Later, context: RuleContext): boolean {
  return (later.given.get(wanted.name) ?? []).some((place) => {
    if (place.schema !== null && wanted.schema !== null && place.schema !== wanted.schema) return false
    return isBehind(place, later, context) && (place.position < before || place.position === positionIn(later, context))
  })
}

/** Whether it comes behind the current statement: in the file, or in the same block. */
function isBehind({ position, inner }: Place, later: Later, context: RuleContext): boolean {
  const { statement, within } = context.current
  const after = positionIn(later, context)
  if (within !== null && inner !== null && position === after) return inner > (later.inner.get(statement.span.start) ?? Infinity)
  return position > after
}

function positionIn({ positions }: Later, { current }: RuleContext): number {
  return positions.get((current.within ?? current.statement).span.start) ?? -1
}

function laterOf({ statements }: RuleContext): Later {
  const known = memories.get(statements)
  if (known !== undefined) return known
  const positions = new Map<number, number>()
  const innerPositions = new Map<number, number>()
  const given = new Map<string, Place[]>()
  const taken = new Map<string, Place[]>()
  const keys = new Map<string, { place: Place; operation: KeyOperation }[]>()
  const add = (operation: Operation, position: number, inner: number | null): void => {
    const name = nameGivenBy(operation)
    if (name !== null) put(given, name.name, { position, schema: name.schema, inner })
    const relation = relationGivenBy(operation)
    if (relation !== null) put(taken, relation, { position, schema: null, inner })
    if (operation.op === "create index" || operation.op === "add constraint") {
      const table = operation.op === "create index" ? operation.table : operation.relation
      put(keys, table.name, { place: { position, schema: table.schema, inner }, operation })
    }
  }
  for (const [position, { span, operations }] of statements.entries()) {
    positions.set(span.start, position)
    for (const operation of operations) {
      add(operation, position, null)
      if (operation.op !== "do") continue
      for (const [inner, embedded] of operation.statements.entries()) {
        innerPositions.set(embedded.span.start, inner)
        for (const done of embedded.operations) add(done, position, inner)
      }
    }
  }
  const later: Later = { positions, inner: innerPositions, given, taken, keys, ends: endsOf(statements) }
  memories.set(statements, later)
  return later
}

function put<T>(into: Map<string, T[]>, key: string, value: T): void {
  const known = into.get(key)
  if (known === undefined) into.set(key, [value])
  else known.push(value)
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

function relationGivenBy(operation: Operation): string | null {
  switch (operation.op) {
    case "create table":
    case "create table as":
      return operation.table.name
    case "create index":
      return operation.index?.name ?? null
    case "add constraint":
      return operation.constraint.name?.name ?? null
    default:
      return null
  }
}
