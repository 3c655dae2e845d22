import type { Column, Constraint, Index, Relation } from "../schema/catalog.ts"
import type { RecipeContext } from "./context.ts"
import type { Copy } from "./copies.ts"
import type { Names } from "./names.ts"
import type { PlainName } from "./sql.ts"
import type { Step } from "./step.ts"
import { quoteIdent } from "../schema/format.ts"
import { columnDependents, generatedFrom } from "./dependents.ts"
import { renameInExpression } from "./expressions.ts"
import { identifies, readBy, takeMarks } from "./index-marks.ts"
import { indexDefinition, indexTail, storageOf } from "./index-text.ts"
import { createNames } from "./names.ts"
import { nameNear } from "./near.ts"
import { columnList, fit, parenthesized, quoteName } from "./sql.ts"
import { brief } from "./steps.ts"
import { concurrentBuild } from "./recipes/create-index.ts"
import { partitionIndexes, partitionedIndexSteps, partitionedKeySteps, partitionedReferenceSteps } from "./recipes/partitioned-constraint.ts"
import { notNullSteps } from "./recipes/set-not-null.ts"
import { validation } from "./recipes/validate-constraint.ts"

/** One column taking over from another of the same table. */
export interface Takeover {
  readonly table: PlainName
  readonly relation: Relation
  readonly column: Column
  readonly from: string
  readonly to: string
  /** The name of the new column in the end: `to`, or `from` where it takes the old one's place. */
  readonly final: string
  readonly names: Names
}

/** Everything that stands on the old column, built anew on the other one without blocking. */
export interface Carried {
  /** To be done while both columns are there and equal. */
  readonly steps: readonly Step[]
  /** Statements under the one lock in which the old column is given up: before that, and after. */
  readonly release: readonly string[]
  readonly reattach: readonly string[]
  /** What is left to do after that. */
  readonly after: readonly Step[]
  /** Checks on the old column, which would refuse rows once nobody fills it any more. */
  readonly oldChecks: readonly string[]
  /** What stands beside its original until that is gone. */
  readonly copies: readonly Copy[]
  /** Other tables that this locks. */
  readonly alsoLocked: readonly string[]
  /** What has to be done by hand, in words. */
  readonly byHand: readonly string[]
}

/** Copies NOT NULL, CHECKs, foreign keys both ways, keys and indexes of `from` to `to`, in the table and in those that inherit its column. */
export function carryOver(takeover: Takeover, context: RecipeContext): Carried {
  const { table, relation, from } = takeover
  const heirs = context.catalog.tree(relation.id).filter(({ id }) => id !== relation.id)
  const own = heirs.map((heir) => {
    const column = context.catalog.column(heir, from)
    const name = nameNear(heir, table, context)
    return column === undefined ? NOTHING : carryOwn({ ...takeover, table: name, relation: heir, column, names: createNames(name, context) }, takeover.column, context)
  })
  return merge([carryOwn(takeover, null, context), ...own])
}

