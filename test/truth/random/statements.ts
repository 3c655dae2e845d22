import { alter, columnActions } from "./columns.ts"
import { constraintActions, tableActions } from "./constraints.ts"
import { indexWriters, typeWriters, viewWriters } from "./objects.ts"
import { partWriters } from "./parts.ts"
import { rowWriters } from "./rows.ts"
import { tableWriters } from "./tables.ts"
import { anyTable, type World, type Writer } from "./world.ts"

const alterTable: Writer = (world) => {
  const table = anyTable(world)
  return table === undefined ? null : alter(world, table, [columnActions, columnActions, columnActions, constraintActions, constraintActions, tableActions])
}

/** Families of statements; more frequent ones stand more often. */
const families: readonly (readonly Writer[])[] = [
  tableWriters,
  tableWriters,
  tableWriters,
  [alterTable],
  [alterTable],
  [alterTable],
  [alterTable],
  indexWriters,
  viewWriters,
  typeWriters,
  partWriters,
  rowWriters,
  rowWriters,
]

/** The next statement of a random program. */
export function anyStatement(world: World): string | null {
  return world.choose.pick(world.choose.pick(families) ?? [])?.(world) ?? null
}
