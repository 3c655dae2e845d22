/** Tables and columns that come and go with models and fields. Source: django/db/backends/base/schema.py. */
import type { Range } from "../expression.ts"
import type { Field } from "./fields.ts"
import { quoted, tableName } from "./names.ts"
import type { Part } from "../made.ts"
import { alter, columnSql, commentSql, derived, dropForeignKey, fieldIndexes, foreignKeySql, forget, from, isWaiting, namesOf, pieces, uniqueSql, type Context, type Statement } from "./statements.ts"
import { columnOf, columnsOf, countingLike, foreignKey, keyOf, put, tableOf, targetIn, withField, type Model, type State } from "./state.ts"

/** Elements of a new table that stand behind its columns, and what is deferred behind its keys. */
export interface Extra {
  readonly inline: readonly (readonly Part[])[]
  readonly indexes: readonly Statement[]
}

/**
 * The statements of a new model, which is in the state already. Columns that nobody knows are left out.
 *
 * @param rangeOf Where a field stands in this file.
 */
export function createTable(context: Context, model: Model, rangeOf: (field: string) => Range | null, extra: Extra = { inline: [], indexes: [] }): readonly Statement[] {
  const { state, deferred } = context
  const table = tableOf(model)
  const columns: (readonly Part[])[] = []
  for (const [name, field] of model.fields) {
    if (field === null || field.kind === "many" || hasNoColumn(field)) continue
    columns.push(pieces(rangeOf(name), columnSql(context, name, field, false)))
  }
  for (const fields of model.uniqueTogether) {
    const names = columnsOf(model, fields)
    if (names !== null) deferred.push(uniqueSql(table, names, null))
  }
  for (const [name, field] of ownFields(model)) {
    const [key, range] = [foreignKeySql(state, table, name, field, rangeOf(name)), rangeOf(name)]
    if (key !== null) deferred.push(key)
    else if (isLost(state, field) && range !== null) context.unread(range)
  }
  put(state, withNames(state, model, table))
  const elements = [...columns, ...extra.inline].flatMap((parts, index) => (index === 0 ? parts : [", ", ...parts]))
  const comments = ownFields(model).flatMap(([name, field]) => (field.comment === null ? [] : [commentSql(table, columnOf(name, field), field.comment)]))
  for (const [name, field] of ownFields(model)) deferred.push(...fieldIndexes(state, table, name, field, rangeOf(name)))
  for (const fields of model.indexTogether) {
    const names = columnsOf(model, fields)
    if (names !== null) deferred.push(togetherIndex(table, names))
  }
  deferred.push(...extra.indexes.map((statement) => ({ ...statement, tables: [table], columns: [] })))
  const through = [...model.fields].flatMap(([name, field]) => (field?.kind === "many" ? createThrough(context, model, name, field, rangeOf(name)) : []))
  return [{ parts: ["CREATE TABLE ", quoted(table), " (", ...elements, ")"] }, ...comments, ...through]
}

/** Whether nobody knows the column of a field, or whether it has one: a class of the project's own leads to another model, or there are no literals. */
export function hasNoColumn(field: Field | null | undefined): boolean {
  return field == null || (field.kind === "unknown" && field.to !== null)
}

/** `ADD COLUMN`, with its key in place; null for what only running the code would tell. */
export function addColumn(context: Context, model: Model, name: string, field: Field, range: Range | null): readonly Statement[] | null {
  const { state, deferred } = context
  if (field.kind === "many") return createThrough(context, model, name, field, range)
  if (field.kind === "unknown") return null
  const [table, target] = [tableOf(model), field.kind === "relation" ? targetIn(state, field) : null]
  if (field.kind === "relation" && target === null) return null
  const column = columnOf(name, field)
  const { key } = namesOf(state, table, name, field)
  const hasKey = target !== null && key !== undefined
  const definition = columnSql(context, name, field, true)
  const inline = hasKey ? ` CONSTRAINT ${quoted(key)} REFERENCES ${quoted(tableOf(target.model))}(${quoted(target.column)}) DEFERRABLE INITIALLY DEFERRED` : ""
  const check = hasKey ? `; SET CONSTRAINTS ${quoted(key)} IMMEDIATE` : ""
  const statements: Statement[] = [{ parts: ["ALTER TABLE ", quoted(table), " ADD COLUMN ", ...pieces(range, definition + inline), check], ...(hasKey && { isDerived: true }) }]
  if (field.databaseDefault === null && field.initial !== null) statements.push(alter(table, "ALTER COLUMN ", from(range, quoted(column)), " DROP DEFAULT"))
  if (field.comment !== null) statements.push(commentSql(table, column, field.comment))
  deferred.push(...fieldIndexes(state, table, name, field, range))
  return statements
}

