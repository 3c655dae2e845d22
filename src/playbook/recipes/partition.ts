import type { Name } from "../../parse/name.ts"
import type { OperationOf, PartitionBound, PartitionValue } from "../../parse/operation.ts"
import type { Constraint, Index, Relation } from "../../schema/catalog.ts"
import type { RecipeContext } from "../context.ts"
import type { Names } from "../names.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { becomesPart } from "../../schema/foreign-key-match.ts"
import { indexColumnNames } from "../../schema/derived-names.ts"
import { quoteIdent } from "../../schema/format.ts"
import { foreignKeyText } from "../carry.ts"
import { delayOf } from "../carry-keys.ts"
import { listed } from "../dependents.ts"
import { nameNear } from "../near.ts"
import { indexDefinition } from "../index-text.ts"
import { createNames, defaultLabel } from "../names.ts"
import { canServe } from "../../schema/index-match.ts"
import { columnList, fit, quoteLiteral, quoteName } from "../sql.ts"
import { alone, alsoLocked, brief, codeLine, joinNotes, lockOn, recipe } from "../steps.ts"
import { concurrentBuild } from "./create-index.ts"
import { partitionedIndexSteps, partitionedKeySteps, partsOf, partsOfKey, type KeyParts } from "./partitioned-constraint.ts"
import { validation } from "./validate-constraint.ts"

export type AttachPartitionParameters = Readonly<{ parent: Name; partition: Name; bound: PartitionBound }>
export type DetachPartitionParameters = Readonly<{ parent: PlainName; partition: PlainName }>
export type CreatePartitionParameters = Readonly<OperationOf<"create table">>

/**
 * ATTACH PARTITION without a scan: a validated CHECK that implies the bound, NULLs excluded, is proof enough (docs:
 * ALTER TABLE, ATTACH PARTITION). The default partition, if there is one, needs the opposite CHECK.
 */
export function attachPartition(parameters: AttachPartitionParameters, context: RecipeContext): Step[] {
  const { parent, partition, bound } = parameters
  const { catalog } = context
  const relation = catalog.relation(parent)
  const condition = boundCondition(relation, bound)
  const check = joined([...conditionsAbove(relation, context), bound.kind === "default" ? defaultCondition(relation, context) : boundCondition(relation, bound, true)])
  const proof = check === null ? null : prove(partition, check, createNames(partition, context))
  const fallback = relation === undefined ? undefined : defaultPartition(relation, context)
  const fallbackName = fallback === undefined ? null : nameNear(fallback, parent, context)
  const excluded =
    condition === null || fallbackName === null
      ? null
      : prove(fallbackName, `NOT (${condition})`, createNames(fallbackName, context))
  const references = missingReferences(parent, partition, context)
  const referenced = [...new Set(references.map((reference) => quoteName(reference.referenced)))]
  const attach = brief(
    {
      deploy: "contract",
      title: `Attach ${quoteName(partition)}`,
      note: joinNotes(
        proof === null
          ? "Without a validated CHECK on the partition that implies its bound, NULLs excluded, all its rows are " +
              "read under this lock: pgsafe does not know the partition key well enough to write it."
          : "The valid CHECK proves the bound: no row is read.",
        "Indexes and foreign keys like the parent's have to be on the partition before, or they are built and checked here.",
        `${quoteName(parent)} is locked in ` +
          `${context.pgVersion >= 12 ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE"} mode.`,
        referenced.length === 0 ? null : `${listed(referenced)} ${referenced.length === 1 ? "is" : "are"} locked too, because triggers of the partition's own keys go.`,
      ),
    },
    partition,
    "ACCESS EXCLUSIVE",
    fit(`ALTER TABLE ${quoteName(parent)} ATTACH PARTITION ${quoteName(partition)}`, `${context.text(bound.span)};`),
    ...(proof?.drop ?? []),
    ...(excluded?.drop ?? []),
  )
  return recipe([...missingIndexes(parent, partition, context), ...references.flatMap(({ steps }) => steps), ...(proof?.steps ?? []), ...(excluded?.steps ?? []), attach])
}

