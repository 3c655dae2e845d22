/** The catalog's records as the SQL that makes them. Names are those that they have now. */
import { quoteLiteral } from "../source/quote.ts"
import type { Catalog, Column, Constraint, Index, Relation, UserType } from "./catalog.ts"
import { chooseName } from "./derived-names.ts"
import { formatType, quoteIdent, quoteQualified, referenceColumns } from "./format.ts"

/** Objects of `public` are named without it, as most migrations do. */
export function nameOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return quoteQualified(schema === "public" ? null : schema, name)
}

/** The statements that make a type, without semicolons; none for types of which only the name is known. */
export function typeDefinition(type: UserType): readonly string[] {
  switch (type.kind) {
    case "enum":
      return [`CREATE TYPE ${nameOf(type)} AS ENUM (${type.labels.map(({ text }) => quoteLiteral(text)).join(", ")})`]
    case "domain": {
      const fallback = type.default === null ? "" : ` DEFAULT ${type.default.text}`
      const check = ({ name, text }: (typeof type.checks)[number]): string => `CONSTRAINT ${quoteIdent(name)} CHECK (${text})`
      const checks = type.checks.filter(({ validated }) => validated).map((one) => `\n  ${check(one)}`)
      // CREATE DOMAIN knows no NOT VALID.
      const unproven = type.checks.filter(({ validated }) => !validated).map((one) => `ALTER DOMAIN ${nameOf(type)} ADD ${check(one)} NOT VALID`)
      return [`CREATE DOMAIN ${nameOf(type)} AS ${formatType(type.base)}${type.collation === null ? "" : ` COLLATE ${quoteIdent(type.collation)}`}${fallback}${type.notNull ? " NOT NULL" : ""}${checks.join("")}`, ...unproven]
    }
    case "composite":
      return [`CREATE TYPE ${nameOf(type)} AS (${type.attributes.map(({ name, type: of }) => `${quoteIdent(name)} ${formatType(of)}`).join(", ")})`]
    default:
      return []
  }
}

/** `CREATE SEQUENCE a AS integer`; bigint is what a sequence has where nothing is said. */
export function sequenceDefinition(sequence: Relation): string {
  const { sequenceType } = sequence
  const type = sequenceType === null || sequenceType === "int8" ? "" : ` AS ${formatType({ schema: "pg_catalog", name: sequenceType, modifiers: [], dimensions: 0 })}`
  return `CREATE SEQUENCE ${nameOf(sequence)}${type}`
}

/** A column as it stands in CREATE TABLE. A partition has the identity of its parent (17), and before that none. */
export function columnDefinition(catalog: Catalog, table: Relation, column: Column): string {
  const parts = [quoteIdent(column.name), formatType(column.type)]
  if (column.collation !== null) parts.push(`COLLATE ${quoteIdent(column.collation)}`)
  if (column.generated !== null) parts.push(`GENERATED ALWAYS AS (${column.generated.text}) ${column.generated.stored ? "STORED" : "VIRTUAL"}`)
  if (column.identity !== null && table.partition === null) parts.push(identityDefinition(catalog, table, column))
  if (column.default !== null) parts.push(`DEFAULT ${defaultText(catalog, column.default)}`)
  if (column.notNull) parts.push(notNullDefinition(catalog, table, column))
  return parts.join(" ")
}

/** With the name of its sequence where PostgreSQL would choose another one. */
function identityDefinition(catalog: Catalog, table: Relation, { name, identity }: Column): string {
  const sequence = catalog.ownedSequences(table.id).find(({ ownedBy }) => ownedBy?.identity === true && ownedBy.column === name)
  const isUsual = sequence === undefined || (sequence.schema === table.schema && sequence.name === chooseName(table.name, name, "seq", () => false))
  return `GENERATED ${identity?.toUpperCase() ?? ""} AS IDENTITY${isUsual ? "" : ` (SEQUENCE NAME ${nameOf(sequence)})`}`
}

/** From 18 on NOT NULL is a constraint with a name, which is told where PostgreSQL would choose another one. */
function notNullDefinition(catalog: Catalog, table: Relation, { name }: Column): string {
  const constraint = catalog.constraintsOf(table.id).find(({ kind, columns }) => kind === "not null" && columns[0] === name)
  if (constraint === undefined) return "NOT NULL"
  const named = constraint.name === chooseName(table.name, name, "not_null", () => false) ? "" : `CONSTRAINT ${quoteIdent(constraint.name)} `
  return `${named}NOT NULL${constraint.noInherit ? " NO INHERIT" : ""}`
}

/** The default as it was written; a sequence that is all of it is called by the name that it has now. */
function defaultText(catalog: Catalog, { text, sequence }: NonNullable<Column["default"]>): string {
  const drawn = sequence !== null && /^nextval\s*\([^()]*\)$/i.test(text) ? catalog.relationById(sequence) : undefined
  return drawn === undefined ? text : `nextval(${quoteLiteral(nameOf(drawn))}::regclass)`
}

