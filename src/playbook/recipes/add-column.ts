import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { Name } from "../../parse/name.ts"
import type { ColumnDefinition } from "../../parse/operation.ts"
import type { Fill } from "../batches.ts"
import type { RecipeContext } from "../context.ts"
import type { Step } from "../step.ts"
import { quoteIdent } from "../../schema/index.ts"
import { fillBatch, inBatches } from "../batches.ts"
import { listed } from "../dependents.ts"
import { domainChecks } from "../domains.ts"
import { createNames } from "../names.ts"
import { alterTable, fit, quoteName } from "../sql.ts"
import { brief, byHand, joinNotes, recipe } from "../steps.ts"
import { createSync, oneWay, syncOf } from "../sync.ts"
import { constraintSteps, keyColumnsOf } from "./add-constraint.ts"
import { addedColumn, type AddedColumn, type Adding, type Kind } from "./added-column.ts"
import { notNullSteps } from "./set-not-null.ts"

export type AddColumnsParameters = Readonly<{
  table: Name
  /** Columns that one statement adds. */
  columns: readonly ColumnDefinition[]
  /** The columns of the primary key that the statement adds, too. */
  keyed?: readonly string[]
}>

/**
 * ADD COLUMN whose definition rewrites, scans, builds an index or fails: volatile default, serial, identity, stored
 * generated, constrained domain, NOT NULL without default, inline constraints. The columns come first and bare; what
 * they stand for follows in steps that let reads and writes go on, one pass over the rows for all of them.
 */
export function addColumns(parameters: AddColumnsParameters, context: RecipeContext): Step[] {
  return recipe(addSteps(parameters, context))
}

export function addSteps({ table, columns: definitions, keyed = [] }: AddColumnsParameters, context: RecipeContext): Step[] {
  const adding: Adding = { table, keyed, names: createNames(table, context), context }
  const read = definitions.map((definition) => ({ definition, column: addedColumn(definition, adding) }))
  const columns = read.flatMap(({ column }) => (column === null ? [] : [column]))
  const constraints = read.flatMap(({ definition, column }) => inlineSteps(definition, column?.domain?.notNull === true, adding))
  const uncomputed = columns.length < read.length ? [computedByHand(context)] : []
  if (columns.length === 0) return [...uncomputed, ...constraints]
  return [
    addStep(columns, table),
    ...triggerSteps(columns, adding),
    ...fillSteps(columns, adding),
    ...shipSteps(columns),
    ...requiredSteps(columns, adding),
    ...columns.flatMap(({ name, domain }) => (domain === null ? [] : domainChecks(table, name, domain, adding.names))),
    ...uncomputed,
    ...constraints,
    ...identitySteps(columns, table),
  ]
}

function addStep(columns: readonly AddedColumn[], table: Name): Step {
  const alter = `ALTER TABLE ${quoteName(table)}`
  const [first] = columns
  const kinds = [...new Set(columns.map(({ kind }) => kind))]
  const one = columns.length === 1
  const settings = columns.flatMap(({ name, default: text }) => (text === null ? [] : [{ column: `ALTER COLUMN ${quoteIdent(name)}`, set: `SET DEFAULT ${text}` }]))
  const [only] = settings
  return brief(
    {
      deploy: "expand",
      title: `Add ${named(columns)}${kinds.length === 1 && first !== undefined ? HOW[first.kind][one ? "one" : "more"] : ""}`,
      note: joinNotes(...kinds.map((kind) => NOTES[kind]?.[one ? "one" : "more"])),
    },
    table,
    "ACCESS EXCLUSIVE",
    ...columns.flatMap(({ before }) => before),
    one && first !== undefined ? `${fit(`${alter} ${first.add[0] ?? ""}`, ...first.add.slice(1))};` : alterTable(table, columns.map(({ add }) => add.join(" "))),
    ...columns.flatMap(({ behind }) => behind),
    ...(only === undefined
      ? []
      : [settings.length === 1 ? fit(`${alter} ${only.column}`, `${only.set};`) : alterTable(table, settings.map(({ column, set }) => `${column} ${set}`))]),
  )
}

interface Words {
  readonly one: string
  readonly more: string
}

const HOW: Readonly<Record<Kind, Words>> = {
  bare: { one: ", nullable and without default", more: ", nullable and without default" },
  constant: { one: " with its default", more: " with their defaults" },
  varying: { one: " with its default for new rows only", more: " with their defaults for new rows only" },
  numbered: { one: ", numbered from a sequence for new rows", more: ", numbered from sequences for new rows" },
  virtual: { one: ", which is computed when it is read", more: ", which are computed when they are read" },
}

const NOTES: Partial<Readonly<Record<Kind, Words>>> = {
  constant: {
    one: "The default is evaluated once and kept in the catalog: no row is touched.",
    more: "A constant default is evaluated once and kept in the catalog: no row is touched.",
  },
  varying: {
    one: "With the default in ADD COLUMN the whole table would be rewritten; set afterwards it touches no row.",
    more: "With a volatile default in ADD COLUMN the whole table would be rewritten; set afterwards it touches no row.",
  },
  numbered: {
    one: "Written as serial or identity, the whole table would be rewritten.",
    more: "Written as serial or identity, the whole table would be rewritten.",
  },
}