/** `DROP COLUMN`, behind its key. */
export function dropColumn(context: Context, model: Model, name: string, field: Field, range: Range | null): readonly Statement[] | null {
  const { state, deferred } = context
  const table = tableOf(model)
  if (field.kind === "many") return dropThrough(context, model, name, field)
  if (field.kind === "unknown") return null
  const column = columnOf(name, field)
  const key = field.kind === "relation" && field.hasConstraint ? (field.names.key ?? namesOf(state, table, name, field).key) : undefined
  // A key that may be there has a name that nobody knows.
  if (field.kind === "relation" && field.hasConstraint && key === undefined) return null
  // What has not been added yet is not dropped.
  const hasKey = key !== undefined && !isWaiting(context, key)
  forget(deferred, table, column)
  const drop: Statement = alter(table, "DROP COLUMN ", from(range, quoted(column)), " CASCADE")
  return [...(hasKey ? [dropForeignKey(table, key)] : []), drop]
}

export function dropTable(context: Context, model: Model): readonly Statement[] {
  const table = tableOf(model)
  const through = [...model.fields].flatMap(([name, field]) => (field?.kind === "many" ? dropThrough(context, model, name, field) : []))
  forget(context.deferred, table, null)
  return [...through, { parts: ["DROP TABLE ", quoted(table), " CASCADE"] }]
}

function dropThrough(context: Context, model: Model, name: string, field: Field): readonly Statement[] {
  const through = throughOf(model, name, field)
  return through === null ? [] : dropTable(context, through)
}

function createThrough(context: Context, model: Model, name: string, field: Field, range: Range | null): readonly Statement[] {
  const through = throughOf(model, name, field)
  if (through === null) return []
  // It is part of no state: where it is asked for, it is made anew.
  return createTable({ ...context, state: new Map([...context.state]) }, through, () => range)
}

/** The model that Django makes for a relation of many to many; null where there is one already. */
export function throughOf(model: Model, name: string, field: Field): Model | null {
  if (field.kind !== "many" || field.through !== null) return null
  const own = keyOf(model.app, model.name)
  const [near, far] = [model.name.toLowerCase(), (field.to ?? "").split(".").at(-1) ?? ""]
  // Where it leads is told by the settings, or by code.
  if (field.to === null) return null
  const [first, second] = field.to === own ? [`from_${near}`, `to_${far}`] : [near, far]
  return {
    app: model.app,
    name: `${model.name}_${name}`,
    ownTable: field.table ?? tableName(`${tableOf(model).replace(/^"+|"+$/g, "")}_${name}`),
    fields: new Map([
      ["id", countingLike(model)],
      [first, { ...foreignKey(own, field.hasConstraint), names: { key: field.names.key } }],
      [second, { ...foreignKey(field.to, field.hasConstraint), names: { key: field.names.far } }],
    ]),
    isManaged: true,
    uniqueTogether: [[first, second]],
    indexTogether: [],
    constraints: new Map(),
  }
}

export function togetherIndex(table: string, columns: readonly string[]): Statement & { readonly tables: readonly string[]; readonly columns: readonly string[] } {
  const made = uniqueSql(table, columns, null)
  const name = made.parts[3]
  const index = typeof name === "string" ? name.replace(/_uniq"$/, '_idx"') : ""
  return { ...derived({ parts: ["CREATE INDEX ", index, " ON ", quoted(table), " (", ...made.parts.slice(5)] }), tables: [table], columns }
}

/** The fields that have a column. */
function ownFields({ fields }: Model): readonly (readonly [string, Field])[] {
  return [...fields].flatMap(([name, field]) => (field === null || field.kind === "many" || hasNoColumn(field) ? [] : [[name, field] as const]))
}

/** Whether a foreign key leads to a table that is not known. */
function isLost(state: State, field: Field): boolean {
  return field.kind === "relation" && field.hasConstraint && targetIn(state, field) === null
}

/** The same with the names that are made with its table. */
function withNames(state: State, model: Model, table: string): Model {
  return { ...model, fields: new Map([...model.fields].map(([name, field]) => [name, field === null ? null : { ...field, names: field.kind === "many" ? throughNames(state, model, name, field) : namesOf(state, table, name, field) }])) }
}

/** Takes down a field, with the names that are made for it. */
export function putField({ state }: Context, model: Model, name: string, field: Field): void {
  put(state, withField(model, name, field))
  const names = field.kind === "many" ? throughNames(state, model, name, field) : field.kind === "unknown" ? {} : namesOf(state, tableOf(model), name, field)
  put(state, withField(model, name, { ...field, names }))
}

/** The foreign keys of the table that Django makes for a relation of many to many. */
function throughNames(state: State, model: Model, name: string, field: Field): Field["names"] {
  const through = throughOf(model, name, { ...field, names: {} })
  const [near, far] = through === null ? [] : [...through.fields].slice(1).map(([key, reference]) => (reference === null ? {} : namesOf(state, tableOf(through), key, reference)))
  return { key: near?.key, far: far?.key }
}