/** What stands on the column of one table. @param parent The column that it inherits: what comes from there is carried there. */
function carryOwn(takeover: Takeover, parent: Column | null, context: RecipeContext): Carried {
  const { catalog } = context
  const { relation, from, column } = takeover
  const parts: Carried[] = []
  const constraints = catalog.constraintsOf(relation.id).filter((constraint) => constraint.columns.includes(from) && (parent === null || !constraint.inherited))
  const inPrimaryKey = constraints.some((constraint) => constraint.kind === "primary key")
  if (parent?.notNull !== true && (column.notNull || inPrimaryKey))
    parts.push(carryNotNull(takeover, inPrimaryKey || column.identity !== null || identifies(takeover, context), context))
  for (const constraint of constraints) {
    if (constraint.kind === "check") parts.push(carryCheck(takeover, constraint))
    else if (constraint.kind === "foreign key") parts.push(carryForeignKey(takeover, constraint, context))
    else if (constraint.kind === "unique" || constraint.kind === "primary key")
      parts.push(carryKey(takeover, constraint, context))
    else if (constraint.kind === "exclude")
      parts.push({ ...NOTHING, byHand: [`exclusion constraint ${quoteIdent(constraint.name)}`] })
  }
  for (const index of catalog.indexesOf(relation.id)) {
    const isPart = parent !== null && index.parent !== null
    if (index.constraint === null && !isPart && readBy(index).includes(from)) parts.push(carryIndex(takeover, index, context))
  }
  // Before the keys, because a key cannot be dropped under a reference, and the other way round for adding.
  for (const constraint of catalog.referencing(relation.id))
    if (constraint.references?.columns.includes(from) === true)
      parts.unshift(carryReference(takeover, constraint, context))
  for (const { name, columns, expressionColumns } of catalog.statisticsOf(relation.id))
    if ([...columns, ...expressionColumns].includes(from)) parts.push({ ...NOTHING, byHand: [`statistics ${quoteIdent(name)}`] })
  // Once nobody fills the old column any more, it must refuse no row.
  if (parent?.notNull === false && column.notNull)
    parts.push({ ...NOTHING, release: [fit(`ALTER TABLE ${quoteName(takeover.table)} ALTER COLUMN ${quoteIdent(from)}`, "DROP NOT NULL;")] })
  const { blocking } = columnDependents(context, relation, from)
  return merge([...parts, { ...NOTHING, byHand: [...blocking, ...ofHeir(takeover, parent)] }])
}

/** What an inheriting table may say of the column for itself. */
function ofHeir({ table, relation, from, column }: Takeover, parent: Column | null): string[] {
  if (parent === null) return []
  const computed = generatedFrom(relation, from).map(({ name }) => `generated column ${quoteIdent(name)} of ${quoteName(table)}`)
  return column.default?.text === parent.default?.text ? computed : [...computed, `the default of ${quoteIdent(from)} in ${quoteName(table)}`]
}

const NOTHING: Carried = {
  steps: [],
  release: [],
  reattach: [],
  after: [],
  oldChecks: [],
  copies: [],
  alsoLocked: [],
  byHand: [],
}

function merge(parts: readonly Carried[]): Carried {
  return {
    steps: parts.flatMap((part) => part.steps),
    release: parts.flatMap((part) => part.release),
    reattach: [...parts].reverse().flatMap((part) => part.reattach),
    after: parts.flatMap((part) => part.after),
    oldChecks: parts.flatMap((part) => part.oldChecks),
    copies: parts.flatMap((part) => part.copies),
    alsoLocked: [...new Set(parts.flatMap((part) => part.alsoLocked))],
    byHand: parts.flatMap((part) => part.byHand),
  }
}

function inMigrate(step: Step): Step {
  return { ...step, deploy: "migrate" }
}

/** The name of a copy: the original's with the other column's name in it, or numbered. */
function copyLabel(original: string, { table, from, to }: Takeover): string {
  const renamed = original.includes(from) ? original.replace(from, to) : `${original}_${to}`
  return renamed.startsWith(`${table.name}_`) ? renamed.slice(table.name.length + 1) : renamed
}

/** From 18 on NOT NULL is a constraint with a name (release notes of 18). */
function carryNotNull(
  { table, relation, from, to, names }: Takeover,
  declared: boolean,
  context: RecipeContext,
): Carried {
  const name = names.constraint([to], "not_null")
  const steps = notNullSteps({ table, columns: [to], constraint: name, filled: true, declared, names }, context)
  if (context.pgVersion < 18) return { ...NOTHING, steps }
  const original = context.catalog
    .constraintsOf(relation.id)
    .find((constraint) => constraint.kind === "not null" && constraint.columns[0] === from)
  return { ...NOTHING, steps, copies: original === undefined ? [] : [copyOf(table, name, original.name)] }
}

