import type { Conjunct } from "../parse/expression.ts"
import type { Constraint, Index } from "../schema/catalog.ts"
import type { RecipeContext } from "./context.ts"
import type { Copy } from "./copies.ts"
import type { PlainName } from "./sql.ts"
import { indexTail } from "../schema/definitions.ts"
import { quoteIdent } from "../schema/format.ts"
import { acknowledged } from "./acknowledge.ts"
import { columnsOf, listed } from "./dependents.ts"
import { fitsIndex, overNewColumns, typesOf } from "./carried-expressions.ts"
import { readBy, takeMarks } from "./index-marks.ts"
import { indexDefinition, storageOf } from "./index-text.ts"
import { concurrentBuild } from "./recipes/create-index.ts"
import { innerParts, lowestParts, partitionIndexes, partitionedIndexSteps, partitionedKeySteps, partsOfKey, type Named, type Part } from "./recipes/partitioned-constraint.ts"
import { beside, columnList, fit, quoteName } from "./sql.ts"
import { brief } from "./steps.ts"
import { copyLabel, copyOf, inMigrate, newNames, NOTHING, renamed, type Carried, type Share } from "./takeover.ts"

export function carryKey(share: Share, constraint: Constraint, context: RecipeContext): Carried {
  const { table, relation, moves, names } = share
  const index = constraint.index === null ? undefined : context.catalog.indexById(constraint.index)
  const name = names.relation([], copyLabel(constraint.name, columnsOf(constraint, context.catalog), share))
  const columns = renamed(constraint.columns, moves, "to")
  const tail = index === undefined ? "" : indexTail({ ...index, include: renamed(index.include, moves, "to") })
  if (relation.kind === "partitioned table") {
    if (constraint.kind === "primary key") return carryPartitionedKey(share, constraint, columns, tail, context)
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
    const parts = partsOfKey(table, relation, key, names, context)
    const steps = partitionedKeySteps(table, name, key, parts, context)
    const copies = [copyOf(table, name, constraint.name), ...copiesOfParts(allParts(table, name, parts), index, context)]
    return { ...NOTHING, steps: steps.map(inMigrate), stale: [`ALTER TABLE ${quoteName(table)} DROP CONSTRAINT ${quoteIdent(constraint.name)};`], copies }
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
    return { ...NOTHING, steps: [build], release: [...takeMarks(share, index, name), drop], reattach: [add] }
  }
  const put = brief(
    { deploy: "migrate", title: `Carry ${quoteIdent(constraint.name)} over` },
    table,
    "ACCESS EXCLUSIVE",
    fit(`${alter} ADD CONSTRAINT ${quoteIdent(name)}`, `UNIQUE USING INDEX ${quoteIdent(name)}${delay};`),
  )
  const stale = [`${alter} DROP CONSTRAINT ${quoteIdent(constraint.name)};`]
  return { ...NOTHING, steps: [build, put], release: takeMarks(share, index, name), stale, copies: [copyOf(table, name, constraint.name)] }
}

/**
 * The primary key of a partitioned table cannot be put on an index. Its partitions' keys can, and the parent takes them over.
 */
function carryPartitionedKey(
  { table, relation, moves, names }: Share,
  constraint: Constraint,
  columns: readonly string[],
  tail: string,
  context: RecipeContext,
): Carried {
  const added = columns.filter((column) => !constraint.columns.includes(column))
  const name = `${constraint.name}_${added.join("_")}`
  const indexes = lowestParts(partitionIndexes(table, relation, name, names, context), beside(table, name))
  if (indexes.length === 0) return { ...NOTHING, byHand: [`primary key ${quoteIdent(constraint.name)}`] }
  const original = constraint.index === null ? undefined : context.catalog.indexById(constraint.index)
  const definition = `(${columnList(columns)})${tail};`
  const alter = `ALTER TABLE ${quoteName(table)}`
  const key = renamed(constraint.columns, moves, "final")
  return {
    ...NOTHING,
    steps: indexes.map(({ partition, index }) => {
      const create = fit(`CREATE UNIQUE INDEX CONCURRENTLY ${quoteIdent(index)}`, `ON ${quoteName(partition)} ${definition}`)
      return inMigrate(concurrentBuild(partition, index, create, context))
    }),
    release: [`${alter} DROP CONSTRAINT ${quoteIdent(constraint.name)};`],
    reattach: [
      ...indexes.map(({ partition, index }) => {
        const part = partOf(original, partition, context)?.name ?? index
        return fit(`ALTER TABLE ${quoteName(partition)} ADD CONSTRAINT ${quoteIdent(part)}`, `PRIMARY KEY USING INDEX ${quoteIdent(index)};`)
      }),
      fit(`${alter} ADD CONSTRAINT ${quoteIdent(constraint.name)}`, `PRIMARY KEY (${columnList(key)})${tail};`),
    ],
  }
}

