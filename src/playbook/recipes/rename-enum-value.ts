import type { Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { quoteIdent } from "../../schema/format.ts"
import { inBatches } from "../batches.ts"
import { nameNear } from "../near.ts"
import { qualifiedType } from "../qualified.ts"
import { quoteLiteral, quoteName } from "../sql.ts"
import { alone, byHand, inTransaction, recipe } from "../steps.ts"

export type RenameEnumValueParameters = Readonly<{
  type: Name
  value: { readonly text: string }
  newValue: { readonly text: string }
}>

/**
 * ALTER TYPE ... RENAME VALUE: a second label, code that knows both, the rows moved. A label cannot be dropped again.
 */
export function renameEnumValue({ type: given, value, newValue }: RenameEnumValueParameters, context: RecipeContext): Step[] {
  const { catalog } = context
  const type = qualifiedType(given, context)
  const from = quoteLiteral(value.text)
  const to = quoteLiteral(newValue.text)
  const known = catalog.type(given)
  const part = {
    deploy: "expand",
    title: `Add ${to} beside ${from}`,
    note: "In a migration of its own: the new label cannot be used in the transaction that adds it.",
  } as const
  const addValue = `ALTER TYPE ${quoteName(type)} ADD VALUE IF NOT EXISTS ${to} AFTER ${from};`
  const add = context.pgVersion < 12 ? alone(part, null, addValue) : inTransaction(part, null, addValue)
  const code = byHand({
    deploy: "migrate",
    title: `Ship code that reads both labels and writes ${to}`,
    note: `Defaults, CHECKs, views and functions that name ${from} have to name ${to} too.`,
  })
  const users = known === undefined ? [] : catalog.usersOfType(known.id)
  const rows = users
    .filter(({ relation, column }) => relation.partition === null && !column.inherited)
    .map(({ relation, column }) => {
      const near: PlainName = { schema: type.schema, name: type.name }
      const table = nameNear(relation, near, context)
      const field = quoteIdent(column.name)
      const [value, has] =
        column.type.dimensions === 0 ? [to, `${field} = ${from}`] : [`array_replace(${field}, ${from}, ${to})`, `${from} = ANY (${field})`]
      return inBatches(
        {
          table,
          alias: null,
          write: (range) => `UPDATE ${quoteName(table)} SET ${field} = ${value}\nWHERE ${range}\n  AND ${has}`,
          deploy: "migrate",
          title: `Move the rows of ${quoteName(table)}, in batches`,
          note: null,
          settled: false,
          isUpdate: true,
        },
        context,
      )
    })
  const byCatalog = byHand({
    deploy: "migrate",
    title: `Move the rows from ${from} to ${to} in batches`,
    note: "The migrations read so far show no table that uses the type.",
  })
  const done = byHand({
    deploy: "contract",
    title: `Ship code that knows ${to} alone`,
    note: `PostgreSQL cannot drop a label: ${from} stays in the type, unused.`,
  })
  return recipe([add, code, ...(rows.length > 0 ? rows : [byCatalog]), done])
}