/** Indexes like the parent's, which ATTACH would build under its lock. Only those of tables of which everything is known. */
function missingIndexes(parent: Name, partition: Name, context: RecipeContext): Step[] {
  const { catalog } = context
  const [above, child] = [catalog.relation(parent), catalog.relation(partition)]
  if (above === undefined || child?.known !== true) return []
  const names = createNames(partition, context)
  const taken = new Set<number>()
  return catalog.indexesOf(above.id).flatMap((index) => {
    const constraint = index.constraint === null ? null : (catalog.constraintById(index.constraint) ?? null)
    const behind = (own: Index): Constraint | undefined => (own.constraint === null ? undefined : catalog.constraintById(own.constraint))
    const serving = catalog.indexesOf(child.id).find((own) => !taken.has(own.id) && canServe(own, behind(own), { ...index, constraint, sameKind: true }, child.columns))
    if (serving !== undefined) taken.add(serving.id)
    if (serving !== undefined || constraint?.kind === "exclude") return []
    return child.kind === "partitioned table" ? partitionedLike(index, constraint, partition, child, names, context) : indexLike(index, constraint, partition, names, context)
  })
}

/** An index like the parent's on a partition that is partitioned itself. */
function partitionedLike(index: Index, constraint: Constraint | null, partition: Name, child: Relation, names: Names, context: RecipeContext): Step[] {
  if (constraint !== null && constraint.kind !== "unique" && constraint.kind !== "primary key") return []
  const name = nameLike(index, constraint, names)
  if (constraint === null) {
    const definition = `${indexDefinition(index, { ...index, predicate: index.predicate?.text ?? null })};`
    const create = `CREATE ${index.unique ? "UNIQUE " : ""}INDEX`
    const parts = partsOf(partition, child, context, (part) => nameLike(index, null, names.of(part)))
    return partitionedIndexSteps(partition, name, { create, definition }, parts, context)
  }
  const key: KeyParts = {
    words: constraint.kind === "primary key" ? "PRIMARY KEY" : "UNIQUE",
    columns: columnList(constraint.columns),
    labels: indexColumnNames(index.labels),
    include: index.include.length === 0 ? "" : ` INCLUDE (${columnList(index.include)})`,
    nulls: index.nullsNotDistinct ? " NULLS NOT DISTINCT" : "",
    parameters: index.storage?.parameters ?? "",
    tablespace: index.storage?.tablespace ?? "",
    deferrable: delayOf(constraint),
  }
  return partitionedKeySteps(partition, name, key, partsOfKey(partition, child, key, names, context), context)
}

function nameLike(index: Index, constraint: Constraint | null, names: Names): string {
  const label = constraint === null ? "idx" : defaultLabel(constraint.kind === "primary key" ? "primary key" : "unique")
  return names.relation(constraint?.kind === "primary key" ? [] : indexColumnNames(index.labels), label)
}

/** A foreign key of the parent's that the partition is to have before, so that ATTACH takes it over and reads no row. */
interface MissingReference {
  readonly referenced: PlainName
  readonly steps: readonly Step[]
}

