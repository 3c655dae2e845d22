import type { Statement } from "../parse/operation.ts"
import type { Catalog } from "../schema/catalog.ts"
import type { DroppedTrigger } from "./rule.ts"

const NONE: readonly DroppedTrigger[] = []

/** What the statement's DROP TRIGGER takes away, looked up in the catalog before it: after it the function may be gone as well. */
export function triggersDroppedBy({ operations }: Statement, catalog: Catalog): readonly DroppedTrigger[] {
  const [first] = operations
  if (first?.op !== "drop" || first.kind !== "trigger") return NONE
  return first.objects.flatMap(({ name, table }) => (table === null ? [] : { table: table.name, body: bodyOf(name.name, catalog.relation(table)?.id, catalog) }))
}

/** A function that gets its columns as arguments of the trigger may use any of them. */
function bodyOf(trigger: string, table: number | undefined, catalog: Catalog): string | null {
  const known = table === undefined ? undefined : catalog.triggersOf(table).find(({ name }) => name === trigger)
  if (known === undefined) return null
  const dot = known.function.lastIndexOf(".")
  const [called] = catalog.functions({ schema: dot < 0 ? null : known.function.slice(0, dot), name: known.function.slice(dot + 1) })
  return called?.body == null || /tg_argv/i.test(called.body) ? null : called.body
}
