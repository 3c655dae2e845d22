import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { Name, Operation, OperationOf, Statement } from "../../parse/operation.ts"
import type { Constraint, Index, Relation } from "../../schema/catalog.ts"
import { makeObjectName } from "../../schema/index.ts"
import { isFollowedByUnread, operationsIn, restOfFile } from "./later.ts"
import type { RuleContext } from "../rule.ts"

/** What a statement takes the replica identity of a table with. */
export interface LostIdentity {
  /** As written. */
  readonly table: Name
  /** undefined: not known. */
  readonly relation: Relation | undefined
  /** What identified rows, a primary key unless another index was chosen. */
  readonly by: "primary key" | "index"
  /** The key's columns; null: not known. */
  readonly columns: readonly string[] | null
}

/** DROP CONSTRAINT of the primary key, or of the constraint whose index is the replica identity (docs: ALTER TABLE, REPLICA IDENTITY). */
export function lostByConstraint(operation: OperationOf<"drop constraint">, { catalog }: RuleContext): LostIdentity | null {
  const { relation: table, constraint: { name }, ifExists } = operation
  const relation = catalog.relation(table)
  const constraint = relation && catalog.constraint(relation.id, name)
  if (constraint === undefined) {
    // By its derived name, of a table of which not everything is known.
    const isDerived = name === makeObjectName(table.name, null, "pkey")
    const may = relation === undefined || (!relation.known && relation.replicaIdentity === "default")
    return isDerived && may && !ifExists ? { table, relation, by: "primary key", columns: null } : null
  }
  return relation === undefined ? null : lostWith(constraint, table, relation)
}

function lostWith({ kind, index, columns }: Constraint, table: Name, relation: Relation): LostIdentity | null {
  if (relation.replicaIdentity === "index" && index !== null && relation.identityIndex === index) return { table, relation, by: "index", columns }
  return relation.replicaIdentity === "default" && kind === "primary key" ? { table, relation, by: "primary key", columns } : null
}

/** REPLICA IDENTITY NOTHING, and DEFAULT of a table without a primary key. */
export function lostByAction({ relation: table, identity }: OperationOf<"replica identity">, { catalog }: RuleContext): LostIdentity | null {
  const relation = catalog.relation(table)
  if (identity === "full" || identity === "index") return null
  const primary = relation && catalog.constraintsOf(relation.id).find(({ kind }) => kind === "primary key")
  const current = relation?.replicaIdentity ?? "default"
  const hasOne = current === "default" ? primary !== undefined || relation?.known !== true : current === "full" || relation?.identityIndex !== null
  const hasOneThen = identity === "default" && (primary !== undefined || relation?.known !== true)
  return current === "nothing" || !hasOne || hasOneThen ? null : { table, relation, by: current === "index" ? "index" : "primary key", columns: null }
}

/** DROP INDEX of the index that is the replica identity. */
export function lostByIndex(index: Name, { catalog }: RuleContext): LostIdentity | null {
  const found = catalog.index(index)
  const relation = found && catalog.relationById(found.table)
  if (found === undefined || relation?.identityIndex !== found.id) return null
  const { schema, name } = relation
  return { table: { schema: index.schema === null && schema === catalog.creationSchema ? null : schema, name, span: index.span }, relation, by: "index", columns: plain(found) }
}

function plain({ columns }: Index): readonly string[] | null {
  return columns.every((column): column is string => column !== null) ? columns : null
}

/** The later statement that gives the table a replica identity again, when others see the time before it; null: there is none. */
export interface Replacement {
  readonly statement: Statement
  /** The new primary key, when that is all that is needed. */
  readonly key: (ConstraintDefinition & { readonly kind: "primary key" | "unique" }) | null
  /** What comes before it. */
  readonly before: readonly Statement[]
}

/** `settled`: nobody sees the table without a replica identity, or it does not matter. */
export function replacementOf(lost: LostIdentity, context: RuleContext): Replacement | null | "settled" {
  const { unseen, seen } = restOfFile(context)
  const { current } = context
  const around = current.within === null ? [] : context.statements.filter(({ span }) => span.start === current.within?.span.start)
  const does = (statement: Pick<Statement, "operations">, test: (operation: Operation) => boolean): boolean =>
    [...operationsIn([statement])].some((operation) => isOn(operation, lost, context) && test(operation))
  const gives = (operation: Operation): boolean => givesIdentity(operation, lost.by)
  if ([current.statement, ...around, ...unseen].some((statement) => does(statement, gives))) return "settled"
  if ([current.statement, ...unseen, ...seen].some((statement) => does(statement, leaves) || mayGiveIdentity(statement, context))) return "settled"
  if (isFollowedByUnread(context)) return "settled"
  const position = seen.findIndex((statement) => does(statement, gives))
  const statement = seen[position]
  if (statement === undefined) return null
  const added = statement.operations.find((operation) => operation.op === "add constraint" && isOn(operation, lost, context) && gives(operation))
  const key = added?.op === "add constraint" && (added.constraint.kind === "primary key" || added.constraint.kind === "unique") ? added.constraint : null
  return { statement, key, before: [...unseen, ...seen.slice(0, position)] }
}