/** Foreign keys like the parent's, which ATTACH would check under its lock. Those to partitioned tables come in parts before 15, which it does not take over. */
function missingReferences(parent: Name, partition: Name, context: RecipeContext): MissingReference[] {
  const { catalog, pgVersion } = context
  const [above, child] = [catalog.relation(parent), catalog.relation(partition)]
  if (above === undefined || child?.known !== true || child.kind !== "table") return []
  const own = catalog.constraintsOf(child.id)
  return catalog.constraintsOf(above.id).flatMap((constraint): MissingReference[] => {
    const target = constraint.kind !== "foreign key" || constraint.references === null ? undefined : catalog.relationById(constraint.references.table)
    if (target === undefined || !constraint.enforced || !constraint.validated || (target.kind === "partitioned table" && pgVersion < 15)) return []
    const alike = own.filter((one) => becomesPart(one, constraint))
    if (alike.some(({ validated }) => validated)) return []
    const referenced = nameNear(target, partition, context)
    const [there] = alike
    if (there !== undefined) return [{ referenced, steps: [validation(partition, [there.name], true)] }]
    const name = own.some((one) => one.name === constraint.name) ? createNames(partition, context).constraint(constraint.columns, defaultLabel("foreign key")) : constraint.name
    const add = brief(
      { deploy: "expand", title: `Add ${quoteIdent(name)} like the parent's for new rows only`, note: alsoLocked([quoteName(referenced)]) },
      partition,
      "SHARE ROW EXCLUSIVE",
      fit(
        `ALTER TABLE ${quoteName(partition)} ADD CONSTRAINT ${quoteIdent(name)}`,
        `${foreignKeyText(constraint, constraint.columns, referenced, constraint.references?.columns ?? [])} NOT VALID;`,
      ),
    )
    return [{ referenced, steps: [add, validation(partition, [name], true)] }]
  })
}

function indexLike(index: Index, constraint: Constraint | null, partition: Name, names: Names, context: RecipeContext): Step[] {
  const name = nameLike(index, constraint, names)
  const definition = indexDefinition(index, { ...index, predicate: index.predicate?.text ?? null })
  const create = fit(`CREATE ${index.unique ? "UNIQUE " : ""}INDEX CONCURRENTLY ${quoteIdent(name)}`, `ON ${quoteName(partition)}${definition};`)
  const build = concurrentBuild(partition, name, create, context)
  if (constraint === null) return [build]
  const words = constraint.kind === "primary key" ? "PRIMARY KEY" : "UNIQUE"
  const put = fit(`ALTER TABLE ${quoteName(partition)} ADD CONSTRAINT ${quoteIdent(name)}`, `${words} USING INDEX ${quoteIdent(name)};`)
  return [build, brief({ deploy: "expand", title: `Put the ${words.toLowerCase()} constraint on ${quoteIdent(name)}` }, partition, "ACCESS EXCLUSIVE", put)]
}

export function detachPartition(parameters: DetachPartitionParameters, context: RecipeContext): Step[] {
  return recipe([detachment(parameters, context)])
}

/** DETACH PARTITION CONCURRENTLY, from 14 on and without a default partition (docs: ALTER TABLE). */
export function detachment({ parent, partition }: DetachPartitionParameters, context: RecipeContext): Step {
  const relation = context.catalog.relation(parent)
  const fallback = relation === undefined ? undefined : defaultPartition(relation, context)
  const alter = `ALTER TABLE ${quoteName(parent)} DETACH PARTITION ${quoteName(partition)}`
  const title = `Detach ${quoteName(partition)}`
  if (context.pgVersion < 14 || fallback !== undefined) {
    const note =
      fallback === undefined
        ? "DETACH CONCURRENTLY exists from PostgreSQL 14 on; here the lock is strong, but held for an instant."
        : "A default partition forbids DETACH CONCURRENTLY; the lock is strong, but held for an instant."
    return brief({ deploy: "contract", title, note }, parent, "ACCESS EXCLUSIVE", `${alter};`)
  }
  return alone(
    {
      deploy: "contract",
      title: `${title} while reads and writes go on`,
      note: joinNotes(
        "Alone in its file, outside a transaction. If it is interrupted, this completes it:",
        codeLine(`${alter} FINALIZE;`),
        `Unless another CHECK says the same, a CHECK with the bound stays on ${quoteName(partition)}: it can be attached again without a scan. Drop it ` +
          "where that is not wanted.",
      ),
    },
    lockOn(partition, "ACCESS EXCLUSIVE", "instant"),
    `${alter} CONCURRENTLY;`,
  )
}

