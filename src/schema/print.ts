import type { Catalog, Constraint, Index, Origin, Relation, UserType } from "./catalog.ts"
import { boundDefinition, columnDefinition, constraintDefinition, indexDefinition, isLoose, nameOf, sequenceDefinition, typeDefinition } from "./definitions.ts"
import { quoteIdent } from "./format.ts"
import { TEMP_SCHEMA } from "./names.ts"

type Since = (origin: Origin | null) => string

/**
 * The catalog as SQL, for a person who wants to know why a rule spoke or kept silent. Comments say where a thing was made, and what
 * is not known. Where all is known that it is about, the SQL makes the same tables, on a server and in pgsafe; views, functions, triggers,
 * policies and range types are comments.
 *
 * @param place what to call the place where something was made: `0007_add_region.sql:3`
 */
export function printSql(catalog: Catalog, place: (origin: Origin) => string): string {
  const since: Since = (origin) => (origin === null ? "" : ` ${comment(place(origin))}`)
  const relations = [...catalog.relations()].sort((left, right) => (key(left) < key(right) ? -1 : 1))
  const types = [...catalog.types()]
  const sequences = relations.filter(({ kind, ownedBy }) => kind === "sequence" && ownedBy?.identity !== true)
  const foreignKeys = relations.flatMap(({ id }) => catalog.constraintsOf(id).filter(isOwnForeignKey))
  const parts = [
    [...new Set([...types, ...relations].map(({ schema }) => schema))].filter((schema) => schema !== "public" && schema !== TEMP_SCHEMA).sort().map((schema) => `CREATE SCHEMA ${quoteIdent(schema)};\n`),
    [...catalog.extensions()].filter(({ name }) => name !== "plpgsql").map((one) => printExtension(one)),
    ...types.map((type) => [printType(type, since)]),
    sequences.map((sequence) => `${sequenceDefinition(sequence)};${since(sequence.created)}\n`),
    ...parentsFirst(relations, catalog).map((relation) => [printRelation(catalog, relation, since)]),
    foreignKeys.map((one) => printConstraint(catalog, one, since)),
    // Those of partitions before those that they become parts of.
    parentsFirst(relations, catalog).toReversed().flatMap((table) => catalog.indexesOf(table.id).flatMap((index) => (isLoose(index, table) ? printLoose(catalog, index, table, since) : []))),
  ]
  return parts.map((lines) => lines.join("")).filter((text) => text !== "").join("\n")
}

/** In one line, whatever names and expressions have in them. */
function comment(text: string): string {
  return `-- ${text.replaceAll(/\s*[\r\n]\s*/g, " ")}`
}