/** Stored generated columns. */
function triggerSteps(columns: readonly AddedColumn[], { table, names, context }: Adding): Step[] {
  const computed = columns.flatMap(({ name, computed }) => (computed === null ? [] : [{ to: name, value: computed }]))
  if (computed.length === 0) return []
  const sync = syncOf(table, computed.map(({ to }) => to), names, context)
  const what = computed.length === 1 ? "The column is an ordinary one" : "The columns are ordinary ones"
  const note = joinNotes(`${what}, kept by the trigger; GENERATED STORED always rewrites the table.`, virtualHint(context))
  return [createSync(sync, oneWay(computed), `Compute ${listed(computed.map(({ to }) => quoteIdent(to)))} on every write`, note)]
}

function virtualHint({ pgVersion }: RecipeContext): string | null {
  return pgVersion >= 18 ? "GENERATED ALWAYS AS with VIRTUAL needs no rewrite either, where the column is not to be indexed." : null
}

function computedByHand(context: RecipeContext): Step {
  const note = joinNotes("Add an ordinary column, let a trigger compute it, and fill the old rows in batches.", virtualHint(context))
  return byHand({ deploy: "expand", title: "A stored generated column rewrites the table", note })
}

/** One pass over the rows. Where it fills several columns, what a row has already stays. */
function fillSteps(columns: readonly AddedColumn[], { table, context }: Adding): Step[] {
  const filled = columns.filter(({ fill }) => fill !== null)
  if (filled.length === 0) return []
  const fills = filled.map(({ name, fill, computed }): Fill => {
    const column = quoteIdent(name)
    const value = fill ?? "NULL"
    return { column: name, value: filled.length === 1 || computed !== null ? value : `coalesce(${column}, ${value})`, missing: `${column} IS NULL` }
  })
  const settled = filled.every(({ computed }) => computed !== null)
  return [
    inBatches(
      {
        table,
        alias: null,
        write: (range) => fillBatch(table, fills, range),
        deploy: "migrate",
        title: settled ? `Compute ${filled.length === 1 ? "it" : "them"} for the rows that are there, in batches` : "Fill the rows that are there, in batches",
        note: null,
        settled,
        isUpdate: true,
      },
      context,
    ),
  ]
}

/** NOT NULL without default: the value of the old rows is the application's to know. */
function shipSteps(columns: readonly AddedColumn[]): Step[] {
  const open = columns.filter(({ kind, required, fill }) => kind === "bare" && required && fill === null)
  if (open.length === 0) return []
  const [value, column] = open.length === 1 ? ["value they get", "the column"] : ["values they get", "such a column"]
  return [
    byHand({
      deploy: "migrate",
      title: `Ship code that always writes ${named(open)}, then fill the rows that are there`,
      note:
        `Fill them in batches of about 1000 rows WHERE ${open.map(({ name }) => `${quoteIdent(name)} IS NULL`).join(" OR ")}; which ${value} only the ` +
        `application knows. If one value fits all of them, give ${column} a DEFAULT instead.`,
    }),
  ]
}

function requiredSteps(columns: readonly AddedColumn[], { table, names, context }: Adding): Step[] {
  return notNullSteps({ table, columns: columns.filter(({ required }) => required), filled: true, names }, context)
}

function identitySteps(columns: readonly AddedColumn[], table: Name): Step[] {
  const statements = columns.flatMap(({ takeOver }) => takeOver)
  const one = columns.filter(({ takeOver }) => takeOver.length > 0).length === 1
  const title = one ? "Let the identity take over from the sequence" : "Let the identities take over from the sequences"
  return statements.length === 0 ? [] : [brief({ deploy: "contract", title }, table, "ACCESS EXCLUSIVE", ...statements)]
}

/** CHECK, UNIQUE, PRIMARY KEY and REFERENCES written on a column, each by its own recipe. */
function inlineSteps({ name, notNull, serial, identity, constraints }: ColumnDefinition, heldToDomain: boolean, { table, names, context }: Adding): Step[] {
  const required = notNull !== null || serial || identity !== null || heldToDomain
  const covered = keyColumnsOf(constraints)
  // The index of a key comes before the foreign key that it serves.
  const [keys, others] = [constraints.filter(isKey), constraints.filter((one) => !isKey(one) && one.kind !== "not null")]
  return [...keys, ...others].flatMap((constraint) => constraintSteps(table, constraint, names, context, { required: required ? [name.name] : [], covered }))
}

function isKey({ kind }: ConstraintDefinition): boolean {
  return kind === "unique" || kind === "primary key"
}

function named(columns: readonly AddedColumn[]): string {
  return listed(columns.map(({ name }) => quoteIdent(name)))
}
