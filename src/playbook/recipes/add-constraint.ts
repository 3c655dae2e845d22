import type { ConstraintDefinition } from "../../parse/constraint.ts"
import type { Identifier, Name } from "../../parse/name.ts"
import type { RecipeContext } from "../context.ts"
import type { Names } from "../names.ts"
import type { Step } from "../step.ts"
import { quoteIdent, referenceColumns } from "../../schema/format.ts"
import { indexStorage } from "../../schema/index-storage.ts"
import { listed } from "../dependents.ts"
import { coveringIndex, isNotNull, isSameTable, laterIndex } from "../facts.ts"
import { createNames, defaultLabel } from "../names.ts"
import { addingConstraints, alterTable, columnList, fit, parenthesized, quoteName } from "../sql.ts"
import { referencedTables } from "../near.ts"
import { DEPLOYS } from "../step.ts"
import { alsoLocked, brief, byHand, joinNotes, recipe } from "../steps.ts"
import { plainIndex, uniqueIndex } from "./create-index.ts"
import { partitionedKeySteps, partsOfKey, partitionedReference, partitionedReferenceSteps } from "./partitioned-constraint.ts"
import { notNullSteps } from "./set-not-null.ts"
import { validation } from "./validate-constraint.ts"

export type AddConstraintParameters = Readonly<{
  table: Name
  /** Inheriting tables are left out: of constraints, that matters to what a primary key does to its columns. */
  only?: boolean
  constraint: ConstraintDefinition
  /** Predecessors that the same statement drops: they go in the moment in which the constraint comes. */
  dropped?: readonly DroppedConstraint[]
  /** Columns that are NOT NULL by then. */
  required?: readonly string[]
}>

/** What DROP CONSTRAINT says. */
export interface DroppedConstraint {
  readonly constraint: Identifier
  readonly ifExists: boolean
  readonly cascade: boolean
}

type Kind<K extends ConstraintDefinition["kind"]> = Extract<ConstraintDefinition, { kind: K }>
type KeyDefinition = Kind<"unique" | "primary key">
type ForeignKey = Kind<"foreign key">

/** ADD CONSTRAINT of any kind: check, not null, foreign key, unique, primary key, exclude. */
export function addConstraint({ table, only = false, constraint, dropped = [], required = [] }: AddConstraintParameters, context: RecipeContext): Step[] {
  const names = createNames(table, context, dropped.map((one) => one.constraint.name))
  return recipe(constraintSteps(table, constraint, names, context, { only, dropped, required }))
}

export type AddConstraintsParameters = Readonly<{ table: Name; /** What one statement adds. */ constraints: readonly Pick<AddConstraintParameters, "constraint" | "dropped">[] }>

/** ADD CONSTRAINT of several constraints: none gets the name of another, one scan serves all checks, and one all NOT NULLs. */
export function addConstraints({ table, constraints }: AddConstraintsParameters, context: RecipeContext): Step[] {
  const names = createNames(table, context, constraints.flatMap(({ dropped = [] }) => dropped.map((one) => one.constraint.name)))
  const checks = constraints.flatMap(({ constraint, dropped = [] }) => (constraint.kind === "check" ? [checkOf(constraint, names, dropped, context)] : []))
  const required = constraints.flatMap(({ constraint }) =>
    constraint.kind === "not null" ? [{ name: constraint.column.name, constraint: constraint.name?.name ?? null }] : [],
  )
  const covered = keyColumnsOf(constraints.map(({ constraint }) => constraint))
  const others = constraints.flatMap(({ constraint, dropped = [] }) => {
    if (constraint.kind === "check" || constraint.kind === "not null") return []
    const steps = constraintSteps(table, constraint, names, context, { dropped, covered: [...covered] })
    if (constraint.kind === "foreign key") covered.push(constraint.columns.map((column) => column.name))
    return steps
  })
  const steps = [
    ...notNullSteps({ table, columns: required, names }, context),
    ...(checks.length === 0 ? [] : notValidSteps(table, checks, context)),
    ...others,
  ]
  // The parts of partitioned tables have an order of their own.
  return recipe(context.catalog.relation(table)?.kind === "partitioned table" ? steps : inDeployOrder(steps))
}