function carryCheck(takeover: Takeover, constraint: Constraint): Carried {
  const { table, from, to, names } = takeover
  const text = constraint.expression === null ? null : renameInExpression(constraint.expression.text, from, to)
  if (text === null) return { ...NOTHING, byHand: [`check ${quoteIdent(constraint.name)}`] }
  const name = names.constraint([], copyLabel(constraint.name, takeover))
  const inherit = constraint.noInherit ? " NO INHERIT" : ""
  const add = brief(
    { deploy: "migrate", title: `Carry ${quoteIdent(constraint.name)} over` },
    table,
    "ACCESS EXCLUSIVE",
    fit(
      `ALTER TABLE ${quoteName(table)} ADD CONSTRAINT ${quoteIdent(name)}`,
      `CHECK ${parenthesized(text)}${inherit} ${unchecked(constraint)};`,
    ),
  )
  return {
    ...NOTHING,
    steps: constraint.validated ? [add, validation(table, name, false)] : [add],
    oldChecks: [`ALTER TABLE ${quoteName(table)} DROP CONSTRAINT ${quoteIdent(constraint.name)};`],
    copies: [copyOf(table, name, constraint.name)],
  }
}

function carryForeignKey(takeover: Takeover, constraint: Constraint, context: RecipeContext): Carried {
  const { table, relation, from, to, names } = takeover
  const parent = constraint.references === null ? undefined : context.catalog.relationById(constraint.references.table)
  if (parent === undefined) return { ...NOTHING, byHand: [`foreign key ${quoteIdent(constraint.name)}`] }
  const name = names.constraint([], copyLabel(constraint.name, takeover))
  const columns = constraint.columns.map((column) => (column === from ? to : column))
  const parentName = nameNear(parent, table, context)
  if (relation.kind === "partitioned table" && context.pgVersion < 18) {
    const definition = foreignKeyText(constraint, columns, parentName, constraint.references?.columns ?? [])
    const steps = partitionedReferenceSteps(table, relation, name, definition, parentName, context)
    return {
      ...NOTHING,
      steps: steps.map(inMigrate),
      copies: [copyOf(table, name, constraint.name)],
      alsoLocked: [quoteName(parentName)],
    }
  }
  const add = brief(
    {
      deploy: "migrate",
      title: `Carry ${quoteIdent(constraint.name)} over`,
      note: parent.id === relation.id ? null : `${quoteName(parentName)} is locked in the same mode for the same instant.`,
    },
    table,
    "SHARE ROW EXCLUSIVE",
    fit(
      `ALTER TABLE ${quoteName(table)} ADD CONSTRAINT ${quoteIdent(name)}`,
      `${foreignKeyText(constraint, columns, parentName, constraint.references?.columns ?? [])} ${unchecked(constraint)};`,
    ),
  )
  return {
    ...NOTHING,
    steps: constraint.validated ? [add, validation(table, name, true)] : [add],
    copies: [copyOf(table, name, constraint.name)],
    alsoLocked: [quoteName(parentName)],
  }
}

/** A foreign key that references the old column: it needs the copy of the key first, so it is moved with it. */
function carryReference(takeover: Takeover, constraint: Constraint, context: RecipeContext): Carried {
  const { table, from, final } = takeover
  const child = context.catalog.relationById(constraint.table)
  if (child === undefined) return NOTHING
  const childName = nameNear(child, table, context)
  const referenced = (constraint.references?.columns ?? []).map((column) => (column === from ? final : column))
  const alter = `ALTER TABLE ${quoteName(childName)}`
  return {
    ...NOTHING,
    release: [`${alter} DROP CONSTRAINT ${quoteIdent(constraint.name)};`],
    reattach: [
      fit(
        `${alter} ADD CONSTRAINT ${quoteIdent(constraint.name)}`,
        `${foreignKeyText(constraint, constraint.columns, table, referenced)} ${unchecked(constraint)};`,
      ),
    ],
    after: constraint.validated ? [validation(childName, constraint.name, true)] : [],
    alsoLocked: [quoteName(childName)],
  }
}

