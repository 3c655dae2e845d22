import type { Identifier, Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Names } from "../names.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { quoteIdent } from "../../schema/format.ts"
import { notNullCheck } from "../facts.ts"
import { createNames } from "../names.ts"
import { fit, quoteName } from "../sql.ts"
import { brief, inTransaction, joinNotes, lockOn, recipe } from "../steps.ts"

export type SetNotNullParameters = Readonly<{ table: Name; column: Identifier }>

/** SET NOT NULL on a column whose rows must be checked. */
export function setNotNull(parameters: SetNotNullParameters, context: RecipeContext): Step[] {
  const { table, column } = parameters
  return recipe(notNullSteps({ table, column: column.name, names: createNames(table, context) }, context))
}

/** A column that is to refuse NULL. */
export interface Required {
  readonly table: PlainName
  readonly column: string
  /** The constraint's name; absent: derived. */
  readonly constraint?: string | null
  /** A trigger or a default fills the column already, and the rows that were there are filled. */
  readonly filled?: boolean
  /** A primary key or identity is to follow, for which a CHECK does not do. */
  readonly declared?: boolean
  readonly names: Names
}

/**
 * NOT NULL without a scan under a lock. From 18 on it is a constraint that can be NOT VALID (release notes of 18); from
 * 12 on a validated CHECK proves it (release notes of 12). On 11 the validated CHECK is where it ends, unless it does
 * not do.
 */
export function notNullSteps(
  { table, column, constraint = null, filled = false, declared = false, names }: Required,
  context: RecipeContext,
): Step[] {
  const { pgVersion } = context
  const alter = `ALTER TABLE ${quoteName(table)}`
  const existing = pgVersion >= 18 ? undefined : existingCheck(table, column, context)
  const name = constraint ?? existing ?? names.constraint([column], "not_null")
  const condition = pgVersion >= 18 ? `NOT NULL ${quoteIdent(column)}` : `CHECK (${quoteIdent(column)} IS NOT NULL)`
  const forbid = brief(
    {
      deploy: filled ? "migrate" : "expand",
      title: `Refuse new NULLs in ${quoteIdent(column)}, without checking the rows that are there`,
      note: filled
        ? null
        : "From here on writing NULL fails, and so does every UPDATE of a row that still holds one: ship the code " +
          "that always sets " +
          "the column, and fill such rows, first.",
    },
    table,
    "ACCESS EXCLUSIVE",
    fit(`${alter} ADD CONSTRAINT ${quoteIdent(name)}`, `${condition} NOT VALID;`),
  )
  const validate = inTransaction(
    {
      deploy: "migrate",
      title: "Check the rows that are there, while reads and writes go on",
      note: filled ? null : `Rows where ${quoteIdent(column)} IS NULL make it fail.`,
    },
    lockOn(table, "SHARE UPDATE EXCLUSIVE", "scan"),
    `${alter} VALIDATE CONSTRAINT ${quoteIdent(name)};`,
  )
  const steps = existing === undefined ? [forbid, validate] : [validate]
  if (pgVersion >= 18) return steps
  if (pgVersion === 11 && !declared) {
    const note =
      "On PostgreSQL 11 SET NOT NULL always reads the whole table under its lock. The CHECK guarantees the same: " +
      "keep it."
    return [...steps.slice(0, -1), { ...validate, note: joinNotes(validate.note, note) }]
  }
  const set = brief(
    {
      deploy: filled ? "migrate" : "contract",
      title:
        pgVersion === 11
          ? "Set NOT NULL, which on PostgreSQL 11 reads all rows under its lock"
          : "Set NOT NULL: the valid CHECK proves it, so no row is read",
    },
    table,
    "ACCESS EXCLUSIVE",
    `${alter} ALTER COLUMN ${quoteIdent(column)} SET NOT NULL;`,
    ...(existing === undefined ? [`${alter} DROP CONSTRAINT ${quoteIdent(name)};`] : []),
  )
  return [...steps, pgVersion === 11 ? { ...set, lock: lockOn(table, "ACCESS EXCLUSIVE", "scan") } : set]
}

/** A CHECK of an earlier migration that only lacks its validation. */
function existingCheck(table: PlainName, column: string, context: RecipeContext): string | undefined {
  const relation = context.catalog.relation(table)
  return relation === undefined ? undefined : notNullCheck(context.catalog, relation, column)?.name
}