/** What a constraint's steps have to reckon with. */
interface Around {
  /** Columns that earlier steps of the recipe have made NOT NULL. */
  readonly required?: readonly string[]
  readonly only?: boolean
  readonly dropped?: readonly DroppedConstraint[]
  /** Columns that other steps of the recipe build an index over. */
  readonly covered?: readonly (readonly string[])[]
}

/** The columns of the UNIQUE and PRIMARY KEY constraints: their indexes serve foreign keys, too. */
export function keyColumnsOf(constraints: readonly ConstraintDefinition[]): (readonly string[])[] {
  return constraints.flatMap((one) => (one.kind === "unique" || one.kind === "primary key" ? [one.columns.map(({ name }) => name)] : []))
}

/** The steps for one constraint; `names` is shared by all parts of a recipe. */
export function constraintSteps(
  table: Name,
  constraint: ConstraintDefinition,
  names: Names,
  context: RecipeContext,
  { required = [], only = false, dropped = [], covered = [] }: Around = {},
): Step[] {
  switch (constraint.kind) {
    case "check":
      return notValidSteps(table, [checkOf(constraint, names, dropped, context)], context)
    case "not null":
      return notNullSteps(
        { table, only, columns: [{ name: constraint.column.name, constraint: constraint.name?.name ?? null }], names },
        context,
      )
    case "foreign key":
      return foreignKeySteps(table, constraint, names, { dropped, covered }, context)
    case "unique":
    case "primary key":
      return keySteps(table, constraint, names, context, { required, only, dropped })
    case "exclude":
      return [excludeByHand(table)]
  }
}

function checkOf(constraint: Kind<"check">, names: Names, dropped: readonly DroppedConstraint[], context: RecipeContext): NotValid {
  const columns = [...new Set(constraint.expression.columns.map((column) => column.column))]
  const name = constraint.name?.name ?? names.constraint(columns.length === 1 ? columns : [], "check")
  const inherit = constraint.noInherit ? " NO INHERIT" : ""
  const definition = `CHECK ${parenthesized(context.text(constraint.expression.span))}${inherit}`
  return { name, definition, references: null, dropped }
}

interface NotValid {
  readonly name: string
  readonly definition: string
  /** The table that a foreign key references. */
  readonly references: Name | null
  readonly dropped: readonly DroppedConstraint[]
}

/** NOT VALID, then VALIDATE (docs: ALTER TABLE, Notes): of one foreign key, or of checks. */
function notValidSteps(table: Name, constraints: readonly NotValid[], context: RecipeContext): Step[] {
  const references = constraints[0]?.references ?? null
  const foreignKey = references !== null
  const names = constraints.map(({ name }) => name)
  const dropped = constraints.flatMap((constraint) => constraint.dropped)
  const additions = constraints.map(({ name, definition }) => ({ name: quoteIdent(name), definition: `${definition} NOT VALID` }))
  const it = constraints.length === 1 ? "it" : "them"
  const alsoDropped = tablesOf(table, dropped, context)
  const parent = references === null || isSameTable(table, references, context) ? [] : [quoteName(references)].filter((name) => !alsoDropped.includes(name))
  const add = brief(
    {
      deploy: "expand",
      title: `Add ${listed(additions.map(({ name }) => name))} for new rows only`,
      note:
        references === null
          ? `From here on writes that break ${it} fail, and so does every UPDATE of a row that breaks ${it} already: ship ` +
            `the code that respects ${it}, and mend such rows, first.`
          : joinNotes(
              dropped.length === 0 ? alsoLocked(parent) : joinNotes(alsoLocked(alsoDropped), alsoLocked(parent, "SHARE ROW EXCLUSIVE")),
              "From here on writes that break it fail.",
            ),
    },
    table,
    foreignKey && dropped.length === 0 ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE",
    dropped.length === 0
      ? addingConstraints(table, additions)
      : alterTable(table, [...drops(dropped), ...additions.map(({ name, definition }) => `ADD CONSTRAINT ${name} ${definition}`)]),
  )
  return [add, validation(table, names, foreignKey)]
}