function key({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`
}

/** A partition gets those of its parent with ATTACH PARTITION. */
function isOwnForeignKey({ kind, inherited, local }: Constraint): boolean {
  return kind === "foreign key" && (local || !inherited)
}

/** Only what exists can be inherited from. */
function parentsFirst(relations: readonly Relation[], catalog: Catalog): readonly Relation[] {
  const ordered = new Set<Relation>()
  const visit = (relation: Relation): void => {
    if (ordered.has(relation)) return
    for (const parent of parentsOf(catalog, relation)) visit(parent)
    ordered.add(relation)
  }
  for (const relation of relations) visit(relation)
  return [...ordered]
}

function parentsOf(catalog: Catalog, { partition, inherits }: Relation): readonly Relation[] {
  return [...(partition === null ? [] : [partition.parent]), ...inherits].flatMap((id) => catalog.relationById(id) ?? [])
}

function printExtension({ name, schema }: { readonly name: string; readonly schema: string }): string {
  return `CREATE EXTENSION IF NOT EXISTS ${quoteIdent(name)}${schema === "public" ? "" : ` SCHEMA ${quoteIdent(schema)}`};\n`
}

function printType(type: UserType, since: Since): string {
  const statements = typeDefinition(type)
  return statements.length === 0 ? `${comment(`type ${nameOf(type)}`)}${since(type.created)}\n` : statements.map((one) => `${one};${since(type.created)}\n`).join("")
}

function printRelation(catalog: Catalog, relation: Relation, since: Since): string {
  const made = since(relation.created)
  switch (relation.kind) {
    case "view":
    case "materialized view": {
      const reads = relation.dependencies.flatMap((one) => catalog.relationById(one.relation) ?? []).map(nameOf)
      return `${comment(`${relation.kind} ${nameOf(relation)}${reads.length > 0 ? `, which reads ${[...new Set(reads)].join(", ")}` : ""}`)}${made}\n`
    }
    case "sequence":
    case "composite type":
      return ""
    default:
      return printTable(catalog, relation, since)
  }
}

function printTable(catalog: Catalog, table: Relation, since: Since): string {
  const note = table.known ? "" : "-- known only in part: it was there before, or something changed it that could not be read\n"
  const head = table.persistence === "unlogged" ? "CREATE UNLOGGED TABLE" : table.kind === "foreign table" ? "-- foreign table\nCREATE TABLE" : "CREATE TABLE"
  const body = printColumns(catalog, table, since)
  const open = body === "" ? "(" : `(${since(table.created)}\n`
  const parents = table.inherits.flatMap((id) => catalog.relationById(id) ?? []).map(nameOf)
  const inherits = parents.length === 0 ? "" : ` INHERITS (${parents.join(", ")})`
  const after = [
    ...catalog.constraintsOf(table.id).filter((one) => isPrinted(one, table) && !isOfLoose(catalog, one, table)).map((one) => printConstraint(catalog, one, since)),
    ...catalog.indexesOf(table.id).filter((index) => index.constraint === null && !isLoose(index, table)).map((index) => printIndex(index, table, since)),
    ...printPartition(catalog, table),
    ...printSettings(catalog, table),
    ...catalog.triggersOf(table.id).map((trigger) => `${comment(`trigger ${quoteIdent(trigger.name)} runs ${trigger.function}`)}${since(trigger.created)}\n`),
    ...catalog.policiesOf(table.id).map((policy) => `${comment(`policy ${quoteIdent(policy.name)}`)}${since(policy.created)}\n`),
  ]
  return `${note}${head} ${nameOf(table)} ${open}${body})${inherits}${partitionSql(table)};${body === "" ? since(table.created) : ""}\n${after.join("")}`
}

/** The columns, a line each. What comes from a parent as it is stands in a comment. */
function printColumns(catalog: Catalog, table: Relation, since: Since): string {
  const parents = table.inherits.flatMap((id) => catalog.relationById(id) ?? [])
  const definitionIn = (parent: Relation, name: string): string | undefined => {
    const column = catalog.column(parent, name)
    return column === undefined ? undefined : columnDefinition(catalog, parent, column)
  }
  const columns = table.columns.map((column) => {
    const sql = columnDefinition(catalog, table, column)
    const isOwn = column.local || !parents.some((parent) => definitionIn(parent, column.name) === sql)
    return { sql, isOwn, place: isWith(column.typed ?? column.created, table) ? "" : since(column.typed ?? column.created) }
  })
  const last = columns.findLastIndex(({ isOwn }) => isOwn)
  return columns.map(({ sql, isOwn, place }, at) => (isOwn ? `  ${sql}${at < last ? "," : ""}${place}\n` : `  ${comment(sql)}${place}\n`)).join("")
}

/** Foreign keys come last. A child has the constraints of its parents from INHERITS, a partition must have them before it is attached. */
function isPrinted({ kind, validated, inherited, local }: Constraint, { partition }: Relation): boolean {
  if (kind === "foreign key" || (kind === "not null" && validated)) return false
  return partition !== null || local || !inherited
}

/** Made by the statement that made the table, which says so by itself. */
function isWith(made: Origin | null, { created }: Relation): boolean {
  return made !== null && made.file === created?.file && made.span.start === created.span.start
}

function partitionSql({ partitionBy }: Relation): string {
  if (partitionBy === null) return ""
  return ` PARTITION BY ${partitionBy.strategy.toUpperCase()} (${partitionBy.text})`
}

function printPartition(catalog: Catalog, table: Relation): readonly string[] {
  const { partition } = table
  const parent = partition === null ? undefined : catalog.relationById(partition.parent)
  if (partition === null || parent === undefined) return []
  const bound = boundDefinition(partition)
  return [bound === null ? `${comment(`partition of ${nameOf(parent)}`)}\n` : `ALTER TABLE ${nameOf(parent)} ATTACH PARTITION ${nameOf(table)} ${bound};\n`]
}

/** What a table is besides columns, constraints and indexes. */
function printSettings(catalog: Catalog, table: Relation): readonly string[] {
  const indexName = (id: Index["id"] | null): string | undefined => (id === null ? undefined : catalog.indexById(id)?.name)
  const [clustered, identity] = [indexName(table.clusteredOn), indexName(table.identityIndex)]
  const actions = [
    ...(clustered === undefined ? [] : [`CLUSTER ON ${quoteIdent(clustered)}`]),
    ...(table.replicaIdentity === "full" || (table.replicaIdentity === "nothing" && table.kind !== "foreign table") ? [`REPLICA IDENTITY ${table.replicaIdentity.toUpperCase()}`] : []),
    ...(table.replicaIdentity === "index" && identity !== undefined ? [`REPLICA IDENTITY USING INDEX ${quoteIdent(identity)}`] : []),
    ...(table.rowSecurity ? ["ENABLE ROW LEVEL SECURITY"] : []),
    ...(table.forceRowSecurity ? ["FORCE ROW LEVEL SECURITY"] : []),
  ]
  const owned = catalog.ownedSequences(table.id).flatMap((sequence) => {
    const { ownedBy } = sequence
    return ownedBy === null || ownedBy.identity ? [] : [`ALTER SEQUENCE ${nameOf(sequence)} OWNED BY ${nameOf(table)}.${quoteIdent(ownedBy.column)};\n`]
  })
  return [...actions.map((action) => `ALTER TABLE ${nameOf(table)} ${action};\n`), ...owned]
}

function printConstraint(catalog: Catalog, constraint: Constraint, since: Since): string {
  const table = catalog.relationById(constraint.table)
  if (table === undefined) return ""
  // DETACH CONCURRENTLY leaves what the bound said as a CHECK, whose text the server makes.
  if (constraint.expression?.text === "") return `${comment(`constraint ${quoteIdent(constraint.name)} of ${nameOf(table)}: what its bound said`)}${since(constraint.created)}\n`
  return `ALTER TABLE ${nameOf(table)} ADD CONSTRAINT ${quoteIdent(constraint.name)} ${constraintDefinition(catalog, constraint)};${since(constraint.created)}\n`
}

function isOfLoose(catalog: Catalog, { index }: Constraint, table: Relation): boolean {
  const own = index === null ? undefined : catalog.indexById(index)
  return own !== undefined && isLoose(own, table)
}

/** An index ON ONLY a partitioned table stays INVALID when it is made behind the partitions; those that have a part of it give it then. */
function printLoose(catalog: Catalog, index: Index, table: Relation, since: Since): readonly string[] {
  const constraint = index.constraint === null ? undefined : catalog.constraintById(index.constraint)
  const made =
    constraint === undefined
      ? printIndex(index, table, since)
      : `ALTER TABLE ONLY ${nameOf(table)} ADD CONSTRAINT ${quoteIdent(constraint.name)} ${constraintDefinition(catalog, constraint)}; -- INVALID${since(constraint.created)}\n`
  const parts = catalog.children(table.id).flatMap(({ id }) => catalog.indexesOf(id).filter(({ parent }) => parent === index.id))
  return [made, ...parts.map((part) => `ALTER INDEX ${nameOf(index)} ATTACH PARTITION ${nameOf(part)};\n`)]
}

function printIndex(index: Index, table: Relation, since: Since): string {
  return `${indexDefinition(index, table)};${index.valid ? "" : " -- INVALID"}${since(index.created)}\n`
}
