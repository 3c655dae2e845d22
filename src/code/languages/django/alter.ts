/** What it takes to make one field of another. Source: `_alter_field` of django/db/backends/base/schema.py and django/db/backends/postgresql/schema.py. */
import type { Range } from "../expression.ts"
import { joined, type Part } from "../made.ts"
import type { Field } from "./fields.ts"
import { indexName, quoted, serverName } from "./names.ts"
import { alter, commentSql, derived, dropForeignKey, dropIndex, fieldIndexes, foreignKeySql, from, HOLE, isWaiting, pieces, renamed, uniqueSql, type Context, type Statement } from "./statements.ts"
import { throughOf } from "./tables.ts"
import { columnOf, keyOf, primaryOf, put, referencesTo, tableOf, targetIn, typeIn, withField, type Model, type State } from "./state.ts"

/** A field with its name, and the models around it. */
export interface Side {
  readonly name: string
  readonly field: Field
  readonly state: State
}

export interface Altered {
  readonly statements: readonly Statement[]
  /** The names that the field has then. */
  readonly names: Field["names"]
}

/** Null for what only running the code would tell. `range`: where the new field stands in this file. */
export function alterField(context: Context, model: Model, old: Side, next: Side, range: Range | null): Altered | null {
  if (old.field.kind === "many" || next.field.kind === "many") return alterMany(context, model, old, next)
  if ([old, next].some(({ field }) => field.kind === "unknown" || field.generated !== null)) return null
  const types = [old, next].map(({ state, field }) => typeIn(state, field))
  const [oldType, type] = types
  if (oldType == null || type == null) return null
  const isSame = isSameButComment(old, next) && old.field.comment === next.field.comment
  return isSame ? { statements: [], names: old.field.names } : change(context, tableOf(model), model, old, next, oldType, type, range)
}

/** A relation of many to many whose table, or one of whose columns, gets another name. */
function alterMany(context: Context, model: Model, old: Side, next: Side): Altered | null {
  if (old.field.kind !== next.field.kind) return null
  if (old.field.through !== null && next.field.through !== null) return { statements: [], names: {} }
  const oldModel = [...old.state.values()].find((one) => one.app === model.app && one.fields.get(old.name) === old.field) ?? model
  const [before, after] = [throughOf(oldModel, old.name, old.field), throughOf(model, next.name, next.field)]
  return before === null || after === null ? null : moveThrough(context, before, after, old.state, next.state)
}

/** The key to the other model first, as Django does. */
function moveThrough(context: Context, before: Model, after: Model, oldState: State, state: State): Altered | null {
  const statements: Statement[] = []
  if (tableOf(before) !== tableOf(after)) {
    statements.push(alter(tableOf(before), "RENAME TO ", quoted(tableOf(after))))
    renamed(context.deferred, tableOf(before), { table: tableOf(after) })
  }
  const keys: (string | undefined)[] = []
  for (const index of [2, 1]) {
    const [[oldName, oldField] = [], [name, field] = []] = [[...before.fields][index], [...after.fields][index]]
    if (oldName === undefined || oldField == null || name === undefined || field == null) return null
    const made = alterField(context, after, { name: oldName, field: oldField, state: oldState }, { name, field: { ...field, names: oldField.names }, state }, null)
    if (made === null) return null
    statements.push(...made.statements)
    keys.unshift(made.names.key)
  }
  return { statements, names: { key: keys[0], far: keys[1] } }
}

/** The name that Django makes up for the foreign key of a field. */
function keyOfField(state: State, model: Model, name: string, field: Field, suffix?: string): string | undefined {
  const key = foreignKeySql(state, tableOf(model), name, field, null, suffix)?.parts[3]
  return typeof key === "string" ? key.slice(1, -1) : undefined
}