/** CREATE TABLE with PARTITION OF locks the parent against everything; ATTACH of an empty table does not. */
export function createPartition(operation: CreatePartitionParameters, context: RecipeContext): Step[] {
  const { table, partitionOf } = operation
  if (partitionOf === null) return []
  const { parent, bound } = partitionOf
  const exists = operation.ifNotExists ? "IF NOT EXISTS " : ""
  const fallback = defaultOf(parent, context)
  const condition = boundCondition(context.catalog.relation(parent), bound)
  const excluded =
    fallback === null || condition === null
      ? null
      : prove(fallback, `NOT (${condition})`, createNames(fallback, context))
  const attach = brief(
    {
      deploy: "expand",
      title: `Create ${quoteName(table)} by itself and attach it while it is empty`,
      note: joinNotes(
        "Clauses of its own (columns, WITH, TABLESPACE, PARTITION BY) go into its CREATE TABLE.",
        fallback === null ? null : `${quoteName(fallback)} is locked for the same instant.`,
      ),
    },
    fallback ?? parent,
    fallback !== null || context.pgVersion < 12 ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE",
    `CREATE TABLE ${exists}${quoteName(table)} (LIKE ${quoteName(parent)} INCLUDING ALL EXCLUDING IDENTITY);`,
    fit(`ALTER TABLE ${quoteName(parent)} ATTACH PARTITION ${quoteName(table)}`, `${context.text(bound.span)};`),
    ...(excluded?.drop ?? []),
  )
  return recipe([...(excluded?.steps ?? []), attach])
}

function defaultOf(parent: PlainName, context: RecipeContext): PlainName | null {
  const relation = context.catalog.relation(parent)
  const fallback = relation === undefined ? undefined : defaultPartition(relation, context)
  return fallback === undefined ? null : nameNear(fallback, parent, context)
}

function defaultPartition(relation: Relation, { catalog }: RecipeContext): Relation | undefined {
  return catalog.children(relation.id).find((child) => child.partition?.bound.kind === "default")
}

/** A validated CHECK, and its removal once it has served. */
function prove(table: PlainName, condition: string, names: Names): { steps: Step[]; drop: string[] } {
  const name = names.constraint([], "bound_check")
  const alter = `ALTER TABLE ${quoteName(table)}`
  return {
    steps: [
      brief(
        { deploy: "expand", title: `Let a CHECK say what ${quoteName(table)} holds` },
        table,
        "ACCESS EXCLUSIVE",
        fit(`${alter} ADD CONSTRAINT ${quoteIdent(name)}`, `CHECK (${condition}) NOT VALID;`),
      ),
      validation(table, [name], false),
    ],
    drop: [`${alter} DROP CONSTRAINT ${quoteIdent(name)};`],
  }
}

/**
 * The bound as a condition on the partition key, shaped like the one that PostgreSQL makes of it (get_qual_for_list, get_qual_for_range), so
 * that it is found to imply that; null where the key is not known, holds expressions, or hashes (no CHECK proves a remainder).
 *
 * @param asCheck It becomes a CHECK as it is, which lets NULL pass.
 */
function boundCondition(relation: Relation | undefined, bound: PartitionBound, asCheck = false): string | null {
  const key = relation?.partitionBy
  if (key === undefined || key === null || key.expressions || key.columns.length === 0) return null
  const columns = key.columns.map(quoteIdent)
  if (bound.kind === "list" && key.strategy === "list") return listCondition(columns[0] ?? "", bound.from, asCheck)
  return bound.kind === "range" && key.strategy === "range" ? rangeCondition(columns, bound) : null
}

/** The conditions that the table's own bounds, and those of the tables above it, put on its rows: a partition of a partition has to lie within all of them. */
function conditionsAbove(relation: Relation | undefined, context: RecipeContext): (string | null)[] {
  const partition = relation?.partition ?? null
  if (partition === null) return []
  const above = context.catalog.relationById(partition.parent)
  const own = partition.bound.kind === "default" ? defaultCondition(above, context) : boundCondition(above, partition.bound, true)
  return [...conditionsAbove(above, context), own]
}

/** All of them together; null where one is not known. */
function joined(conditions: readonly (string | null)[]): string | null {
  return conditions.includes(null) ? null : conditions.join(" AND ")
}

