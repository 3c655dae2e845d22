import type { Relation } from "../../schema/catalog.ts"
import type { RecipeContext } from "../context.ts"
import type { Names } from "../names.ts"
import type { PlainName } from "../sql.ts"
import type { Step } from "../step.ts"
import { quoteIdent } from "../../schema/format.ts"
import { acknowledged } from "../acknowledge.ts"
import { defaultLabel } from "../names.ts"
import { isSameTable } from "../facts.ts"
import { nameNear } from "../near.ts"
import { beside, fit, quoteName } from "../sql.ts"
import { alsoLocked, brief, joinNotes } from "../steps.ts"
import { concurrentBuild } from "./create-index.ts"
import { validation } from "./validate-constraint.ts"

/** A unique or primary key in parts, ready to be put together for a constraint or an index. */
export interface KeyParts {
  readonly words: "PRIMARY KEY" | "UNIQUE"
  /** `a, b`, quoted. */
  readonly columns: string
  /** From which names of the partitions' constraints are derived: the columns, those of INCLUDE too. */
  readonly labels: readonly string[]
  /** ` INCLUDE (c)`, ` NULLS NOT DISTINCT`, ` DEFERRABLE`, or empty. */
  readonly include: string
  readonly nulls: string
  /** ` WITH (fillfactor = 70)` and ` TABLESPACE fast`, as CREATE INDEX has them, or empty. */
  readonly parameters: string
  readonly tablespace: string
  readonly deferrable: string
}

/**
 * A unique or primary key of a partitioned table: declared ON ONLY the parent, built concurrently on every partition,
 * attached (docs: Table Partitioning, Partition Maintenance).
 *
 * @param parts From `partsOfKey`.
 */
export function partitionedKeySteps(table: PlainName, name: string, key: KeyParts, parts: readonly Part[], context: RecipeContext): Step[] {
  const { words, columns, include, nulls, parameters, tablespace, deferrable } = key
  const whole = beside(table, name)
  const inner = innerParts(parts, whole)
  const declare = ({ partition, index }: Named): string =>
    `ALTER TABLE ONLY ${quoteName(partition)} ADD CONSTRAINT ${quoteIdent(index)} ` +
    `${words}${nulls} (${columns})${include}${parameters}${tablespace.replace(/^(?=.)/, " USING INDEX")}${deferrable};`
  const parent = brief(
    { deploy: "expand", title: `Declare the key on the partitioned ${inner.length === 0 ? "table" : "tables"} alone`, note: partitionNote(lowestParts(parts, whole)) },
    table,
    "ACCESS EXCLUSIVE",
    declare({ partition: table, index: name }),
    ...inner.flatMap((one) => [declare(one), attachTo(one)]),
  )
  const steps = lowestParts(parts, whole).flatMap((part) => {
    const { partition, index } = part
    const build =
      `CREATE UNIQUE INDEX CONCURRENTLY ${quoteIdent(index)} ON ${quoteName(partition)} ` +
      `(${columns})${include}${nulls}${parameters}${tablespace};`
    return [
      concurrentBuild(partition, index, build, context),
      brief(
        { deploy: "expand", title: `Put the key of ${quoteName(partition)} on its index and attach it` },
        partition,
        "ACCESS EXCLUSIVE",
        `ALTER TABLE ${quoteName(partition)} ADD CONSTRAINT ${quoteIdent(index)} ` +
          `${words} USING INDEX ${quoteIdent(index)}${deferrable};`,
        attachTo(part),
      ),
    ]
  })
  return [parent, ...steps]
}

function attachTo({ above, partition, index }: PartOfIndex): string {
  return `ALTER INDEX ${quoteName(above)} ATTACH PARTITION ${quoteName(beside(partition, index))};`
}

/**
 * The partitions of a table, each with the name of its part of a key.
 *
 * @param isSwap The steps before have dropped its predecessor, with the partitions' parts of that.
 */
export function partsOfKey(table: PlainName, relation: Relation, { words, labels }: KeyParts, names: Names, context: RecipeContext, isSwap = false): Part[] {
  const { catalog } = context
  const kind = words === "PRIMARY KEY" ? "primary key" : "unique"
  return partsOf(table, relation, context, (partition) => {
    const found = isSwap ? catalog.relation(partition) : undefined
    const freed = found === undefined ? [] : catalog.constraintsOf(found.id).filter((one) => one.kind === kind && one.inherited)
    const free = names.of(partition, freed.map((one) => one.name))
    return free.relation(kind === "primary key" ? [] : labels, defaultLabel(kind))
  })
}

/**
 * An index of a partitioned table: declared ON ONLY the parent, built concurrently on every partition, attached (docs: Table
 * Partitioning, Partition Maintenance).
 *
 * @param words `create` opens the statement, `definition` follows the table's name.
 * @param parts From `partitionIndexes`.
 */