export function carryIndex(share: Share, index: Index, context: RecipeContext): Carried {
  const { table, relation, moves, names } = share
  const over = (expression: string, conjuncts: readonly Conjunct[] | null): string | null => overNewColumns(expression, { moves, conjuncts, indexed: true }, context)
  const expressions = index.expressions.map((expression) => over(expression, null))
  const predicate = index.predicate === null ? null : over(index.predicate.text, index.predicate.conjuncts)
  if (expressions.includes(null) || (index.predicate !== null && predicate === null) || !fitsIndex(index, moves, context))
    return { ...NOTHING, byHand: [`index ${quoteIdent(index.name)}, which is made for ${listed(typesOf(readBy(index), moves, context))}`] }
  const name = names.relation([], copyLabel(index.name, readBy(index), share))
  const parts = {
    columns: index.columns.map((column) => (column === null ? null : newNames(moves).get(column) ?? column)),
    expressions: expressions.map((expression) => expression ?? ""),
    include: renamed(index.include, moves, "to"),
    predicate,
  }
  const definition = `${indexDefinition(index, parts)};`
  const create = `CREATE ${index.unique ? "UNIQUE " : ""}INDEX`
  const isWhole = relation.kind === "partitioned table"
  const others = isWhole ? partitionIndexes(table, relation, name, names, context) : []
  const steps = isWhole
    ? partitionedIndexSteps(table, name, { create, definition }, others, context)
    : [concurrentBuild(table, name, fit(`${create} CONCURRENTLY ${quoteIdent(name)}`, `ON ${quoteName(table)}${definition}`), context)]
  return {
    ...NOTHING,
    steps: steps.map(inMigrate),
    release: takeMarks(share, index, name),
    stale: index.unique ? [acknowledged("index-drop-blocks-queries", "the table is locked for this instant anyway", `DROP INDEX ${quoteName(beside(table, index.name))};`)] : [],
    copies: [{ kind: "index", table, name, original: index.name, computes: index.columns.includes(null) }, ...copiesOfParts(allParts(table, name, others), index, context)],
  }
}

function allParts(table: PlainName, name: string, parts: readonly Part[]): readonly Named[] {
  return [...innerParts(parts, beside(table, name)), ...lowestParts(parts, beside(table, name))]
}

/** The indexes of partitions are copies of those that are attached to the partitioned table's own. */
function copiesOfParts(parts: readonly Named[], whole: Index | undefined, context: RecipeContext): Copy[] {
  return parts.flatMap(({ partition, index }): Copy[] => {
    const original = partOf(whole, partition, context)
    return original === undefined ? [] : [{ kind: "index", table: partition, name: index, original: original.name, computes: original.columns.includes(null) }]
  })
}

function partOf(whole: Index | undefined, partition: PlainName, { catalog }: RecipeContext): Index | undefined {
  const relation = catalog.relation(partition)
  const isPart = ({ parent }: Index): boolean => {
    const above = parent === null ? undefined : catalog.indexById(parent)
    return above !== undefined && (above.id === whole?.id || isPart(above))
  }
  return relation === undefined ? undefined : catalog.indexesOf(relation.id).find(isPart)
}

export function delayOf({ deferrable, initiallyDeferred }: Pick<Constraint, "deferrable" | "initiallyDeferred">): string {
  if (initiallyDeferred) return " DEFERRABLE INITIALLY DEFERRED"
  return deferrable ? " DEFERRABLE" : ""
}
