import type { Catalog, Column, Constraint, Index, Origin, Relation, UserType } from "./catalog.ts"
import { formatType, quoteIdent, quoteQualified, referenceColumns } from "./format.ts"

/**
 * The catalog as SQL, for a person who wants to know why a rule spoke or kept silent. Comments say where a thing was made, and what
 * is not known.
 *
 * @param place what to call the place where something was made: `0007_add_region.sql:3`
 */
export function printSql(catalog: Catalog, place: (origin: Origin) => string): string {
  const since = (origin: Origin | null): string => (origin === null ? "" : ` -- ${place(origin)}`)
  const relations = [...catalog.relations()].sort((left, right) => (key(left) < key(right) ? -1 : 1))
  const parts = [...catalog.types()].map((type) => printType(type, since))
  for (const relation of relations) {
    if (relation.kind === "sequence" && relation.ownedBy !== null) continue
    parts.push(printRelation(catalog, relation, since))
  }
  const foreignKeys = relations.flatMap(({ id }) => catalog.constraintsOf(id).filter(({ kind }) => kind === "foreign key"))
  if (foreignKeys.length > 0) parts.push(foreignKeys.map((one) => printConstraint(catalog, one, since)).join(""))
  return parts.join("\n")
}

type Since = (origin: Origin | null) => string

