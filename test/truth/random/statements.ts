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
  const written = world.choose.pick(world.choose.pick(families) ?? [])?.(world) ?? null
  return written !== null && world.choose.once(20) && IN_CODE.test(written) && !/ CONCURRENTLY\b/.test(written) ? inBlock(world, written) : written
}

/** What code can run, and means the same there. */
const IN_CODE = /^(?:ALTER (?:TABLE|INDEX|VIEW|SEQUENCE)|CREATE (?:TABLE|INDEX|UNIQUE INDEX|VIEW|TYPE|DOMAIN|SEQUENCE)|DROP|LOCK|INSERT|COMMENT) /

function inBlock(world: World, statement: string): string {
  const text = world.choose.once(2) ? `EXECUTE $x$${statement}$x$` : statement
  return `DO $do$ BEGIN ${text}; END $do$`
}
