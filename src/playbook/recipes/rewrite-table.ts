import type { Identifier, Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { quoteIdent } from "../../schema/format.ts"
import { keyOf } from "../facts.ts"
import { quoteName } from "../sql.ts"
import { byHand, codeLine, inTransaction, joinNotes, recipe } from "../steps.ts"

export type RepackTableParameters = Readonly<{
  command: "VACUUM FULL" | "CLUSTER" | "SET TABLESPACE"
  /** null: every table of the database. */
  table: Name | null
  /** CLUSTER ... USING; null: the index the table is clustered on already. */
  index: Identifier | null
  /** Where SET TABLESPACE moves the table; its indexes stay where they are. */
  tablespace?: string
}>

/**
 * VACUUM FULL, CLUSTER and SET TABLESPACE: pg_repack instead.
 *
 * pg_repack writes a copy of the table, replays what was written meanwhile, and swaps the files under ACCESS EXCLUSIVE
 * for an instant. It runs from a shell, not as a migration (its documentation: Requirements, Options).
 */
export function repackTable({ command, table, index, tablespace }: RepackTableParameters, context: RecipeContext): Step[] {
  const { catalog } = context
  const relation = table === null ? undefined : catalog.relation(table)
  const extension = inTransaction(
    {
      deploy: "expand",
      title: "Install the extension that pg_repack works with",
      note:
        "The server needs the pg_repack package of its own major version, and the client must be of the same " +
        "release.",
    },
    null,
    "CREATE EXTENSION IF NOT EXISTS pg_repack;",
  )
  const order = index === null ? null : orderOf(index.name, table, context)
  const options = [
    ...(table === null ? [] : [`--table=${shellQuote(qualified(table, relation?.schema ?? null))}`]),
    ...(command !== "CLUSTER" ? ["--no-order"] : order === null ? [] : [`--order-by=${shellQuote(order)}`]),
    ...(tablespace === undefined ? [] : [`--tablespace=${shellQuote(tablespace)}`]),
    "--wait-timeout=60",
    "--no-kill-backend",
  ]
  const run = byHand({
    deploy: "migrate",
    title: table === null ? "Repack the tables from a shell" : `Repack ${quoteName(table)} from a shell`,
    note: joinNotes(
      "With the options that name host and database:",
      codeLine(`pg_repack ${options.join(" ")}`),
      "Reads and writes go on; ACCESS EXCLUSIVE is held for an instant at the start and at the end.",
      keyNote(relation === undefined ? undefined : keyOf(catalog, relation) !== null),
      "Free disk room of about twice the table with its indexes is needed.",
    ),
  })
  return recipe(catalog.hasExtension("pg_repack") ? [run] : [extension, run])
}

/**
 * SET LOGGED, SET UNLOGGED and SET ACCESS METHOD, which pg_repack cannot do: a copy of the table in its place, or a quiet hour. Views, foreign keys
 * and privileges hang on the old table, so that the swap is its owner's to write.
 */
export function replaceTable({ table, made }: Readonly<{ table: Name; made: string }>): Step[] {
  return recipe([
    byHand({
      deploy: "migrate",
      title: `Fill a copy of ${quoteName(table)} and switch to it, or choose a maintenance window`,
      note:
        `No command does this beside running reads and writes. Create a table of the same shape ${made}, let a trigger on ${quoteName(table)} ` +
        "repeat every write in it, copy the rows in batches, and swap the two names in one short transaction, with the foreign keys, views, privileges " +
        "and sequences of the old table moved to the new one.",
    }),
  ])
}

function keyNote(hasKey: boolean | undefined): string {
  return hasKey === true
    ? "The table has the key that pg_repack needs."
    : "The table needs a primary key or a unique index over NOT NULL columns."
}

/**
 * CLUSTER's order as columns, because pg_repack takes no index there; without it, it keeps the order the table is
 * clustered on.
 */
function orderOf(name: string, table: Name | null, { catalog }: RecipeContext): string | null {
  const index = catalog.index({ schema: table?.schema ?? null, name })
  const columns = index?.columns.filter((column) => column !== null) ?? []
  return columns.length === 0 ? null : columns.map(quoteIdent).join(", ")
}

/** pg_repack looks a bare name up in the search path of its own session: say the schema where it is known. */
function qualified(table: Name, schema: string | null): string {
  return quoteName({ schema: table.schema ?? schema, name: table.name })
}

function shellQuote(text: string): string {
  return /^[\w.,=:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
