import type { Cast, Expression, FunctionCall } from "../parse/expression.ts"
import type { Identifier, Name } from "../parse/name.ts"
import type { ColumnDefinition } from "../parse/operation.ts"
import { nameInText } from "../source/names.ts"
import type { Column, ColumnType, ObjectId, Relation } from "./catalog.ts"
import { chooseName } from "./derived-names.ts"
import { find, findRelation, newRelation } from "./names.ts"
import { columnRecord } from "./records.ts"
import { addRelation, isSure, link, refuse, setRelation, type Store } from "./store.ts"
import { collationOfType, findType, integerTypeOf, needType, noteTypeUse, resolveType, typeIdOf, UNKNOWN_TYPE } from "./types.ts"

/** Replaces a relation's record. */
export function updateRelation(store: Store, id: ObjectId, change: (relation: Relation) => Relation): void {
  const relation = store.relations.get(id)
  if (relation !== undefined) setRelation(store, change(relation))
}

export function columnOf(relation: Pick<Relation, "columns">, name: string): Column | undefined {
  for (const column of relation.columns) if (column.name === name) return column
  return undefined
}

/** Replaces one column of one relation. */
export function updateColumn(store: Store, id: ObjectId, name: string, change: (column: Column) => Column): void {
  updateRelation(store, id, (relation) => ({
    ...relation,
    columns: relation.columns.map((column) => (column.name === name ? columnRecord(change(column)) : column)),
  }))
}

/** The relation and everything that inherits from it, itself first. */
export function treeOf(store: Store, id: ObjectId): ObjectId[] {
  const found = [id]
  // Grows while it is read: the children's children follow.
  for (const current of found) {
    for (const child of store.children.get(current) ?? []) if (!found.includes(child)) found.push(child)
  }
  return found
}

/** Whether everything about the relation is known for certain, so that what is not listed does not exist. */
export function isSolid(store: Store, relation: Relation, ...names: readonly string[]): boolean {
  return relation.known && !relation.maybeOlder && isSure(store, relation.name, ...names)
}

/** Columns every table has. */
const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid"])

/**
 * The column a statement works on. On a relation that is not known, a column that is named must exist, and is listed
 * from now on, its type unknown.
 */
export function needColumn(
  store: Store,
  relation: Relation,
  { name, span }: Identifier,
  missing = `column "${name}" of relation "${relation.name}" does not exist`,
): Column | undefined {
  const column = columnOf(relation, name)
  if (column !== undefined) return column
  if (isSolid(store, relation, name) && !SYSTEM_COLUMNS.has(name) && relation.kind !== "composite type") {
    refuse("42703", missing, span)
  }
  if (relation.known) return undefined
  const assumed = bareColumn(name)
  updateRelation(store, relation.id, (current) => ({ ...current, columns: [...current.columns, assumed] }))
  return assumed
}

/** A column of which nothing but this is known. */
export function bareColumn(name: string, type: ColumnType = UNKNOWN_TYPE, created: Column["created"] = null, typed: Column["typed"] = null): Column {
  return {
    name,
    type,
    notNull: false,
    notNullNotValid: false,
    default: null,
    identity: null,
    generated: null,
    collation: null,
    created,
    typed,
    inherited: false,
    local: true,
  }
}

/** What a column definition says of the column itself; its constraints and sequence come apart. */
export function makeColumn(store: Store, definition: ColumnDefinition, notNull: boolean): Column {
  const { name, collation, default: expression, identity, generated, notNull: written } = definition
  const { origin } = store.now
  const invalid = written?.notValid === true
  const type = needType(store, definition.type)
  return {
    name: name.name,
    type,
    notNull: !invalid && (notNull || written !== null || definition.serial || identity !== null),
    notNullNotValid: invalid,
    default: makeDefault(store, expression, type),
    identity: identity?.kind ?? null,
    generated:
      generated === null
        ? null
        : {
            stored: generated.stored,
            columns: columnsRead(generated.expression),
            text: store.now.text(generated.expression.span),
            functions: generated.expression.functions.map((call) => call.name),
            types: castTypes(store, generated.expression),
          },
    collation: collation?.name ?? collationOfType(store, type),
    created: origin,
    typed: origin,
    inherited: false,
    local: true,
  }
}

/** The columns an expression reads, each once. */
export function columnsRead(expression: Expression): readonly string[] {
  const { columns } = expression
  if (columns.length === 0) return []
  if (columns.length === 1) return columns.map(({ column }) => column)
  return [...new Set(columns.map(({ column }) => column))]
}

/** `DEFAULT NULL` is no default: the server stores none, but where it has to fit the NULL into a length or a domain. */
export function makeDefault(store: Store, expression: Expression | null, type: ColumnType): Column["default"] {
  if (expression === null) return null
  const fitted = (type.modifiers.length > 0 && type.name !== "interval") || (type.dimensions === 0 && findType(store, { schema: type.schema, name: type.name })?.kind === "domain")
  if (expression.isNull && !fitted) return null
  const sequence = sequenceOf(store, expression)
  return {
    text: store.now.text(expression.span),
    volatile: expression.constant ? false : sequence === null ? volatilityOf(store, expression) : true,
    sequence,
    functions: expression.functions.map(({ name }) => name),
    types: typesNamed(store, expression.casts),
  }
}

/** The users' types that values are cast to. */
function typesNamed(store: Store, casts: readonly Pick<Cast, "type">[]): readonly ObjectId[] {
  return casts.flatMap(({ type }) => userTypeOf(store, resolveType(store, type)) ?? [])
}

/**
 * The users' types that what has an expression cannot be without. None where a function that it calls is not told from others: dropped with
 * CASCADE, that may have taken it along.
 */