/** What stands behind `ADD CONSTRAINT name`. */
export function constraintDefinition(catalog: Catalog, constraint: Constraint): string {
  const { kind, columns, expression, validated, enforced } = constraint
  const index = constraint.index === null ? undefined : catalog.indexById(constraint.index)
  const delay = constraint.deferrable ? ` DEFERRABLE${constraint.initiallyDeferred ? " INITIALLY DEFERRED" : ""}` : ""
  const noInherit = constraint.noInherit ? " NO INHERIT" : ""
  const valid = !enforced ? " NOT ENFORCED" : validated ? "" : " NOT VALID"
  switch (kind) {
    case "check":
      return `CHECK (${expression?.text ?? "true"})${noInherit}${valid}`
    case "foreign key":
      return `${foreignKeyDefinition(catalog, constraint)}${delay}${valid}`
    case "exclude":
      return index === undefined ? `EXCLUDE (${listOf(columns)})` : `EXCLUDE USING ${index.method} ${indexKeys(index)}${includeOf(index)}${predicateOf(index)}${delay}`
    case "not null":
      return `NOT NULL ${listOf(columns)}${noInherit}${valid}`
    default: {
      const nulls = index?.nullsNotDistinct === true ? " NULLS NOT DISTINCT" : ""
      return `${kind.toUpperCase()}${nulls} (${listOf(columns)}${isTemporal(index) ? " WITHOUT OVERLAPS" : ""})${index === undefined ? "" : includeOf(index)}${delay}`
    }
  }
}

function foreignKeyDefinition(catalog: Catalog, { columns, references }: Constraint): string {
  if (references === null) return `FOREIGN KEY (${listOf(columns)}) REFERENCES ?`
  const target = catalog.relationById(references.table)
  const match = references.match === "full" ? " MATCH FULL" : ""
  const onUpdate = references.onUpdate === "no action" ? "" : ` ON UPDATE ${references.onUpdate.toUpperCase()}`
  const set = references.onDeleteColumns.length === 0 ? "" : ` (${listOf(references.onDeleteColumns)})`
  const onDelete = references.onDelete === "no action" ? "" : ` ON DELETE ${references.onDelete.toUpperCase()}${set}`
  const referenced = references.columns.length === 0 ? "" : ` (${referenceColumns(references.columns, references.period)})`
  return `FOREIGN KEY (${referenceColumns(columns, references.period)}) REFERENCES ${target === undefined ? "?" : nameOf(target)}${referenced}${match}${onUpdate}${onDelete}`
}

/** The index of a key WITHOUT OVERLAPS (18): no other key has one that is not a B-tree. */
function isTemporal(index: Index | undefined): boolean {
  return index?.unique === true && index.method === "gist"
}

/** A partitioned index that not all partitions have a part of. */
export function isLoose({ valid }: Index, { kind }: Relation): boolean {
  return !valid && kind === "partitioned table"
}

/** CREATE INDEX without the semicolon. */
export function indexDefinition(index: Index, table: Relation): string {
  return `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${quoteIdent(index.name)} ON ${isLoose(index, table) ? "ONLY " : ""}${nameOf(table)}${indexBody(index)}${predicateOf(index)}`
}

/** ` USING gin (a, lower(b)) INCLUDE (c)`: what stands between the table's name and the storage of an index. */
export function indexBody(index: Pick<Index, "method" | "columns" | "expressions" | "clauses" | "include" | "nullsNotDistinct">): string {
  const method = index.method === "btree" ? "" : ` USING ${quoteIdent(index.method)}`
  return `${method} ${indexKeys(index)}${indexTail(index)}`
}

/** ` INCLUDE (c) NULLS NOT DISTINCT`, or empty. */
export function indexTail(index: Pick<Index, "include" | "nullsNotDistinct">): string {
  return includeOf(index) + (index.nullsNotDistinct ? " NULLS NOT DISTINCT" : "")
}

/** `(a DESC, lower(b))` */
function indexKeys({ columns, expressions, clauses }: Pick<Index, "columns" | "expressions" | "clauses">): string {
  let expression = 0
  const keys = columns.map((column, at) => {
    const text = column === null ? `(${expressions[expression++] ?? ""})` : quoteIdent(column)
    const clause = clauses[at] ?? ""
    return clause === "" ? text : `${text} ${clause}`
  })
  return `(${keys.join(", ")})`
}

function includeOf({ include }: Pick<Index, "include">): string {
  return include.length === 0 ? "" : ` INCLUDE (${listOf(include)})`
}

/** In brackets, which EXCLUDE needs. */
function predicateOf({ predicate, constraint }: Index): string {
  if (predicate === null) return ""
  return ` WHERE ${constraint === null ? predicate.text : `(${predicate.text})`}`
}

/** `FOR VALUES IN ('eu', NULL)`; null where a bound is no literal, of which no more is known. */
export function boundDefinition({ bound }: NonNullable<Relation["partition"]>): string | null {
  const list = (values: typeof bound.from): string => values.map(({ keyword, literal: text }) => keyword?.toUpperCase() ?? (text === null ? "NULL" : quoteLiteral(text))).join(", ")
  if ([...bound.from, ...bound.to].some(({ keyword, literal: text, isNull }) => keyword === null && text === null && !isNull)) return null
  switch (bound.kind) {
    case "default":
      return "DEFAULT"
    case "hash":
      return `FOR VALUES WITH (MODULUS ${String(bound.modulus)}, REMAINDER ${String(bound.remainder)})`
    case "list":
      return `FOR VALUES IN (${list(bound.from)})`
    case "range":
      return `FOR VALUES FROM (${list(bound.from)}) TO (${list(bound.to)})`
  }
}

function listOf(names: readonly string[]): string {
  return names.map(quoteIdent).join(", ")
}