/** Whether nothing differs that matters to the database, but perhaps the comment. */
function isSameButComment(old: Side, next: Side): boolean {
  const facts = ({ name, field, state }: Side): string => {
    const target = field.kind === "relation" ? targetIn(state, field) : null
    return JSON.stringify([
      columnOf(name, field), field.kind, typeIn(state, field), field.isPositive, field.isNull, field.isUnique, field.isPrimary, field.isIndexed, field.collation,
      field.hasDefault ? (field.initial?.spelled ?? "None") : "", field.databaseDefault?.spelled, target === null ? field.to : tableOf(target.model), field.toField, field.hasConstraint,
    ])
  }
  return facts(old) === facts(next)
}

function change(context: Context, table: string, model: Model, old: Side, next: Side, oldType: string, type: string, range: Range | null): Altered {
  const { deferred } = context
  const statements: Statement[] = []
  let names = old.field.names
  const [column, oldColumn] = [columnOf(next.name, next.field), columnOf(old.name, old.field)]
  const [isRelation, wasRelation] = [next.field.kind === "relation", old.field.kind === "relation"]
  const drop = (name: string): void => {
    statements.push(derived(alter(table, "DROP CONSTRAINT ", quoted(name))))
  }
  const oldKey = wasRelation && old.field.hasConstraint ? (names.key ?? keyOfField(old.state, model, old.name, old.field)) : undefined
  // A new comment leaves the key alone (`_alter_field` of django/db/backends/base/schema.py, since 4.2, which brought comments).
  const dropped = oldKey !== undefined && !isWaiting(context, oldKey) && !isSameButComment(old, next)
  if (dropped) {
    statements.push(dropForeignKey(table, oldKey))
    names = { ...names, key: undefined }
  }
  const becamePrimary = !old.field.isPrimary && next.field.isPrimary
  if (old.field.isUnique && !old.field.isPrimary && (!next.field.isUnique || becamePrimary)) {
    drop(names.unique ?? serverName(table, oldColumn, "key"))
    names = { ...names, unique: undefined }
  }
  // A key that others reference changes together with them.
  const typeChanges = oldType !== type || old.field.collation !== next.field.collation
  const isKey = (old.field.isPrimary && next.field.isPrimary) || (old.field.isUnique && next.field.isUnique)
  const references = (isKey && typeChanges) || becamePrimary ? referencing(next.state, model, next.name) : []
  if (isKey && typeChanges) for (const one of references) if (one.key !== null && !isWaiting(context, one.key)) statements.push(dropForeignKey(one.table, one.key))
  if (old.field.isIndexed && !old.field.isUnique && (!next.field.isIndexed || next.field.isUnique)) {
    // All indexes of the column alone are dropped, and the one for LIKE is one of them.
    for (const index of [names.index ?? indexName(table, [oldColumn]), names.like]) if (index !== undefined && !isWaiting(context, index)) statements.push(dropIndex(index))
    names = { ...names, index: undefined, like: undefined }
  }
  const checkChanges = old.field.isPositive !== next.field.isPositive
  if (checkChanges && old.field.isPositive) drop(names.check ?? serverName(table, oldColumn, "check"))
  if (oldColumn !== column) {
    statements.push(alter(table, "RENAME COLUMN ", quoted(oldColumn), " TO ", from(range, quoted(column))))
    renamed(deferred, table, { column: [oldColumn, column] })
  }
  const actions = columnActions(old, next, oldType, type, table, column, range, statements)
  statements.push(...actions.statements)
  if (old.field.isPrimary && !next.field.isPrimary) drop(`${table}_pkey`)
  if (!next.field.isPrimary && next.field.isUnique && (!old.field.isUnique || old.field.isPrimary)) {
    statements.push(uniqueSql(table, [column], range))
    names = { ...names, unique: indexName(table, [column], "_uniq") }
  }
  const [plain, like] = indexesBy(fieldIndexes(next.state, table, next.name, next.field, range))
  if ((!old.field.isIndexed || old.field.isUnique) && next.field.isIndexed && !next.field.isUnique && plain !== undefined) {
    statements.push(plain)
    names = { ...names, index: indexName(table, [column]) }
  }
  if (becamePrimary) statements.push(derived(alter(table, "ADD CONSTRAINT ", quoted(indexName(table, [column], "_pk")), " PRIMARY KEY (", from(range, quoted(column)), ")")))
  for (const one of references) statements.push(alter(one.table, `ALTER COLUMN ${quoted(one.column)} TYPE ${type}${castOf(one.column, oldType !== type, type)}`))
  const key = isRelation && (dropped || !wasRelation || !old.field.hasConstraint) ? foreignKeySql(next.state, table, next.name, next.field, range) : null
  if (key !== null) {
    statements.push(key)
    names = { ...names, key: keyOfField(next.state, model, next.name, next.field) }
  }
  if (isKey && typeChanges) for (const one of references) statements.push(...one.again())
  if (checkChanges && next.field.isPositive) {
    const check = indexName(table, [column], "_check")
    statements.push(derived(alter(table, "ADD CONSTRAINT ", quoted(check), " CHECK (", from(range, `${quoted(column)} >= 0`), ")")))
    names = { ...names, check }
  }
  if (actions.drops) statements.push(alter(table, "ALTER COLUMN ", from(range, quoted(column)), " DROP DEFAULT"))
  const wantsLike = (!(old.field.isIndexed || old.field.isUnique) && next.field.isIndexed) || (!old.field.isUnique && next.field.isUnique) || losesLike(old.field, oldType, type)
  if (wantsLike && like !== undefined) {
    statements.push(like)
    names = { ...names, like: indexName(table, [column], "_like") }
  }
  if (old.field.isUnique && !next.field.isIndexed && !next.field.isUnique) {
    statements.push(dropIndex(indexName(table, [oldColumn], "_like")))
    names = { ...names, like: undefined }
  }
  return { statements, names }
}