export function castTypes(store: Store, { casts, functions }: { readonly casts: readonly Pick<Cast, "type">[]; readonly functions: readonly FunctionCall[] }): readonly ObjectId[] {
  const isTold = (call: FunctionCall): boolean => isSure(store, call.name) && (find(store, store.functions, call)?.length ?? 0) < 2
  return casts.length > 0 && functions.every(isTold) ? typesNamed(store, casts) : []
}

/** The user's type that a value of the type is of, or has elements of. */
function userTypeOf(store: Store, type: ColumnType): ObjectId | undefined {
  const id = typeIdOf(store, type)
  return id !== undefined && store.types.has(id) ? id : undefined
}

/** A default is cast to the column's new type, and so goes on naming the old one; only of a domain nothing stays (ATExecAlterColumnType). */
export function castDefault(store: Store, { default: old, type }: Column): Column["default"] {
  const id = old === null || old.sequence !== null ? undefined : userTypeOf(store, type)
  if (old === null || id === undefined || store.types.get(id)?.kind === "domain" || old.types.includes(id)) return old
  return { ...old, types: [...old.types, id] }
}

/** True or false when the functions are the user's own; null when it is a question of built-in functions. */
function volatilityOf(store: Store, expression: Expression): boolean | null {
  let sure = true
  for (const call of expression.functions) {
    const schemas = call.schema === null ? store.functions.values() : [store.functions.get(call.schema)]
    let known = false
    for (const names of schemas) {
      for (const { volatility } of names?.get(call.name) ?? []) {
        known = true
        if (volatility === "volatile") return true
      }
    }
    sure &&= known
  }
  return sure ? false : null
}

function sequenceOf(store: Store, expression: Expression): ObjectId | null {
  for (const {
    name,
    arguments: [first],
    span,
  } of expression.functions) {
    if (name !== "nextval" || first === null || first === undefined) continue
    // Looked up by name each time, as up to 8.0: nothing depends on it (docs: Sequence Manipulation Functions).
    if (/(?:::|\bas)\s*text\b/i.test(store.now.text(span))) continue
    const relation = findRelation(store, nameInText(first))
    if (relation !== undefined) return relation.id
  }
  return null
}

/**
 * The sequence behind a serial or identity column: `table_column_seq`, or the next free number.
 *
 * @param written the name that SEQUENCE NAME gives it; without a schema, in that of the table (generateSerialExtraStmts)
 */
export function makeOwnedSequence(store: Store, table: Relation, column: Pick<Column, "name" | "type">, identity: boolean, written: Name | null = null): Relation {
  const schema = written?.schema ?? table.schema
  const taken = store.names.get(schema)
  if (written !== null && taken?.has(written.name) === true && isSure(store, written.name))
    refuse("42P07", `relation "${written.name}" already exists`, written.span)
  const name = written?.name ?? chooseName(table.name, column.name, "seq", (candidate) => taken?.has(candidate) === true)
  const sequence = addRelation(store, {
    ...newRelation(store.nextId++, schema, name, "sequence"),
    persistence: table.persistence,
    created: store.now.origin,
    sequenceType: integerTypeOf(column.type),
    ownedBy: { relation: table.id, column: column.name, identity },
  })
  link(store, store.ownedSequences, table.id, sequence.id)
  link(store, store.sequenceUsers, sequence.id, table.id)
  return sequence
}

/** The default of a serial column. */
export function serialDefault(sequence: Relation): Column["default"] {
  return {
    text: `nextval('${sequence.name}'::regclass)`,
    volatile: true,
    sequence: sequence.id,
    functions: ["nextval"],
    types: [],
  }
}

/** Lists the user's types that the columns have, and the sequences that their defaults draw from. */
export function noteColumns(store: Store, table: ObjectId, columns: readonly Column[]): void {
  for (const column of columns) noteColumn(store, table, column)
}

function noteColumn(store: Store, table: ObjectId, column: Column): void {
  noteTypeUse(store, table, column.type)
  noteDefault(store, table, column.default)
}

export function noteDefault(store: Store, table: ObjectId, value: Column["default"]): void {
  if (value !== null && value.sequence !== null) link(store, store.sequenceUsers, value.sequence, table)
}

/** Adds the column to the table and everything that inherits from it; a child that has it already keeps its own. */
export function addColumnToTree(store: Store, table: ObjectId, column: Column, only: boolean): void {
  for (const id of only ? [table] : treeOf(store, table)) {
    const relation = store.relations.get(id)
    if (relation === undefined) continue
    const rest = relation.columns.filter(({ name }) => name !== column.name)
    if (rest.length < relation.columns.length && id !== table) {
      updateColumn(store, id, column.name, (own) => ({ ...own, inherited: true }))
      continue
    }
    const inherited = id === table ? column : { ...column, inherited: true, local: false, ...inheritedIdentity(store, relation, column) }
    const added = columnRecord(inherited)
    setRelation(store, { ...relation, columns: [...rest, added] })
    noteColumn(store, id, added)
  }
}

/** From 17 on partitions share the identity of their parent; inheritance children never do. */
function inheritedIdentity(store: Store, relation: Relation, column: Column): Pick<Column, "identity"> {
  return { identity: store.pgVersion >= 17 && relation.partition !== null ? column.identity : null }
}

/** Marks columns NOT NULL without asking how. */
export function markNotNull(store: Store, table: ObjectId, names: readonly string[]): void {
  const relation = store.relations.get(table)
  if (relation === undefined || names.length === 0) return
  if (!relation.columns.some((column) => !column.notNull && names.includes(column.name))) return
  setRelation(store, {
    ...relation,
    columns: relation.columns.map((column) =>
      names.includes(column.name) ? columnRecord({ ...column, notNull: true, notNullNotValid: false }) : column,
    ),
  })
}
