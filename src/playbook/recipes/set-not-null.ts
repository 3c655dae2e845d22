import type { Identifier, Name } from "../../parse/name.ts"
import type { ColumnType } from "../../schema/catalog.ts"
import type { RecipeContext } from "../context.ts"
import type { Names } from "../names.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { quoteIdent } from "../../schema/format.ts"
import { holdsRows } from "../../schema/proofs.ts"
import { listed } from "../dependents.ts"
import { notNullCheck } from "../facts.ts"
import { createNames } from "../names.ts"
import { acknowledged } from "../acknowledge.ts"
import { addingConstraints, alterTable } from "../sql.ts"
import { brief, inTransaction, joinNotes, lockOn, recipe } from "../steps.ts"

export type SetNotNullParameters = Readonly<{ table: Name; /** Inheriting tables keep their NULLs. */ only?: boolean; columns: readonly Identifier[] }>

/** SET NOT NULL on columns whose rows must be checked. */
export function setNotNull({ table, only = false, columns }: SetNotNullParameters, context: RecipeContext): Step[] {
  const names = createNames(table, context)
  return recipe(notNullSteps({ table, only, columns: columns.map(({ name }) => ({ name })), names }, context))
}

/** Columns that are to refuse NULL. */
export interface Required {
  readonly table: PlainName
  /** Inheriting tables keep their NULLs. */
  readonly only?: boolean
  readonly columns: readonly RequiredColumn[]
  /** Triggers or defaults fill the columns already, and the rows that were there are filled. */
  readonly filled?: boolean
  readonly names: Names
}

interface RequiredColumn {
  readonly name: string
  /** Of a column that is not in the catalog yet. */
  readonly type?: ColumnType
  /** The constraint's name; absent: derived. */
  readonly constraint?: string | null
  /** A primary key or identity is to follow, for which a CHECK does not do. */
  readonly declared?: boolean
}

/** A column that is to refuse NULL, with the constraint that makes it do so. */
interface Check {
  readonly column: string
  /** The conditions that it holds a value, and that it does not. */
  readonly isSet: string
  readonly isMissing: string
  readonly declared: boolean
  /** A constraint that is there already. */
  readonly existing: string | undefined
  /** That of the constraint, quoted. */
  readonly name: string
}

/**
 * NOT NULL without a scan under a lock; one scan without a lock serves all columns. From 18 on it is a constraint that can be NOT VALID (release notes of 18); from
 * 12 on a validated CHECK proves it (release notes of 12). On 11 the validated CHECK is where it ends, unless it does
 * not do.
 */
export function notNullSteps(required: Required, context: RecipeContext): Step[] {
  const { table, only = false, columns, names } = required
  if (columns.length === 0) return []
  const { pgVersion } = context
  const alone = only && mayHaveHeirs(table, context)
  // Whether a NOT NULL of 18 may be NO INHERIT depends on its heirs: SET NOT NULL decides that by itself.
  const native = pgVersion >= 18 && !alone
  // The name of the NOT NULL that 18 makes stays free for it.
  const label = pgVersion >= 18 && alone ? "check" : "not_null"
  const checks = columns.map(({ name, type, constraint = null, declared = false }): Check => {
    const existing = existingConstraint(table, name, context)
    const column = quoteIdent(name)
    return { column, ...nullTests(column, type ?? typeOf(table, name, context), context), declared, existing, name: quoteIdent(existing ?? constraint ?? names.constraint([name], label)) }
  })
  const made = checks.filter(({ existing }) => existing === undefined)
  const forbid = made.length === 0 ? [] : [forbidStep(required, listed(checks.map(({ column }) => column)), made, ({ column, isSet }) => `${native ? `NOT NULL ${column}` : `CHECK (${isSet})${alone ? " NO INHERIT" : ""}`} NOT VALID`)]
  const validate = validateStep(required, checks)
  if (native) return [...forbid, validate]
  // On 11 only what needs more than a CHECK is worth the scan.
  const set = pgVersion === 11 ? checks.filter(({ declared }) => declared) : checks
  if (set.length > 0) return [...forbid, validate, declareStep(required, set, alone, pgVersion)]
  const note = "On PostgreSQL 11 SET NOT NULL always reads the whole table under its lock. The CHECK guarantees the same: keep it."
  return [...forbid, { ...validate, note: joinNotes(validate.note, note) }]
}