/** An index that was chosen does not make way for a primary key by itself. */
function givesIdentity(operation: Operation, by: LostIdentity["by"]): boolean {
  switch (operation.op) {
    case "replica identity":
      return operation.identity === "full" || operation.identity === "index" || (operation.identity === "default" && by === "index")
    case "add constraint":
      return by === "primary key" && operation.constraint.kind === "primary key"
    case "add column":
      return by === "primary key" && operation.column.constraints.some(({ kind }) => kind === "primary key")
    default:
      return false
  }
}

function leaves({ op }: Operation): boolean {
  return op === "rename relation" || op === "set schema" || op === "drop"
}

function isOn(operation: Operation, { table, relation }: LostIdentity, { catalog }: RuleContext): boolean {
  const isIt = (name: Name): boolean => {
    if (name.name !== table.name) return false
    const found = catalog.relation(name)
    return found !== undefined && relation !== undefined ? found.id === relation.id : name.schema === table.schema
  }
  switch (operation.op) {
    case "replica identity":
    case "add constraint":
    case "add column":
    case "rename relation":
    case "set schema":
      return isIt(operation.relation)
    case "create index":
      return isIt(operation.table)
    case "drop":
      return operation.kind === "table" && operation.objects.some(({ name }) => isIt(name))
    default:
      return false
  }
}

/** Code of which only the text is known, and that speaks of keys. */
function mayGiveIdentity({ operations, span }: Statement, context: RuleContext): boolean {
  return operations.some((operation) => operation.op === "do" && operation.dynamic.length > 0) && /primary\s+key|replica\s+identity/i.test(context.text(span))
}

/** The publications that are known to publish the table. */
export function publicationsOf({ relation }: LostIdentity, { catalog }: RuleContext): string[] {
  const publishes = (id: number): boolean => relation?.id === id || relation?.partition?.parent === id
  return [...catalog.publications()].filter(({ allTables, tables }) => allTables || tables.some(({ table }) => publishes(table))).map(({ name }) => name)
}

/**
 * Another index that can be the replica identity: unique, not partial, not deferrable, over NOT NULL columns (docs: ALTER TABLE,
 * REPLICA IDENTITY).
 */
export function otherIdentity({ relation, columns }: LostIdentity, without: string, { catalog }: RuleContext): Index | undefined {
  if (relation === undefined || relation.kind !== "table") return undefined
  const candidates = catalog.indexesOf(relation.id).filter((index) => {
    const constraint = index.constraint === null ? undefined : catalog.constraintById(index.constraint)
    const keys = plain(index)
    return (
      index.name !== without && index.unique && index.valid && index.predicate === null && constraint?.deferrable !== true &&
      keys?.every((column) => catalog.column(relation, column)?.notNull === true) === true
    )
  })
  return candidates.find((index) => columns !== null && isOver(index, columns)) ?? candidates[0]
}

/** Whether another unique index keeps the columns unique, one included that the statement or its transaction builds. */
export function staysUnique(lost: LostIdentity, without: string, context: RuleContext): boolean {
  const { relation, columns } = lost
  if (relation === undefined || columns === null) return false
  if (context.catalog.indexesOf(relation.id).some((index) => index.name !== without && index.unique && index.valid && index.predicate === null && isOver(index, columns))) return true
  return [...operationsIn([context.current.statement, ...restOfFile(context).unseen])].some((operation) => {
    const key = isOn(operation, lost, context) ? keyMade(operation) : null
    return key !== null && key.length === columns.length && columns.every((column) => key.includes(column))
  })
}

/** The columns that an operation makes unique from now on. */
function keyMade(operation: Operation): readonly (string | undefined)[] | null {
  if (operation.op === "create index") return operation.unique && operation.predicate === null ? operation.elements.map(({ column }) => column?.name) : null
  if (operation.op !== "add constraint") return null
  const { constraint } = operation
  return constraint.kind === "unique" && constraint.usingIndex === null ? constraint.columns.map(({ name }) => name) : null
}

function isOver(index: Index, columns: readonly string[]): boolean {
  return index.columns.length === columns.length && columns.every((column) => index.columns.includes(column))
}
