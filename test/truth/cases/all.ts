import { addColumn } from "./add-column.ts"
import { column } from "./column.ts"
import { columnType } from "./column-type.ts"
import { command } from "./command.ts"
import { constraint } from "./constraint.ts"
import type { KnownCase } from "./group.ts"
import { index } from "./index.ts"
import { object } from "./object.ts"
import { partition } from "./partition.ts"
import { table } from "./table.ts"
import { view } from "./view.ts"

/** Every proven case, in the order of the reference page. */
export const cases: readonly KnownCase[] = [
  ...addColumn,
  ...column,
  ...columnType,
  ...constraint,
  ...index,
  ...table,
  ...partition,
  ...view,
  ...object,
  ...command,
]