function forbidStep({ table, columns, filled = false }: Required, shown: string, made: readonly Check[], definition: (check: Check) => string): Step {
  return brief(
    {
      deploy: filled ? "migrate" : "expand",
      title: `Refuse new NULLs in ${shown}, without checking the rows that are there`,
      note: filled
        ? null
        : "From here on writing NULL fails, and so does every UPDATE of a row that still holds one: ship the code " +
          `that always sets the ${columns.length === 1 ? "column" : "columns"}, and fill such rows, first.`,
    },
    table,
    "ACCESS EXCLUSIVE",
    addingConstraints(table, made.map((check) => ({ name: check.name, definition: definition(check) }))),
  )
}

function validateStep({ table, filled = false }: Required, checks: readonly Check[]): Step {
  return inTransaction(
    {
      deploy: "migrate",
      title: "Check the rows that are there, while reads and writes go on",
      note: filled ? null : `Rows where ${checks.map(({ isMissing }) => isMissing).join(" or ")} make it fail.`,
    },
    lockOn(table, "SHARE UPDATE EXCLUSIVE", "scan"),
    alterTable(table, checks.map(({ name }) => `VALIDATE CONSTRAINT ${name}`)),
  )
}

/** SET NOT NULL, after which the constraints that were made to prove it have no use. */
function declareStep({ table, filled = false }: Required, checks: readonly Check[], alone: boolean, pgVersion: number): Step {
  const setAll = alterTable(table, checks.map(({ column }) => `ALTER COLUMN ${column} SET NOT NULL`), alone)
  const useless = checks.filter(({ existing }) => existing === undefined)
  const reads = pgVersion === 11
  const step = brief(
    {
      deploy: filled ? "migrate" : "contract",
      title: reads ? "Set NOT NULL, which on PostgreSQL 11 reads all rows under its lock" : "Set NOT NULL: the valid CHECK proves it, so no row is read",
    },
    table,
    "ACCESS EXCLUSIVE",
    reads ? acknowledged("not-null-scans-table", "PostgreSQL 11 has no other way", setAll) : setAll,
    ...(useless.length === 0 ? [] : [alterTable(table, useless.map(({ name }) => `DROP CONSTRAINT ${name}`))]),
  )
  return reads ? { ...step, lock: lockOn(table, "ACCESS EXCLUSIVE", "scan") } : step
}

/** The conditions that a column holds a value, and that it does not: of a row, IS NULL would test the fields. */
function nullTests(column: string, type: ColumnType | undefined, { catalog }: RecipeContext): { readonly isSet: string; readonly isMissing: string } {
  return holdsRows(type, catalog)
    ? { isSet: `${column} IS DISTINCT FROM NULL`, isMissing: `${column} IS NOT DISTINCT FROM NULL` }
    : { isSet: `${column} IS NOT NULL`, isMissing: `${column} IS NULL` }
}

function typeOf(table: PlainName, name: string, { catalog }: RecipeContext): ColumnType | undefined {
  const relation = catalog.relation(table)
  return relation === undefined ? undefined : catalog.column(relation, name)?.type
}

/** Whether other tables inherit from the table, or may do so. */
function mayHaveHeirs(table: PlainName, { catalog }: RecipeContext): boolean {
  const relation = catalog.relation(table)
  return relation === undefined || (relation.kind === "table" && (!relation.known || catalog.children(relation.id).length > 0))
}

/** A CHECK of an earlier migration, or from 18 on its NOT NULL constraint, that only lacks its validation. */
function existingConstraint(table: PlainName, column: string, { catalog, pgVersion }: RecipeContext): string | undefined {
  const relation = catalog.relation(table)
  if (relation === undefined) return undefined
  if (pgVersion < 18) return notNullCheck(catalog, relation, column)?.name
  return catalog.constraintsOf(relation.id).find(({ kind, validated, columns }) => kind === "not null" && !validated && columns[0] === column)?.name
}
