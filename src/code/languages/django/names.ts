/** Names that Django makes up. Source: django/db/backends/base/schema.py and django/db/backends/utils.py. */
import { md5 } from "../../md5.ts"

/** How long names of PostgreSQL are at most. */
const LONGEST = 63

/** As Django quotes: a name that has its quotes already stays as it is, so that one may hold a schema (`app"."orders`). */
export function quoted(name: string): string {
  return name.startsWith('"') && name.endsWith('"') ? name : `"${name}"`
}

/** The table of a model, or of a relation of many to many, that names none. */
export function tableName(name: string): string {
  return name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 4)}${digest([name], 4)}`
}

/** The name of an index or a constraint. @param suffix Begins with `_`, or is empty. */
export function indexName(table: string, columns: readonly string[], suffix = ""): string {
  const plain = withoutSchema(table)
  const hashed = `${digest([plain, ...columns], 8)}${suffix}`
  const whole = `${plain}_${columns.join("_")}_${hashed}`
  if (whole.length <= LONGEST) return whole
  const end = hashed.length > LONGEST / 3 ? hashed.slice(0, LONGEST / 3) : hashed
  const rest = Math.floor((LONGEST - end.length) / 2) - 1
  const short = `${plain.slice(0, rest)}_${columns.join("_").slice(0, rest)}_${end}`
  return /^[_0-9]/.test(short) ? `D${short.slice(0, -1)}` : short
}

export function foreignKeyName(table: string, column: string, toTable: string, toColumn: string): string {
  return indexName(table, [column], `_fk_${withoutSchema(toTable)}_${toColumn}`)
}

/** The name that the server gives to a constraint of a column: that of the table and the column, as far as there is room. */
export function serverName(table: string, column: string, label: string): string {
  let [first, second] = [withoutSchema(table), column]
  const room = LONGEST - label.length - 2
  while (first.length + second.length > room) {
    if (first.length > second.length) first = first.slice(0, -1)
    else second = second.slice(0, -1)
  }
  return `${first}_${second}_${label}`
}

function withoutSchema(table: string): string {
  return (table.split('"."').at(-1) ?? table).replace(/^"+|"+$/g, "")
}

function digest(parts: readonly string[], length: number): string {
  return md5(parts.join("")).slice(0, length)
}
