import type { DroppedObject, OperationOf, Operation, Statement } from "../../parse/operation.ts"
import { replaceIndex, type Step } from "../../playbook/index.ts"
import type { Index, Relation } from "../../schema/catalog.ts"
import { isSameIndex, leadsLike, type IndexShape } from "../../schema/index-match.ts"
import { planElements } from "../../schema/indexes.ts"
import { operationsIn, restOfFile } from "./later.ts"
import type { RuleContext } from "../rule.ts"

/** An index that is made in place of one that is dropped before. */
export interface Successor {
  readonly statement: Statement
  readonly operation: OperationOf<"create index">
  /** Nothing differs, but perhaps the name. */
  readonly isSame: boolean
  /** Queries that could use the dropped index can use it. */
  readonly leadsAlike: boolean
  /** It could be built before the other one is dropped: its columns are there. */
  readonly canBeFirst: boolean
}

/** An index that goes before another one takes its place, so that queries have neither of them for a while. */
export interface Gap {
  readonly index: Index
  readonly table: Relation
  readonly successor: Successor
  /** The new index first; none where that cannot be. */
  readonly steps: readonly Step[]
}

/** The gap that dropping an index leaves; null where there is none, or nobody could notice. */
export function gapOf(object: DroppedObject, drop: OperationOf<"drop">, context: RuleContext): Gap | null {
  if (drop.kind !== "index" || context.current.within !== null) return null
  const index = context.catalog.index(object.name)
  const table = index && context.catalog.relationById(index.table)
  if (index === undefined || table === undefined || !serves(index, table, context)) return null
  if (isCovered(index, table, drop.objects.map(({ name }) => name.name), context)) return null
  const successor = successorOf(index, table, context)
  if (successor === null) return null
  const { operation: create, isSame, canBeFirst } = successor
  // What a failed build may have left is cleared away like this.
  if (drop.ifExists && drop.concurrently && create.concurrently && isSame && create.index?.name === index.name) return null
  return { index, table, successor, steps: canBeFirst ? replaceIndex({ old: object, ifExists: drop.ifExists, cascade: drop.cascade, create, isSame }, context) : [] }
}

/** Whether running queries can use the index, and it can be built and dropped concurrently. */
function serves({ valid, constraint, parent, created }: Index, table: Relation, context: RuleContext): boolean {
  if (created?.deploy === context.deploy) return false
  if (!valid || constraint !== null || parent !== null || (table.kind !== "table" && table.kind !== "materialized view")) return false
  return !context.isNew(table) && table.created?.deploy !== context.deploy
}

/**
 * The later CREATE INDEX in place of an index, when others see the table without either of them: one of the same name, or one that
 * begins with the same columns. Null also when the table changes between the two, for which the index may have had to go.
 */
function successorOf(index: Index, table: Relation, context: RuleContext): Successor | null {
  const { unseen, seen } = restOfFile(context)
  const found = seek([...unseen, ...seen], index, table, context)
  if (found === null || unseen.includes(found.statement)) return null
  const statements = [...unseen, ...seen]
  const between = statements.slice(0, statements.indexOf(found.statement))
  const changes = (operation: Operation): boolean => changesRows(operation) && namesTable(operation, table, context)
  if ([...operationsIn(between)].some(changes)) return null
  const { catalog } = context
  const { columns, expressionColumns } = found.shape
  const needed = [...columns.filter((column) => column !== null), ...expressionColumns, ...found.shape.include]
  const isThere = !table.known || needed.every((column) => catalog.column(table, column) !== undefined)
  const adds = [...operationsIn(between)].some((operation) => operation.op === "add column" && namesTable(operation, table, context))
  return {
    statement: found.statement,
    operation: found.operation,
    isSame: isSameIndex(found.shape, index),
    leadsAlike: leadsLike(found.shape, index, table.columns),
    canBeFirst: isThere && (table.known || !adds),
  }
}

interface Found {
  readonly statement: Statement
  readonly operation: OperationOf<"create index">
  readonly shape: IndexShape & Pick<Index, "expressionColumns">
}

function seek(statements: readonly Statement[], index: Index, table: Relation, context: RuleContext): Found | null {
  for (const statement of statements) {
    for (const operation of statement.operations) {
      if (operation.op !== "create index" || context.catalog.relation(operation.table)?.id !== table.id) continue
      const { method, unique, nullsNotDistinct } = operation
      const shape = {
        ...planElements((span) => context.text(span), operation.elements, operation.predicate),
        include: operation.include.map(({ name }) => name),
        method,
        unique,
        nullsNotDistinct,
      }
      if (operation.index?.name === index.name || leadsLike(shape, index, table.columns)) return { statement, operation, shape }
    }
  }
  return null
}

/** Whether another index of the table serves the same queries all the time. `going`: names of those that go as well. */
function isCovered(index: Index, table: Relation, going: readonly string[], { catalog }: RuleContext): boolean {
  return catalog.indexesOf(table.id).some((other) => other.id !== index.id && other.valid && !going.includes(other.name) && leadsLike(other, index, table.columns))
}

/** Bulk changes go faster without an index, and it would have to be built again by some of the others. */
function changesRows({ op }: Operation): boolean {
  switch (op) {
    case "alter column type":
    case "rename column":
    case "drop column":
    case "rename relation":
    case "insert":
    case "update":
    case "delete":
    case "merge":
    case "copy":
    case "truncate":
    case "cluster":
      return true
    default:
      return false
  }
}

function namesTable(operation: Operation, table: Relation, { catalog }: RuleContext): boolean {
  if (operation.op === "truncate") return operation.tables.some((one) => catalog.relation(one.table)?.id === table.id)
  const name = "relation" in operation ? operation.relation : "table" in operation ? operation.table : null
  return name !== null && catalog.relation(name)?.id === table.id
}