/** What the other partitions leave, shaped as PostgreSQL does it; null where one of them may not be listed. */
function defaultCondition(relation: Relation | undefined, { catalog }: RecipeContext): string | null {
  const key = relation?.partitionBy
  if (relation?.known !== true || key === undefined || key === null || key.expressions) return null
  const columns = key.columns.map(quoteIdent)
  const bounds = catalog.children(relation.id).flatMap(({ partition }) => (partition === null || partition.bound.kind === "default" ? [] : [partition.bound]))
  if (bounds.length === 0) return null
  if (key.strategy === "list") {
    const listed = listCondition(columns[0] ?? "", bounds.flatMap(({ from }) => from), false)
    return listed === null ? null : `NOT (${listed})`
  }
  if (key.strategy !== "range") return null
  const ranges = bounds.map((bound) => rangeParts(columns, bound)?.join(" AND "))
  if (ranges.some((range) => range === undefined || range === "")) return null
  const inside = ranges.length === 1 ? (ranges[0] ?? "") : `(${ranges.map((range) => `(${range ?? ""})`).join(" OR ")})`
  return `NOT (${columns.map((column) => `${column} IS NOT NULL AND `).join("")}${inside})`
}

function listCondition(column: string, from: readonly PartitionValue[], asCheck: boolean): string | null {
  const values = from.filter((value) => !value.isNull)
  if (values.some((value) => value.literal === null)) return null
  const list = values.map((value) => quoteLiteral(value.literal ?? "")).join(", ")
  const withNull = values.length < from.length
  if (values.length === 0) return `${column} IS NULL`
  if (withNull && asCheck) return `${column} IN (${list})`
  return withNull ? `${column} IS NULL OR ${column} IN (${list})` : `${column} IS NOT NULL AND ${column} IN (${list})`
}

/** Rows are compared column by column, from the first in which FROM and TO differ; in those before it the value is given. */
function rangeCondition(columns: readonly string[], bound: PartitionBound): string | null {
  const parts = rangeParts(columns, bound)
  return parts === null ? null : [...columns.map((column) => `${column} IS NOT NULL`), ...parts].join(" AND ")
}

function rangeParts(columns: readonly string[], { from, to }: PartitionBound): string[] | null {
  if ([...from, ...to].some(({ keyword, literal }) => keyword === null && literal === null)) return null
  if (from.length !== columns.length || to.length !== columns.length) return null
  const parts: string[] = []
  let first = 0
  while (first < columns.length && from[first]?.keyword === null && from[first]?.literal === to[first]?.literal) {
    parts.push(`${columns[first] ?? ""} = ${quoteLiteral(from[first]?.literal ?? "")}`)
    first++
  }
  const sides = [sideCondition(columns, first, from, { beyond: ">", last: ">=", open: "minvalue" }), sideCondition(columns, first, to, { beyond: "<", last: "<", open: "maxvalue" })]
  return [...parts, ...sides.filter((side) => side !== null)]
}

interface Side {
  readonly beyond: ">" | "<"
  /** The operator of the last column. */
  readonly last: ">=" | "<"
  /** The keyword behind which every value is inside. */
  readonly open: "minvalue" | "maxvalue"
}

/** `a > 1 OR a = 1 AND b >= 2`; null for no limit on that side. */
function sideCondition(columns: readonly string[], first: number, values: readonly PartitionValue[], { beyond, last, open }: Side): string | null {
  const arms: string[] = []
  const equal: string[] = []
  for (let at = first; at < columns.length; at++) {
    const column = columns[at] ?? ""
    const { keyword = null, literal = null } = values[at] ?? {}
    if (keyword !== null) break
    const value = quoteLiteral(literal ?? "")
    const next = values[at + 1]?.keyword ?? null
    const operator = at === columns.length - 1 ? last : next === open ? `${beyond}=` : beyond
    arms.push([...equal, `${column} ${operator} ${value}`].join(" AND "))
    equal.push(`${column} = ${value}`)
  }
  if (arms.length < 2) return arms[0] ?? null
  return `(${arms.map((arm, position) => (position === 0 ? arm : `(${arm})`)).join(" OR ")})`
}