export function partitionedIndexSteps(
  table: PlainName,
  name: string,
  { create, definition }: { readonly create: string; readonly definition: string },
  parts: readonly Part[],
  context: RecipeContext,
): Step[] {
  const whole = beside(table, name)
  const inner = innerParts(parts, whole)
  const lowest = lowestParts(parts, whole)
  const declare = ({ partition, index }: Named): string => fit(`${create} ${quoteIdent(index)}`, `ON ONLY ${quoteName(partition)}${definition}`)
  const parent = brief(
    {
      deploy: "expand",
      title: `Declare the index on the partitioned ${inner.length === 0 ? "table" : "tables"} alone`,
      note: joinNotes("It stays INVALID until an index of every partition is attached.", partitionNote(lowest)),
    },
    table,
    "SHARE",
    declare({ partition: table, index: name }),
    ...inner.map(declare),
  )
  const builds = lowest.map(({ partition, index }) => {
    const build = fit(`${create} CONCURRENTLY ${quoteIdent(index)}`, `ON ${quoteName(partition)}${definition}`)
    return { index: beside(partition, index), step: concurrentBuild(partition, index, build, context) }
  })
  const [first] = builds
  if (first === undefined) return [parent]
  const attach = brief(
    { deploy: "expand", title: "Attach the partitions' indexes; the last one makes the index valid", note: "A partition created meanwhile has its index already." },
    first.index,
    "ACCESS EXCLUSIVE",
    ...[...inner, ...lowest].map(attachTo),
  )
  return [parent, ...builds.map(({ step }) => step), attach]
}

/** A foreign key of a partitioned table, in parts. */
export interface PartitionedReference {
  /** What adds the key to the lowest partitions, for new rows only. */
  readonly additions: readonly { readonly partition: PlainName; readonly statement: string; /** It locks the referenced table, too. */ readonly note: string | null }[]
  readonly validations: readonly Step[]
  /** The partitioned table's own key, which takes those of the partitions over. */
  readonly whole: Step
}

/**
 * Before 18 a foreign key of a partitioned table cannot be NOT VALID (0A000). The same key, validated on each of the lowest partitions
 * first, is taken over by the parent's without another scan.
 */
export function partitionedReference(
  table: PlainName,
  relation: Relation,
  name: string,
  definition: string,
  references: PlainName,
  context: RecipeContext,
): PartitionedReference {
  const partitions = context.catalog
    .tree(relation.id)
    .filter(({ kind }) => kind === "table")
    .map((partition) => nameNear(partition, table, context))
  const note = alsoLocked(isSameTable(table, references, context) ? [] : [quoteName(references)])
  const additions = partitions.map((partition) => ({
    partition,
    note,
    statement: `ALTER TABLE ${quoteName(partition)} ADD CONSTRAINT ${quoteIdent(name)} ${definition} NOT VALID;`,
  }))
  const validations = partitions.map((partition) => validation(partition, [name], true))
  const add = `ALTER TABLE ${quoteName(table)} ADD CONSTRAINT ${quoteIdent(name)} ${definition};`
  const whole = brief(
    {
      deploy: "contract",
      title: "Add it to the partitioned table: the partitions' keys are taken over, no row is read",
      note: joinNotes(
        `That of ${quoteName(references)} is for the partitions' own triggers on it, which go. ${quoteName(table)} and its partitions are locked in SHARE ROW ` +
          "EXCLUSIVE mode for the same instant.",
        partitionNote(partitions),
      ),
    },
    references,
    "ACCESS EXCLUSIVE",
    partitions.length > 0 ? add : acknowledged("foreign-key-blocks-writes", "the partitions have the key already", add),
  )
  return { additions, validations, whole }
}

/** Its steps, one after the other. */
export function partitionedReferenceSteps(name: string, { additions, validations, whole }: PartitionedReference): Step[] {
  const steps = additions.map(({ partition, statement, note }) =>
    brief({ deploy: "expand", title: `Add ${quoteIdent(name)} to ${quoteName(partition)} for new rows only`, note }, partition, "SHARE ROW EXCLUSIVE", statement),
  )
  return [...steps, ...validations, whole]
}

/** The partitions of a table, each with the name of an index to be. */
export function partitionIndexes(table: PlainName, relation: Relation, name: string, names: Names, context: RecipeContext): Part[] {
  return partsOf(table, relation, context, (partition) => names.of(partition).relation([name], "idx"))
}

/** A partition, and the name of its index. */
export interface Named {
  readonly partition: PlainName
  readonly index: string
}

/** A partition with, where it is partitioned itself, its own. */
export interface Part extends Named {
  readonly parts: readonly Part[] | null
}

/** A part of an index, and the index that it is attached to. */
export interface PartOfIndex extends Named {
  readonly above: PlainName
}

/** The partitions of a table on all levels, each with the name that its part of an index gets. */
export function partsOf(table: PlainName, relation: Relation, context: RecipeContext, nameOf: (partition: PlainName) => string): Part[] {
  return context.catalog
    .children(relation.id)
    .filter(({ kind }) => kind !== "foreign table")
    .map((child) => {
      const partition = { schema: table.schema === null && child.schema === relation.schema ? null : child.schema, name: child.name }
      return { partition, index: nameOf(partition), parts: child.kind === "partitioned table" ? partsOf(partition, child, context, nameOf) : null }
    })
}

/** The partitions that are partitioned themselves, from above. */
export function innerParts(parts: readonly Part[], above: PlainName): PartOfIndex[] {
  return parts.flatMap(({ partition, index, parts: own }) => (own === null ? [] : [{ partition, index, above }, ...innerParts(own, beside(partition, index))]))
}

/** The partitions that hold rows. */
export function lowestParts(parts: readonly Part[], above: PlainName): PartOfIndex[] {
  return parts.flatMap(({ partition, index, parts: own }) => (own === null ? [{ partition, index, above }] : lowestParts(own, beside(partition, index))))
}

function partitionNote(partitions: readonly unknown[]): string | null {
  return partitions.length > 0
    ? null
    : "No partition is known to pgsafe: each one that exists needs the same steps " + "first."
}