function drops(dropped: readonly DroppedConstraint[]): string[] {
  return dropped.map(
    ({ constraint, ifExists, cascade }) => `DROP CONSTRAINT ${ifExists ? "IF EXISTS " : ""}${quoteIdent(constraint.name)}${cascade ? " CASCADE" : ""}`,
  )
}

/** A partitioned table gets its constraint part by part: the predecessor goes before. */
function dropSteps(table: Name, dropped: readonly DroppedConstraint[], context: RecipeContext): Step[] {
  if (dropped.length === 0) return []
  const title = `Drop ${listed(dropped.map(({ constraint }) => quoteIdent(constraint.name)))}`
  return [brief({ deploy: "expand", title, note: alsoLocked(tablesOf(table, dropped, context)) }, table, "ACCESS EXCLUSIVE", alterTable(table, drops(dropped)))]
}

/** The tables that dropped foreign keys reference. */
function tablesOf(table: Name, dropped: readonly DroppedConstraint[], context: RecipeContext): string[] {
  const relation = context.catalog.relation(table)
  const constraints = relation === undefined ? [] : dropped.flatMap(({ constraint }) => context.catalog.constraint(relation.id, constraint.name) ?? [])
  return referencedTables(constraints, table, context)
}

/** The index for the parent's deletes and updates first, then NOT VALID, then VALIDATE. */
function foreignKeySteps(
  table: Name,
  constraint: ForeignKey,
  names: Names,
  { dropped, covered }: Pick<Required<Around>, "dropped" | "covered">,
  context: RecipeContext,
): Step[] {
  const columns = constraint.columns.map((column) => column.name)
  const name = constraint.name?.name ?? names.constraint(columns, defaultLabel("foreign key"))
  const definition = foreignKeyDefinition(constraint, context)
  const relation = context.catalog.relation(table)
  const built = covered.some((others) => columns.every((column) => others.slice(0, columns.length).includes(column)))
  const indexed = built || (relation === undefined ? undefined : coveringIndex(context.catalog, relation, columns) !== undefined)
  const partitioned = relation?.kind === "partitioned table"
  // A partitioned table's index has a recipe of its own; a table that was not seen whole may have an index already.
  const later = indexed === true || partitioned ? undefined : laterIndex(table, columns, context)
  const build =
    indexed === false && later === undefined && relation?.known === true && !partitioned
      ? [plainIndex(table, names.relation(columns, "idx"), columnList(columns), context)]
      : []
  if (partitioned && context.pgVersion < 18) {
    return [...dropSteps(table, dropped, context), ...partitionedReferenceSteps(name, partitionedReference(table, relation, name, definition, constraint.references, context))]
  }
  const [add, ...rest] = notValidSteps(table, [{ name, definition, references: constraint.references, dropped }], context)
  if (add === undefined) return build
  const hint =
    indexed === true || build.length > 0
      ? null
      : `${later === undefined ? `Without an index on (${columnList(columns)})` : `Until ${later.name === null ? "the index" : quoteIdent(later.name)} is there, which comes later in the file,`} every DELETE in ${quoteName(constraint.references)} reads all ` +
        `of ${quoteName(table)}.`
  return [...build, { ...add, note: joinNotes(add.note, hint) }, ...rest]
}

/** `FOREIGN KEY (a) REFERENCES p (b) ON DELETE CASCADE`, with the clauses behind REFERENCES as the user wrote them. */
function foreignKeyDefinition(constraint: ForeignKey, context: RecipeContext): string {
  const written = context.text(constraint.span)
  const at = context.text({ start: constraint.span.start, end: constraint.references.span.start }).length
  const tail = written.slice(at + constraint.references.span.end - constraint.references.span.start)
  const clauses = tail.replace(/\s+NOT\s+(?:VALID|ENFORCED)\b/gi, "").trimEnd()
  const columns = referenceColumns(constraint.columns.map(({ name }) => name), constraint.period)
  return `FOREIGN KEY (${columns}) REFERENCES ${quoteName(constraint.references)}${clauses}`
}

/**
 * A unique index built concurrently, then put behind the constraint (docs: ALTER TABLE, ADD
 * table_constraint_using_index).
 */