/** Type, default and NOT NULL: in one statement, where no rows have to be filled in between. `drops`: the default goes at the end. */
function columnActions(old: Side, next: Side, oldType: string, type: string, table: string, column: string, range: Range | null, before: Statement[]): { readonly statements: readonly Statement[]; readonly drops: boolean } {
  const actions: (readonly Part[])[] = []
  const behind: Statement[] = []
  const name = quoted(column)
  const add = (sql: string): void => {
    actions.push(pieces(range, `ALTER COLUMN ${name} ${sql}`))
  }
  const [counts, counted] = [next.field.kind === "auto", old.field.kind === "auto"]
  const commentChanges = old.field.comment !== next.field.comment
  if (oldType !== type || counts !== counted || old.field.collation !== next.field.collation || commentChanges) {
    if (losesLike(old.field, oldType, type)) before.push(dropIndex(indexName(table, [columnOf(old.name, old.field)], "_like")))
    if (counted && !counts) before.push(alter(table, `ALTER COLUMN ${name} DROP IDENTITY IF EXISTS`))
    add(`TYPE ${type}${next.field.collation === null ? "" : ` COLLATE ${quoted(next.field.collation)}`}${castOf(column, next.field.kind === "relation" ? oldType !== type : baseOf(oldType) !== baseOf(type), type)}`)
    if (counts && !counted) behind.push(alter(table, `ALTER COLUMN ${name} ADD GENERATED BY DEFAULT AS IDENTITY`))
    if (counts && counted) behind.push(derived({ parts: ["ALTER SEQUENCE IF EXISTS ", quoted(serverName(table, column, "seq")), ` AS ${type}`] }))
    if (commentChanges) behind.push(commentSql(table, column, next.field.comment))
  }
  const value = next.field.databaseDefault
  if (value !== null && value.spelled !== old.field.databaseDefault?.spelled) add(`SET DEFAULT ${value.sql ?? HOLE}`)
  if (value === null && old.field.databaseDefault !== null) add("DROP DEFAULT")
  const fills = old.field.isNull && !next.field.isNull
  const { initial } = next.field
  const drops = fills && value === null && initial !== null && (initial.sql === null || initial.sql !== old.field.initial?.sql)
  if (drops) add(`SET DEFAULT ${initial.sql ?? HOLE}`)
  const nullable = old.field.isNull === next.field.isNull ? null : next.field.isNull ? "DROP NOT NULL" : "SET NOT NULL"
  const isFourWay = fills && (next.field.hasDefault || value !== null)
  if (nullable !== null && !isFourWay) add(nullable)
  const statements: Statement[] = actions.length === 0 ? [] : [alter(table, ...joined(actions))]
  if (isFourWay) {
    const sql = (value ?? initial)?.sql ?? ((value ?? initial) === null ? "NULL" : HOLE)
    statements.push({ parts: ["UPDATE ", quoted(table), " SET ", ...pieces(range, `${name} = ${sql} WHERE ${name} IS NULL`), "; SET CONSTRAINTS ALL IMMEDIATE"] })
    statements.push(alter(table, from(range, `ALTER COLUMN ${name} SET NOT NULL`)))
  }
  return { statements: [...statements, ...behind], drops }
}

