import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { Name, OperationOf } from "../../parse/operation.ts"
import type { RecipeContext } from "../context.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { makeObjectName } from "../../schema/derived-names.ts"
import { quoteIdent } from "../../schema/format.ts"
import { isNotNull } from "../facts.ts"
import { createNames } from "../names.ts"
import { alterTable, columnList, quoteName } from "../sql.ts"
import { brief, joinNotes, recipe } from "../steps.ts"
import { createIndex, uniqueIndex } from "./create-index.ts"
import { dropIndex, type DropIndexParameters } from "./drop-index.ts"
import { notNullSteps } from "./set-not-null.ts"

export type ReplacePrimaryKeyParameters = Readonly<{
  table: Name
  only?: boolean
  /** `orders_pkey`, and what DROP CONSTRAINT says behind it. */
  dropped: Readonly<{ name: string; ifExists: boolean; cascade: boolean }>
  /** The new key, as the migration adds it. */
  key: ConstraintDefinition & { readonly kind: "primary key" | "unique" }
  /** The migration's own CREATE UNIQUE INDEX of the index that the key uses, where it is not there yet. */
  build: OperationOf<"create index"> | null
  /** The new key is in a later statement. */
  comesLater?: boolean
  /** Columns that are NOT NULL by then. */
  required?: readonly string[]
}>

/**
 * One primary key for another: the new key's index is built first, and both constraints change places in one ALTER TABLE (docs:
 * ALTER TABLE, ADD table_constraint_using_index).
 */
export function replacePrimaryKey({ table, only = false, dropped, key, build, comesLater = false, required: declared = [] }: ReplacePrimaryKeyParameters, context: RecipeContext): Step[] {
  const names = createNames(table, context)
  const columns = key.columns.map(({ name }) => name)
  const relation = context.catalog.relation(table)
  const nullable = columns.filter((column) => !declared.includes(column) && (relation === undefined || !isNotNull(context.catalog, relation, column)))
  const include = key.include.length > 0 ? ` INCLUDE (${columnList(key.include.map(({ name }) => name))})` : ""
  const index = key.usingIndex?.name ?? names.relation(columns, "key")
  const derived = makeObjectName(table.name, null, "pkey")
  const name = key.name?.name ?? key.usingIndex?.name ?? (derived === dropped.name ? derived : names.relation([], "pkey"))
  const own = build === null ? [] : createIndex(build, context)
  const built = key.usingIndex === null ? [uniqueIndex(table, index, columnList(columns), include, context)] : own
  const required = key.usingIndex === null ? notNullSteps({ table, only: only && context.pgVersion < 18, columns: nullable.map((name) => ({ name, declared: true })), names }, context) : []
  const deferrable = key.initiallyDeferred ? " DEFERRABLE INITIALLY DEFERRED" : key.deferrable ? " DEFERRABLE" : ""
  const swap = brief(
    {
      deploy: "contract",
      title: "Put the primary key on the new index, in the statement that drops the old one",
      note: joinNotes("The table is never without a key.", comesLater ? "In place of the ADD PRIMARY KEY that comes later." : null),
    },
    table,
    "ACCESS EXCLUSIVE",
    alterTable(table, [
      `DROP CONSTRAINT ${dropped.ifExists ? "IF EXISTS " : ""}${quoteIdent(dropped.name)}${dropped.cascade ? " CASCADE" : ""}`,
      `ADD CONSTRAINT ${quoteIdent(name)} PRIMARY KEY USING INDEX ${quoteIdent(index)}${deferrable}`,
    ], only),
  )
  return recipe([...required, ...built, swap])
}

export type KeepReplicaIdentityParameters = Readonly<{
  table: PlainName
  /** A unique index of the table that is not going; null: its primary key. */
  index: string | null
  /** What goes: the user's own statement, or an index. */
  drop: string | DropIndexParameters
}>

/** Another index identifies rows before the first one goes. */
export function keepReplicaIdentity({ table, index, drop }: KeepReplicaIdentityParameters, context: RecipeContext): Step[] {
  const [identity, what] = index === null ? ["DEFAULT", "the primary key"] : [`USING INDEX ${quoteIdent(index)}`, quoteIdent(index)]
  const statement = `ALTER TABLE ${quoteName(table)} REPLICA IDENTITY ${identity};`
  const title = `Let ${what} identify the rows of ${quoteName(table)}`
  if (typeof drop !== "string") {
    return recipe([brief({ deploy: "expand", title }, table, "ACCESS EXCLUSIVE", statement), ...dropIndex(drop, context)])
  }
  return recipe([brief({ deploy: "expand", title: `${title}, and drop the old key` }, table, "ACCESS EXCLUSIVE", statement, drop)])
}