/** `FOREIGN KEY (a) REFERENCES p (b) ON DELETE CASCADE`, as the constraint says it, with other columns and names. */
export function foreignKeyText(
  { references, ...constraint }: Constraint,
  columns: readonly string[],
  parent: PlainName,
  referenced: readonly string[],
): string {
  const target = referenced.length === 0 ? "" : ` (${columnList(referenced)})`
  const match = references?.match === "full" ? " MATCH FULL" : ""
  // The key's columns may go by new names.
  const setColumns = references?.onDeleteColumns.map((name) => columns[constraint.columns.indexOf(name)] ?? name) ?? []
  const onDelete =
    references === null || references.onDelete === "no action"
      ? ""
      : ` ON DELETE ${references.onDelete.toUpperCase()}${setColumns.length === 0 ? "" : ` (${columnList(setColumns)})`}`
  const onUpdate =
    references === null || references.onUpdate === "no action"
      ? ""
      : ` ON UPDATE ` + `${references.onUpdate.toUpperCase()}`
  const delay = delayOf(constraint)
  return (
    `FOREIGN KEY (${columnList(columns)}) REFERENCES ` +
    `${quoteName(parent)}${target}${match}${onDelete}${onUpdate}${delay}`
  )
}

/** How the copy begins, without a look at the rows; what was not enforced (18) is not enforced afterwards. */
function unchecked({ enforced }: Constraint): string {
  return enforced ? "NOT VALID" : "NOT ENFORCED"
}

function delayOf({ deferrable, initiallyDeferred }: Pick<Constraint, "deferrable" | "initiallyDeferred">): string {
  if (initiallyDeferred) return " DEFERRABLE INITIALLY DEFERRED"
  return deferrable ? " DEFERRABLE" : ""
}

function carryKey(takeover: Takeover, constraint: Constraint, context: RecipeContext): Carried {
  const { table, relation, from, to, names } = takeover
  const index = constraint.index === null ? undefined : context.catalog.indexById(constraint.index)
  const name = names.relation([], copyLabel(constraint.name, takeover))
  const columns = constraint.columns.map((column) => (column === from ? to : column))
  const tail =
    index === undefined
      ? ""
      : indexTail(
          index,
          index.include.map((column) => (column === from ? to : column)),
        )
  if (relation.kind === "partitioned table") {
    if (constraint.kind === "primary key") return carryPartitionedKey(takeover, constraint, columns, tail, context)
    const key = {
      words: "UNIQUE" as const,
      columns: columnList(columns),
      labels: [constraint.name],
      include: index === undefined || index.include.length === 0 ? "" : ` INCLUDE (${columnList(index.include)})`,
      nulls: index?.nullsNotDistinct === true ? " NULLS NOT DISTINCT" : "",
      parameters: index?.storage?.parameters ?? "",
      tablespace: index?.storage?.tablespace ?? "",
      deferrable: delayOf(constraint),
    }
    const steps = partitionedKeySteps(table, relation, name, key, context)
    return { ...NOTHING, steps: steps.map(inMigrate), copies: [copyOf(table, name, constraint.name)] }
  }
  const create = fit(
    `CREATE UNIQUE INDEX CONCURRENTLY ${quoteIdent(name)}`,
    `ON ${quoteName(table)} (${columnList(columns)})${tail}${index === undefined ? "" : storageOf(index)};`,
  )
  const build = inMigrate(concurrentBuild(table, name, create, context))
  const alter = `ALTER TABLE ${quoteName(table)}`
  const delay = delayOf(constraint)
  if (constraint.kind === "primary key") {
    const drop = `${alter} DROP CONSTRAINT ${quoteIdent(constraint.name)};`
    const add = fit(
      `${alter} ADD CONSTRAINT ${quoteIdent(constraint.name)}`,
      `PRIMARY KEY USING INDEX ${quoteIdent(name)}${delay};`,
    )
    return { ...NOTHING, steps: [build], release: [...takeMarks(takeover, index, name), drop], reattach: [add] }
  }
  const put = brief(
    { deploy: "migrate", title: `Carry ${quoteIdent(constraint.name)} over` },
    table,
    "ACCESS EXCLUSIVE",
    fit(`${alter} ADD CONSTRAINT ${quoteIdent(name)}`, `UNIQUE USING INDEX ${quoteIdent(name)}${delay};`),
  )
  return { ...NOTHING, steps: [build, put], release: takeMarks(takeover, index, name), copies: [copyOf(table, name, constraint.name)] }
}

