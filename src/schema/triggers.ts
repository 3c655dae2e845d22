/** Triggers, and the copies of row triggers that the partitions of their table have. */
import type { ObjectId, Relation, Trigger } from "./catalog.ts"
import type { OperationOf } from "../parse/operation.ts"
import { columnsRead, isSolid } from "./columns.ts"
import { needRelation } from "./names.ts"
import { put, refuse, type Store } from "./store.ts"

export function createTrigger(store: Store, op: OperationOf<"create trigger">): void {
  const table = needRelation(store, op.table, "table", false)
  if (table === undefined) return
  const name = op.trigger.name
  const others = (store.triggers.get(table.id) ?? []).filter((trigger) => trigger.name !== name)
  if (others.length < (store.triggers.get(table.id) ?? []).length && !op.orReplace) {
    if (store.now.conditional) return
    if (isSolid(store, table, name)) {
      refuse("42710", `trigger "${name}" for relation "${table.name}" already exists`, op.trigger.span)
    }
  }
  const trigger: Trigger = {
    name,
    table: table.id,
    function: op.function.schema === null ? op.function.name : `${op.function.schema}.${op.function.name}`,
    events: op.events,
    timing: op.timing,
    columns: [
      ...new Set([...op.updateOf.map((column) => column.name), ...(op.when === null ? [] : columnsRead(op.when))]),
    ],
    constraint: op.constraint,
    forEachRow: op.forEachRow,
    from: op.from === null ? null : (needRelation(store, op.from, "table", false)?.id ?? null),
    enabled: true,
    copyOf: null,
    created: store.now.origin,
  }
  put(store, store.triggers, table.id, [...others, trigger])
  if (table.kind === "partitioned table") for (const partition of store.children.get(table.id) ?? []) copyTrigger(store, partition, trigger)
}

/** A partition, and what is below it, takes over the row triggers of the table above. */
export function copyTrigger(store: Store, partition: ObjectId, trigger: Trigger): void {
  if (!trigger.forEachRow) return
  const own = store.triggers.get(partition) ?? []
  const copy = { ...trigger, table: partition, copyOf: trigger.name }
  put(store, store.triggers, partition, [...own.filter(({ name }) => name !== copy.name), copy])
  for (const child of store.children.get(partition) ?? []) copyTrigger(store, child, copy)
}

/** Detached, a partition loses the row triggers that it had from its parent. */
export function dropCopies(store: Store, partition: ObjectId): void {
  for (const { name, copyOf } of store.triggers.get(partition) ?? []) if (copyOf !== null) dropTrigger(store, partition, name)
}

/** Drops a trigger with its copies; false when there is none. */
export function dropTrigger(store: Store, table: ObjectId, name: string): boolean {
  const own = store.triggers.get(table)
  if (own?.some((trigger) => trigger.name === name) !== true) return false
  put(store, store.triggers, table, own.filter((trigger) => trigger.name !== name))
  for (const [child, { name: copy }] of copiesOf(store, table, name)) dropTrigger(store, child, copy)
  return true
}

/** From 15 on the copies take the new name, too. */
export function renameTrigger(store: Store, table: ObjectId, from: string, to: string): void {
  const copies = [...copiesOf(store, table, from)]
  change(store, table, ({ name }) => name === from, (old) => ({ ...old, name: to }))
  for (const [child, copy] of copies) {
    change(store, child, ({ name }) => name === copy.name, (old) => ({ ...old, copyOf: to }))
    if (store.pgVersion >= 15) renameTrigger(store, child, copy.name, to)
  }
}

/** Row triggers of a partitioned table are switched with their copies. */
export function switchTriggers(store: Store, table: Relation, { trigger, op, only }: OperationOf<"enable trigger" | "disable trigger">): void {
  const enabled = op === "enable trigger"
  for (const { name } of store.triggers.get(table.id) ?? []) if (typeof trigger === "string" || trigger.name === name) switchTrigger(store, table.id, name, enabled, only)
}

function switchTrigger(store: Store, table: ObjectId, name: string, enabled: boolean, only: boolean): void {
  change(store, table, (trigger) => trigger.name === name, (old) => ({ ...old, enabled }))
  for (const [child, copy] of only ? [] : copiesOf(store, table, name)) switchTrigger(store, child, copy.name, enabled, false)
}

/** The copies of a trigger in the partitions next below. */
function* copiesOf(store: Store, table: ObjectId, name: string): Generator<readonly [ObjectId, Trigger]> {
  for (const child of store.children.get(table) ?? []) {
    const copy = store.triggers.get(child)?.find(({ copyOf }) => copyOf === name)
    if (copy !== undefined) yield [child, copy]
  }
}

function change(store: Store, table: ObjectId, which: (trigger: Trigger) => boolean, how: (trigger: Trigger) => Trigger): void {
  const own = store.triggers.get(table)
  if (own !== undefined) put(store, store.triggers, table, own.map((trigger) => (which(trigger) ? how(trigger) : trigger)))
}