function keySteps(
  table: Name,
  constraint: KeyDefinition,
  names: Names,
  context: RecipeContext,
  { required: declared, only, dropped }: Omit<Required<Around>, "covered">,
): Step[] {
  if (constraint.withoutOverlaps) return [excludeByHand(table)]
  const primary = constraint.kind === "primary key"
  const relation = context.catalog.relation(table)
  const columns = keyColumns(constraint, table, context)
  const nullable = primary
    ? columns.filter((column) => !declared.includes(column) && (relation === undefined || !isNotNull(context.catalog, relation, column)))
    : []
  // From 18 on the heirs of a primary key's columns are NOT NULL, too.
  const required = notNullSteps({ table, only: only && context.pgVersion < 18, columns: nullable.map((name) => ({ name, declared: true })), names }, context)
  const given = constraint.usingIndex?.name ?? null
  const named = constraint.name?.name ?? given
  const include = constraint.include.map((column) => column.name)
  const name =
    named ?? (primary ? names.relation([], "pkey") : names.relation([...columns, ...include], defaultLabel("unique")))
  const key = {
    words: primary ? "PRIMARY KEY" : "UNIQUE",
    columns: columnList(columns),
    labels: [...columns, ...include],
    include: include.length > 0 ? ` INCLUDE (${columnList(include)})` : "",
    nulls: constraint.nullsNotDistinct ? " NULLS NOT DISTINCT" : "",
    ...(indexStorage(context.text(constraint.span)) ?? { parameters: "", tablespace: "" }),
    deferrable: deferrable(constraint),
  } as const
  if (relation?.kind === "partitioned table" && given === null) {
    return [...required, ...dropSteps(table, dropped, context), ...partitionedKeySteps(table, name, key, partsOfKey(table, relation, key, names, context, dropped.length > 0), context)]
  }
  // The predecessor's index has its name until it goes.
  const index = given ?? (dropped.length === 0 ? name : names.of(table).relation([...columns, ...include], "new"))
  const build = given === null ? [uniqueIndex(table, index, key.columns, key.include + key.nulls + key.parameters + key.tablespace, context)] : []
  const put = brief(
    {
      deploy: "contract",
      title: `Put the ${primary ? "primary key" : "constraint"} on the index`,
    },
    table,
    "ACCESS EXCLUSIVE",
    dropped.length === 0
      ? fit(
          `ALTER TABLE ${only ? "ONLY " : ""}${quoteName(table)} ADD CONSTRAINT ${quoteIdent(name)}`,
          `${key.words} USING INDEX ${quoteIdent(index)}${key.deferrable};`,
        )
      : alterTable(table, [...drops(dropped), `ADD CONSTRAINT ${quoteIdent(name)} ${key.words} USING INDEX ${quoteIdent(index)}${key.deferrable}`], only),
  )
  return inDeployOrder([...required, ...build, put])
}

function deferrable(constraint: ConstraintDefinition): string {
  if (constraint.initiallyDeferred) return " DEFERRABLE INITIALLY DEFERRED"
  return constraint.deferrable ? " DEFERRABLE" : ""
}

/** First what may be done first: the index while NOT NULL is on its way. */
function inDeployOrder(steps: readonly Step[]): Step[] {
  return DEPLOYS.flatMap((deploy) => steps.filter((step) => step.deploy === deploy))
}

/** USING INDEX names no columns: they are the index's. */
function keyColumns(constraint: KeyDefinition, table: Name, { catalog }: RecipeContext): readonly string[] {
  if (constraint.columns.length > 0 || constraint.usingIndex === null)
    return constraint.columns.map((column) => column.name)
  const index = catalog.index({ schema: table.schema, name: constraint.usingIndex.name })
  return index?.columns.filter((column) => column !== null) ?? []
}

function excludeByHand(table: Name): Step {
  return byHand({
    deploy: "expand",
    title: "No form of this constraint can be added beside running writes",
    note:
      "PostgreSQL builds an exclusion constraint's index under ACCESS EXCLUSIVE, and has neither NOT VALID nor " +
      "USING INDEX for it. " +
      `Create a table of the same shape with the constraint, let a trigger on ${quoteName(table)} copy every write ` +
      "into it, " +
      "copy the old rows in batches, and swap the two names in one short transaction; or add it in a maintenance " +
      "window.",
  })
}