/**
 * The primary key of a partitioned table cannot be put on an index. Its partitions' keys can, and the parent takes them over.
 */
function carryPartitionedKey(
  { table, relation, from, to, final }: Takeover,
  constraint: Constraint,
  columns: readonly string[],
  tail: string,
  context: RecipeContext,
): Carried {
  const indexes = partitionIndexes(table, relation, `${constraint.name}_${to}`, context)
  if (indexes === null) return { ...NOTHING, byHand: [`primary key ${quoteIdent(constraint.name)}`] }
  const definition = `(${columnList(columns)})${tail};`
  const alter = `ALTER TABLE ${quoteName(table)}`
  const key = constraint.columns.map((column) => (column === from ? final : column))
  return {
    ...NOTHING,
    steps: indexes.map(({ partition, index }) => {
      const create = fit(`CREATE UNIQUE INDEX CONCURRENTLY ${quoteIdent(index)}`, `ON ${quoteName(partition)} ${definition}`)
      return inMigrate(concurrentBuild(partition, index, create, context))
    }),
    release: [`${alter} DROP CONSTRAINT ${quoteIdent(constraint.name)};`],
    reattach: [
      ...indexes.map(({ partition, index }) =>
        fit(`ALTER TABLE ${quoteName(partition)} ADD CONSTRAINT ${quoteIdent(index)}`, `PRIMARY KEY USING INDEX ${quoteIdent(index)};`),
      ),
      fit(`${alter} ADD CONSTRAINT ${quoteIdent(constraint.name)}`, `PRIMARY KEY (${columnList(key)})${tail};`),
    ],
  }
}

function carryIndex(takeover: Takeover, index: Index, context: RecipeContext): Carried {
  const { table, relation, from, to, names } = takeover
  const expressions = index.expressions.map((expression) => renameInExpression(expression, from, to))
  const predicate = index.predicate === null ? null : renameInExpression(index.predicate.text, from, to)
  if (expressions.includes(null) || (index.predicate !== null && predicate === null))
    return { ...NOTHING, byHand: [`index ${quoteIdent(index.name)}`] }
  const name = names.relation([], copyLabel(index.name, takeover))
  const renamed = (column: string | null): string | null => (column === from ? to : column)
  const parts = {
    columns: index.columns.map(renamed),
    expressions: expressions.map((expression) => expression ?? ""),
    include: index.include.map((column) => (column === from ? to : column)),
    predicate,
  }
  const definition = `${indexDefinition(index, parts)};`
  const create = `CREATE ${index.unique ? "UNIQUE " : ""}INDEX`
  const steps =
    relation.kind === "partitioned table"
      ? partitionedIndexSteps(table, relation, name, { create, definition }, context)
      : [concurrentBuild(table, name, fit(`${create} CONCURRENTLY ${quoteIdent(name)}`, `ON ${quoteName(table)}${definition}`), context)]
  if (steps === null) return { ...NOTHING, byHand: [`index ${quoteIdent(index.name)}`] }
  return {
    ...NOTHING,
    steps: steps.map(inMigrate),
    release: takeMarks(takeover, index, name),
    copies: [{ kind: "index", table, name, original: index.name, computes: index.columns.includes(null) }],
  }
}

function copyOf(table: PlainName, name: string, original: string): Copy {
  return { kind: "constraint", table, name, original, computes: false }
}