function key({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`
}

/** Objects of `public` are named without it, as most migrations do. */
function nameOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return quoteQualified(schema === "public" ? null : schema, name)
}

function printType(type: UserType, since: Since): string {
  const made = since(type.created)
  switch (type.kind) {
    case "enum":
      return `CREATE TYPE ${nameOf(type)} AS ENUM (${type.labels.map(({ text }) => literal(text)).join(", ")});${made}\n`
    case "domain": {
      const checks = type.checks.map(({ name, text, validated }) => `\n  CONSTRAINT ${quoteIdent(name)} CHECK (${text})${validated ? "" : " NOT VALID"}`)
      const fallback = type.default === null ? "" : ` DEFAULT ${type.default.text}`
      return `CREATE DOMAIN ${nameOf(type)} AS ${formatType(type.base)}${fallback}${type.notNull ? " NOT NULL" : ""}${checks.join("")};${made}\n`
    }
    case "composite":
      return `CREATE TYPE ${nameOf(type)} AS (${type.attributes.map(({ name, type: of }) => `${quoteIdent(name)} ${formatType(of)}`).join(", ")});${made}\n`
    default:
      return `-- type ${nameOf(type)}${made}\n`
  }
}

function printRelation(catalog: Catalog, relation: Relation, since: Since): string {
  const made = since(relation.created)
  switch (relation.kind) {
    case "view":
    case "materialized view": {
      const reads = relation.dependencies.flatMap((one) => catalog.relationById(one.relation) ?? []).map(nameOf)
      return `-- ${relation.kind} ${nameOf(relation)}${reads.length > 0 ? `, which reads ${[...new Set(reads)].join(", ")}` : ""}${made}\n`
    }
    case "sequence":
      return `CREATE SEQUENCE ${nameOf(relation)}${typeOf(relation)};${made}\n`
    case "composite type":
      return `-- composite type ${nameOf(relation)}${made}\n`
    default:
      return printTable(catalog, relation, since)
  }
}

/** bigint is what a sequence has where nothing is said. */
function typeOf({ sequenceType }: Relation): string {
  return sequenceType === null || sequenceType === "int8" ? "" : ` AS ${formatType({ schema: "pg_catalog", name: sequenceType, modifiers: [], dimensions: 0 })}`
}

function printTable(catalog: Catalog, table: Relation, since: Since): string {
  const lines = table.columns.map((column): [string, string] => [columnSql(column), isWith(column.typed ?? column.created, table) ? "" : since(column.typed ?? column.created)])
  const note = table.known ? "" : "-- known only in part: it was there before, or something changed it that could not be read\n"
  const head = table.persistence === "unlogged" ? "CREATE UNLOGGED TABLE" : table.kind === "foreign table" ? "-- foreign table\nCREATE TABLE" : "CREATE TABLE"
  const body = lines.map(([sql, comment], at) => `  ${sql}${at < lines.length - 1 ? "," : ""}${comment}\n`).join("")
  const open = lines.length === 0 ? "(" : `(${since(table.created)}\n`
  const after = [
    ...catalog.constraintsOf(table.id).filter(({ kind, validated }) => kind !== "foreign key" && (kind !== "not null" || !validated)).map((one) => printConstraint(catalog, one, since)),
    ...catalog.indexesOf(table.id).filter(({ constraint }) => constraint === null).map((index) => printIndex(index, table, since)),
    ...catalog.triggersOf(table.id).map((trigger) => `-- trigger ${quoteIdent(trigger.name)} runs ${trigger.function}${since(trigger.created)}\n`),
    ...catalog.policiesOf(table.id).map((policy) => `-- policy ${quoteIdent(policy.name)}${since(policy.created)}\n`),
  ]
  return `${note}${head} ${nameOf(table)} ${open}${body})${partitionSql(table)};${lines.length === 0 ? since(table.created) : ""}\n${attachedTo(catalog, table)}${after.join("")}`
}

/** Made by the statement that made the table, which says so by itself. */
function isWith(made: Origin | null, { created }: Relation): boolean {
  return made !== null && made.file === created?.file && made.span.start === created.span.start
}

function partitionSql({ partitionBy }: Relation): string {
  if (partitionBy === null) return ""
  return ` PARTITION BY ${partitionBy.strategy.toUpperCase()} (${partitionBy.columns.map(quoteIdent).join(", ")}${partitionBy.expressions ? " /* and expressions */" : ""})`
}

function attachedTo(catalog: Catalog, { partition, inherits }: Relation): string {
  const parents = [...(partition === null ? [] : [partition.parent]), ...inherits].flatMap((id) => catalog.relationById(id) ?? [])
  return parents.map((parent) => `-- ${partition === null ? "inherits from" : "partition of"} ${nameOf(parent)}\n`).join("")
}

function columnSql(column: Column): string {
  const parts = [quoteIdent(column.name), formatType(column.type)]
  if (column.collation !== null) parts.push(`COLLATE ${quoteIdent(column.collation)}`)
  if (column.generated !== null) parts.push(`GENERATED ALWAYS AS (${column.generated.text}) ${column.generated.stored ? "STORED" : "VIRTUAL"}`)
  if (column.identity !== null) parts.push(`GENERATED ${column.identity.toUpperCase()} AS IDENTITY`)
  if (column.default !== null) parts.push(`DEFAULT ${column.default.text}`)
  if (column.notNull) parts.push("NOT NULL")
  return parts.join(" ")
}

function printConstraint(catalog: Catalog, constraint: Constraint, since: Since): string {
  const table = catalog.relationById(constraint.table)
  if (table === undefined) return ""
  const { kind, validated, enforced } = constraint
  const valid = kind === "unique" || kind === "primary key" ? "" : !enforced ? " NOT ENFORCED" : validated ? "" : " NOT VALID"
  return `ALTER TABLE ${nameOf(table)} ADD CONSTRAINT ${quoteIdent(constraint.name)} ${constraintSql(catalog, constraint)}${valid};${since(constraint.created)}\n`
}

function constraintSql(catalog: Catalog, constraint: Constraint): string {
  const { kind, columns, expression } = constraint
  const index = constraint.index === null ? undefined : catalog.indexById(constraint.index)
  const delay = constraint.deferrable ? ` DEFERRABLE${constraint.initiallyDeferred ? " INITIALLY DEFERRED" : ""}` : ""
  const noInherit = constraint.noInherit ? " NO INHERIT" : ""
  switch (kind) {
    case "check":
      return `CHECK (${expression?.text ?? "true"})${noInherit}`
    case "foreign key":
      return `${foreignKeySql(catalog, constraint)}${delay}`
    case "exclude":
      return `EXCLUDE /* ${index?.method ?? "gist"} */ (${listOf(columns)})${delay}`
    case "not null":
      return `NOT NULL ${listOf(columns)}${noInherit}`
    default: {
      const nulls = index?.nullsNotDistinct === true ? " NULLS NOT DISTINCT" : ""
      const include = index === undefined || index.include.length === 0 ? "" : ` INCLUDE (${listOf(index.include)})`
      return `${kind.toUpperCase()}${nulls} (${listOf(columns)}${isTemporal(index) ? " WITHOUT OVERLAPS" : ""})${include}${delay}`
    }
  }
}

function foreignKeySql(catalog: Catalog, { columns, references }: Constraint): string {
  if (references === null) return `FOREIGN KEY (${listOf(columns)}) REFERENCES ?`
  const target = catalog.relationById(references.table)
  const match = references.match === "full" ? " MATCH FULL" : ""
  const onUpdate = references.onUpdate === "no action" ? "" : ` ON UPDATE ${references.onUpdate.toUpperCase()}`
  const set = references.onDeleteColumns.length === 0 ? "" : ` (${listOf(references.onDeleteColumns)})`
  const onDelete = references.onDelete === "no action" ? "" : ` ON DELETE ${references.onDelete.toUpperCase()}${set}`
  const referenced = references.columns.length === 0 ? "" : ` (${referenceColumns(references.columns, references.period)})`
  return `FOREIGN KEY (${referenceColumns(columns, references.period)}) REFERENCES ${target === undefined ? "?" : nameOf(target)}${referenced}${match}${onUpdate}${onDelete}`
}

function listOf(names: readonly string[]): string {
  return names.map(quoteIdent).join(", ")
}

/** The index of a key WITHOUT OVERLAPS (18): no other key has one that is not a B-tree. */
function isTemporal(index: Index | undefined): boolean {
  return index?.unique === true && index.method === "gist"
}

function printIndex(index: Index, table: Relation, since: Since): string {
  let expression = 0
  const keys = index.columns.map((column, at) => {
    const text = column === null ? `(${index.expressions[expression++] ?? ""})` : quoteIdent(column)
    const clause = index.clauses[at] ?? ""
    return clause === "" ? text : `${text} ${clause}`
  })
  const method = index.method === "btree" ? "" : ` USING ${index.method}`
  const include = index.include.length === 0 ? "" : ` INCLUDE (${index.include.map(quoteIdent).join(", ")})`
  const where = index.predicate === null ? "" : ` WHERE ${index.predicate.text}`
  const invalid = index.valid ? "" : " -- INVALID"
  return `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${quoteIdent(index.name)} ON ${nameOf(table)}${method} (${keys.join(", ")})${include}${index.nullsNotDistinct ? " NULLS NOT DISTINCT" : ""}${where};${invalid}${since(index.created)}\n`
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