/** Django casts where types differ in more than their lengths, and where those of foreign keys differ at all. */
function castOf(column: string, differs: boolean, type: string): string {
  return differs ? ` USING ${quoted(column)}::${type}` : ""
}

function baseOf(type: string): string {
  return type.replace(/\(.*?\)/, "").replace(/\[.*\]/, "[]")
}

/** An index for LIKE is dropped with a type of text. */
function losesLike(field: Field, oldType: string, type: string): boolean {
  return (field.isIndexed || field.isUnique) && ["varchar", "text", "citext"].some((text) => oldType.startsWith(text) && !type.startsWith(text))
}

function indexesBy(indexes: ReturnType<typeof fieldIndexes>): readonly [ReturnType<typeof fieldIndexes>[number] | undefined, ReturnType<typeof fieldIndexes>[number] | undefined] {
  const isLike = ({ parts }: Statement): boolean => parts.some((part) => typeof part === "string" && / (?:varchar|text)_pattern_ops$/.test(part))
  return [indexes.find((one) => !isLike(one)), indexes.find(isLike)]
}

/** What the names of keys end with that are made again, because what they reference has changed. */
const AGAIN = "_fk"

interface Reference {
  readonly table: string
  readonly column: string
  readonly key: string | null
  /** Makes its key again, and takes down its name. */
  again(): readonly Statement[]
}

/** The foreign keys that reference a field, as far as they are known; those of tables that Django makes are among them. */
function referencing(state: State, model: Model, name: string): readonly Reference[] {
  const own = keyOf(model.app, model.name)
  const isKey = primaryOf(model)?.name === name
  const direct = referencesTo(state, own).filter(({ field }) => (field.toField === null ? isKey : field.toField === name))
  const found = direct.map((one) => referenceOf(state, one.model, one.name, one.field, (key) => {
    put(state, withField(state.get(keyOf(one.model.app, one.model.name)) ?? one.model, one.name, { ...one.field, names: { ...one.field.names, key } }))
  }))
  const many = [...state.values()].flatMap((one) => [...one.fields].flatMap(([manyName, field]) => (field === null || one.isManaged !== true ? [] : [{ one, manyName, field, through: throughOf(one, manyName, field) }])))
  const through = many.flatMap(({ one, manyName, field, through }) => (through === null ? [] : [...through.fields].flatMap(([key, reference], index) => (reference?.to !== own ? [] : [
    referenceOf(state, through, key, reference, (made) => {
      put(state, withField(state.get(keyOf(one.app, one.name)) ?? one, manyName, { ...field, names: { ...field.names, [index === 1 ? "key" : "far"]: made } }))
    }),
  ]))))
  return [...found, ...(isKey ? through : [])].flatMap((one) => one ?? [])
}

function referenceOf(state: State, model: Model, name: string, field: Field, remember: (key: string) => void): Reference | null {
  if (model.isManaged !== true) return null
  const table = tableOf(model)
  return {
    table,
    column: columnOf(name, field),
    key: field.names.key ?? keyOfField(state, model, name, field) ?? null,
    again: () => {
      const [made, key] = [foreignKeySql(state, table, name, field, null, AGAIN), keyOfField(state, model, name, field, AGAIN)]
      if (key !== undefined) remember(key)
      return made === null ? [] : [made]
    },
  }
}
