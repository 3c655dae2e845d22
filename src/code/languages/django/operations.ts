/**
 * What the operations of Django's migrations do to the models, and the SQL that it makes of them. Source: django/db/migrations/operations and
 * django/contrib/postgres/operations.py of Django 5.2.
 */
import type { Arguments } from "../arguments.ts"
import type { Range } from "../expression.ts"
import { textOf } from "../tokens.ts"
import { alterField } from "./alter.ts"
import { fieldAt, PLAIN, type Field, type FieldPlace } from "./fields.ts"
import { addConstraint, constraintAt, createIndex, nameOfIndex } from "./indexes.ts"
import { indexName, quoted } from "./names.ts"
import { argument, calledAt, dictionaryAt, listAt, spelledAt, stringAt, stringsAt, truthAt, type Called } from "../python/program.ts"
import { alter, derived, dropIndex, from, renamed, uniqueSql, type Context, type Statement } from "./statements.ts"
import { columnsOf, keyOf, modelOf, put, referencesTo, tableOf, withField, type Model, type State } from "./state.ts"
import { addColumn, createTable, dropColumn, dropTable, hasNoColumn, putField, throughOf, togetherIndex } from "./tables.ts"
import { literal } from "../made.ts"

type Made = readonly Statement[] | null

interface Operation extends Arguments {
  readonly context: Context
  /** The operation as a whole. */
  readonly range: Range
}

const DJANGO = /^django\.(?:db\.migrations|contrib\.postgres\.operations)(?:\.\w+)*\.\w+$/

/** Operations of a package that make triggers of a model and nothing else. Source: pgtrigger/migrations.py of django-pgtrigger 4. */
const TRIGGERS = /^pgtrigger\.migrations\.(?:Add|Remove)Trigger$/

/** The statements of an operation; null for what only running the code would tell. The state is then as after it. */
export function apply(context: Context, range: Range): Made {
  const called = calledAt(context.python, range)
  const operation = called === null || !DJANGO.test(called.path) || !Object.hasOwn(OPERATIONS, called.name) ? undefined : OPERATIONS[called.name]
  if (called === null || operation === undefined || !called.isCall || !called.args.isWhole) {
    if (called === null || !TRIGGERS.test(called.path)) doubt(context, range)
    return null
  }
  return operation({ ...called.args, context, range }, called)
}

/** What is named in something that is not understood may have become anything. */
export function doubt({ python, state, app }: Context, { from: start, to }: Range): void {
  for (const token of python.tokens.slice(start, to)) {
    const name = token.kind === "text" ? token.runs.map(({ value }) => value).join("") : (textOf(token) ?? "")
    const model = modelOf(state, app, name)
    if (model !== null) put(state, { ...model, fields: new Map([...model.fields].map(([field]) => [field, null])) })
  }
}

const OPERATIONS: Readonly<Record<string, (operation: Operation, called: Called) => Made>> = {
  CreateModel: createModel,
  DeleteModel: (op) => {
    const model = modelNamed(op, "name")
    if (model === null) return null
    op.context.state.delete(keyOf(model.app, model.name))
    return ifManaged(model, () => dropTable({ ...op.context, state: new Map([...op.context.state, [keyOf(model.app, model.name), model]]) }, model))
  },
  RenameModel: renameModel,
  AlterModelTable: (op) => {
    const { context } = op
    const model = modelNamed(op, "name")
    const range = argument(op, "table", 1)
    const table = stringAt(context.python, range)
    if (model === null || (table === null && range !== null && spelledAt(context.python, range) !== "None")) return unsure(op)
    const next = { ...model, ownTable: table }
    put(context.state, next)
    return ifManaged(model, () => [
      ...moveTable(context, tableOf(model), tableOf(next)),
      ...[...model.fields].flatMap(([name, field]) => {
        const [from, to] = [model, next].map((one) => (field === null ? null : throughOf(one, name, field)))
        return from == null || to == null ? [] : moveTable(context, tableOf(from), tableOf(to))
      }),
    ])
  },
  AlterModelTableComment: (op) => {
    const model = modelNamed(op, "name")
    const range = argument(op, "table_comment", 1)
    const comment = range === null || spelledAt(op.context.python, range) === "None" ? "" : stringAt(op.context.python, range)
    return model === null || comment === null ? null : ifManaged(model, () => [{ parts: ["COMMENT ON TABLE ", quoted(tableOf(model)), ` IS ${literal(comment)}`] }])
  },
  AlterModelOptions: (op) => {
    const model = modelNamed(op, "name")
    const options = dictionaryAt(op.context.python, argument(op, "options", 1))
    const managed = options?.get("managed")
    if (model !== null && managed !== undefined) put(op.context.state, { ...model, isManaged: truthAt(op.context.python, managed, true) })
    return []
  },
  AlterModelManagers: () => [],
  AlterUniqueTogether: (op) => together(op, "unique_together"),
  AlterIndexTogether: (op) => together(op, "index_together"),
  AlterOrderWithRespectTo: (op) => {
    const { context } = op
    const model = modelNamed(op, "name")
    const range = argument(op, "order_with_respect_to", 1)
    const isOrdered = range !== null && spelledAt(context.python, range) !== "None"
    const old = model?.fields.get(ORDER)
    if (model === null || old === null) return null
    if (isOrdered === (old !== undefined)) return []
    if (old !== undefined) return removed(context, model, ORDER, old, range)
    const field = { ...PLAIN, initial: { sql: "0", spelled: "0" }, hasDefault: true }
    putField(context, model, ORDER, PLAIN)
    return ifManaged(model, () => addColumn(context, model, ORDER, field, range))
  },
  AddField: (op) => {
    const { context } = op
    const [model, name, range] = [modelNamed(op, "model_name"), stringAt(context.python, argument(op, "name", 1)), argument(op, "field", 2)]
    if (model === null || name === null || range === null) return null
    const field = fieldAt(context.python, range, placeOf(context, model.name))
    if (field === null) {
      put(context.state, withField(model, name, null))
      return null
    }
    putField(context, model, name, withoutInitial(op, field))
    return ifManaged(model, () => addColumn(context, model, name, field, range))
  },
  RemoveField: (op) => {
    const { context } = op
    const [model, name] = [modelNamed(op, "model_name"), stringAt(context.python, argument(op, "name", 1))]
    const field = name === null ? undefined : model?.fields.get(name)
    if (model === null || name === null) return null
    if (field == null) {
      put(context.state, without(model, name))
      return null
    }
    return removed(context, model, name, field, argument(op, "name", 1))
  },
  AlterField: (op) => {
    const { context } = op
    const [model, name, range] = [modelNamed(op, "model_name"), stringAt(context.python, argument(op, "name", 1)), argument(op, "field", 2)]
    if (model === null || name === null || range === null) return null
    const field = fieldAt(context.python, range, placeOf(context, model.name))
    const old = model.fields.get(name)
    const before = new Map(context.state)
    put(context.state, withField(model, name, field === null || old == null ? field : { ...withoutInitial(op, field), names: old.names }))
    if (field === null || old == null) return null
    return ifManaged(model, () => altered(context, model, { name, field: old, state: before }, { name, field, state: context.state }, range))
  },
  RenameField: (op) => {
    const { context } = op
    const { python, state } = context
    const [model, oldName, newName] = [modelNamed(op, "model_name"), stringAt(python, argument(op, "old_name", 1)), stringAt(python, argument(op, "new_name", 2))]
    if (model === null || oldName === null || newName === null) return unsure(op)
    const old = model.fields.get(oldName)
    const before = new Map(state)
    const swap = (names: readonly string[]): readonly string[] => names.map((one) => (one === oldName ? newName : one))
    put(state, { ...model, fields: new Map([...model.fields].map(([name, field]) => [name === oldName ? newName : name, field])), uniqueTogether: model.uniqueTogether.map(swap), indexTogether: model.indexTogether.map(swap) })
    for (const one of referencesTo(state, keyOf(model.app, model.name))) if (one.field.toField === oldName) put(state, withField(one.model, one.name, { ...one.field, toField: newName }))
    const next = modelOf(state, model.app, model.name)
    if (old == null || next === null) return null
    return ifManaged(model, () => altered(context, next, { name: oldName, field: old, state: before }, { name: newName, field: old, state }, argument(op, "new_name", 2)))
  },
  AddIndex: (op) => addIndex(op, false),
  AddIndexConcurrently: (op) => addIndex(op, true),
  RemoveIndex: (op) => removeIndex(op, "DROP INDEX IF EXISTS "),
  RemoveIndexConcurrently: (op) => removeIndex(op, "DROP INDEX CONCURRENTLY IF EXISTS "),
  RenameIndex: (op) => {
    const { python } = op.context
    const [model, newName, fields] = [modelNamed(op, "model_name"), stringAt(python, argument(op, "new_name", 1)), op.option("old_fields")]
    const oldName = stringAt(python, argument(op, "old_name", 2))
    if (model === null || newName === null) return null
    const columns = fields === null ? null : columnsOf(model, stringsAt(python, fields) ?? [""])
    const old = oldName ?? (columns === null ? null : indexName(tableOf(model), columns, "_idx"))
    if (old === null) return null
    const statement: Statement = { parts: ["ALTER INDEX ", quoted(old), " RENAME TO ", from(argument(op, "new_name", 1), quoted(newName))] }
    return ifManaged(model, () => [oldName === null ? derived(statement) : statement])
  },
  AddConstraint: (op) => newConstraint(op, ""),
  AddConstraintNotValid: (op) => newConstraint(op, " NOT VALID"),
  AlterConstraint: () => [],
  RemoveConstraint: (op) => {
    const [model, range] = [modelNamed(op, "model_name"), argument(op, "name", 1)]
    const name = stringAt(op.context.python, range)
    const kind = name === null ? undefined : model?.constraints.get(name)
    if (model === null || name === null || kind === undefined) return null
    put(op.context.state, { ...model, constraints: new Map([...model.constraints].filter(([one]) => one !== name)) })
    const dropped = from(range, quoted(name))
    return ifManaged(model, () => [kind === "index" ? { parts: ["DROP INDEX IF EXISTS ", dropped] } : alter(tableOf(model), "DROP CONSTRAINT ", dropped)])
  },
  ValidateConstraint: (op) => {
    const [model, range] = [modelNamed(op, "model_name"), argument(op, "name", 1)]
    const name = stringAt(op.context.python, range)
    return model === null || name === null ? null : ifManaged(model, () => [alter(tableOf(model), "VALIDATE CONSTRAINT ", from(range, quoted(name)))])
  },
  CreateExtension: (op) => {
    const name = stringAt(op.context.python, argument(op, "name", 0))
    return name === null ? null : extension(name)
  },
  BloomExtension: () => extension("bloom"),
  BtreeGinExtension: () => extension("btree_gin"),
  BtreeGistExtension: () => extension("btree_gist"),
  CITextExtension: () => extension("citext"),
  CryptoExtension: () => extension("pgcrypto"),
  HStoreExtension: () => extension("hstore"),
  TrigramExtension: () => extension("pg_trgm"),
  UnaccentExtension: () => extension("unaccent"),
  CreateCollation: (op) => {
    const { python } = op.context
    const [name, locale] = [stringAt(python, argument(op, "name", 0)), stringAt(python, argument(op, "locale", 1))]
    const provider = op.option("provider") === null ? "libc" : stringAt(python, op.option("provider"))
    const isDeterministic = truthAt(python, op.option("deterministic"), true)
    if (name === null || locale === null || provider === null || isDeterministic === null) return null
    return [{ parts: [`CREATE COLLATION ${quoted(name)} (locale=${quoted(locale)}${provider === "libc" ? "" : `, provider=${quoted(provider)}`}${isDeterministic ? "" : ", deterministic=false"})`] }]
  },
  RemoveCollation: (op) => {
    const name = stringAt(op.context.python, argument(op, "name", 0))
    return name === null ? null : [{ parts: [`DROP COLLATION ${quoted(name)}`] }]
  },
}

/** The column of `order_with_respect_to`. */
const ORDER = "_order"
function extension(name: string): Made {
  return [{ parts: [`CREATE EXTENSION IF NOT EXISTS ${quoted(name)}`] }]
}

function placeOf({ app, userModel, baseOf }: Context, model: string): FieldPlace {
  return { app, model, userModel, baseOf }
}

function modelNamed(op: Operation, option: string): Model | null {
  const name = stringAt(op.context.python, argument(op, option, 0))
  return name === null ? null : modelOf(op.context.state, op.context.app, name)
}

/** Who takes another name is not known any more. */
function unsure({ context, range }: Operation): null {
  doubt(context, range)
  return null
}

/** Of a model that Django manages no table for, only the state changes. */
function ifManaged({ isManaged }: Model, make: () => Made): Made {
  return isManaged === true ? make() : isManaged === false ? [] : null
}

/** `preserve_default=False`: the default was for the rows that are there, and is no part of the field. */
function withoutInitial(op: Operation, field: Field): Field {
  return truthAt(op.context.python, op.option("preserve_default"), true) === false ? { ...field, initial: null, hasDefault: false } : field
}

function without(model: Model, name: string): Model {
  return { ...model, fields: new Map([...model.fields].filter(([one]) => one !== name)) }
}

function removed(context: Context, model: Model, name: string, field: Field, range: Range | null): Made {
  const made = ifManaged(model, () => dropColumn(context, model, name, field, range))
  put(context.state, without(model, name))
  return made
}

function altered(context: Context, model: Model, old: Parameters<typeof alterField>[2], next: Parameters<typeof alterField>[3], range: Range | null): Made {
  const made = alterField(context, model, old, next, range)
  const current = modelOf(context.state, model.app, model.name)
  const field = current?.fields.get(next.name)
  if (made !== null && current !== null && field != null) put(context.state, withField(current, next.name, { ...field, names: made.names }))
  return made?.statements ?? null
}

function createModel(op: Operation): Made {
  const { context, range } = op
  const { python, app, state } = context
  const name = stringAt(python, argument(op, "name", 0))
  const elements = listAt(python, argument(op, "fields", 1))
  const options = dictionaryAt(python, argument(op, "options", 2))
  if (name === null) return null
  const ranges = new Map<string, Range>()
  const fields = new Map<string, Field | null>()
  for (const element of elements ?? []) {
    const [first, second] = listAt(python, element) ?? []
    const field = stringAt(python, first)
    if (field === null || second === undefined) continue
    ranges.set(field, second)
    fields.set(field, fieldAt(python, second, placeOf(context, name)))
  }
  if (options?.has("order_with_respect_to") === true) fields.set(ORDER, PLAIN)
  const option = (key: string): Range | null => options?.get(key) ?? null
  const ownTable = stringAt(python, option("db_table"))
  const isNamed = options !== null && (option("db_table") === null || ownTable !== null) && option("db_tablespace") === null
  const [unique, index] = [groupsAt(context, option("unique_together")), groupsAt(context, option("index_together"))]
  const model: Model = {
    app,
    name,
    ownTable,
    fields,
    isManaged: isNamed ? isManagedBy(context, `${app}.${name}`, option) : null,
    uniqueTogether: unique ?? [],
    indexTogether: index ?? [],
    constraints: new Map(),
  }
  put(state, model)
  const isReadable = elements !== null && fields.size > 0 && fields.size >= elements.length && unique !== null && index !== null
  if (model.isManaged === false) return []
  if (!isReadable || model.isManaged === null) return null
  // Without a key in sight, it comes from the settings, or from a base.
  if (![...fields.values()].some((field) => field?.isPrimary === true)) context.unread(range)
  for (const [field, place] of ranges) if (hasNoColumn(fields.get(field))) context.unread(place)
  const { inline, indexes } = extras(context, model, option)
  const known = modelOf(state, app, name) ?? model
  const made = createTable(context, known, (field) => ranges.get(field) ?? null, { inline, indexes })
  const comment = stringAt(python, option("db_table_comment"))
  return comment === null ? made : [...made.slice(0, 1), { parts: ["COMMENT ON TABLE ", quoted(tableOf(model)), ` IS ${literal(comment)}`] }, ...made.slice(1)]
}

function isManagedBy({ python, userModel }: Context, key: string, option: (key: string) => Range | null): boolean | null {
  const [managed, proxy] = [truthAt(python, option("managed"), true), truthAt(python, option("proxy"), false)]
  if (managed === null || proxy === null) return null
  if (!managed || proxy) return false
  if (option("swappable") === null) return true
  return stringAt(python, option("swappable")) !== "AUTH_USER_MODEL" || userModel === null ? null : userModel === key.toLowerCase()
}

/** Constraints and indexes in the options of a model. */
function extras(context: Context, model: Model, option: (key: string) => Range | null): { readonly inline: Constraint["element"][]; readonly indexes: readonly Statement[] } {
  const { state } = context
  const inline: Constraint["element"][] = []
  const [constraints, indexes]: [Statement[], Statement[]] = [[], []]
  const known = new Map<string, "constraint" | "index">()
  for (const range of rangesAt(context, option("constraints"))) {
    const made = constraintAt(context, model, range)
    if (made !== null) known.set(made.name, made.kind)
    if (made === null || made.needsVersion) context.unread(range)
    else if (made.index === null) inline.push(made.element)
    else constraints.push(made.index)
  }
  for (const range of rangesAt(context, option("indexes"))) {
    const made = createIndex(context, model, range)
    if (made === null) context.unread(range)
    else indexes.push(made)
  }
  put(state, { ...model, constraints: known })
  return { inline, indexes: [...constraints, ...indexes] }
}

type Constraint = NonNullable<ReturnType<typeof constraintAt>>

/** What cannot be taken apart is counted as a whole. */
function rangesAt(context: Context, range: Range | null): readonly Range[] {
  if (range === null) return []
  const elements = listAt(context.python, range)
  if (elements === null) context.unread(range)
  return elements ?? []
}

/** `{("a", "b")}`, and `("a", "b")` for one of them. Null for what only running the code would tell. */
function groupsAt({ python }: Context, range: Range | null): readonly (readonly string[])[] | null {
  if (range === null || spelledAt(python, range) === "None") return []
  const one = stringsAt(python, range)
  if (one !== null) return one.length === 0 ? [] : [one]
  const groups = listAt(python, range)?.map((group) => stringsAt(python, group))
  return groups === undefined || groups.some((group) => group === null) ? null : groups.flatMap((group) => (group === null ? [] : [group]))
}

function together(op: Operation, option: "unique_together" | "index_together"): Made {
  const { context } = op
  const model = modelNamed(op, "name")
  const range = argument(op, option, 1)
  const next = groupsAt(context, range)
  if (model === null || next === null) return null
  const isUnique = option === "unique_together"
  const old = isUnique ? model.uniqueTogether : model.indexTogether
  put(context.state, isUnique ? { ...model, uniqueTogether: next } : { ...model, indexTogether: next })
  const table = tableOf(model)
  const differing = (some: typeof old, others: typeof old): readonly (readonly string[])[] => some.filter((group) => !others.some((one) => one.join("\0") === group.join("\0")))
  const [gone, made] = [differing(old, next), differing(next, old)].map((groups) => groups.map((group) => columnsOf(model, group)))
  if (gone === undefined || made === undefined || [...gone, ...made].includes(null)) return null
  return ifManaged(model, () => [
    ...gone.flatMap((columns) => (columns === null ? [] : [isUnique ? derived(alter(table, "DROP CONSTRAINT ", quoted(indexName(table, columns, "_uniq")))) : dropIndex(indexName(table, columns, "_idx"))])),
    ...made.flatMap((columns) => (columns === null ? [] : [isUnique ? uniqueSql(table, columns, range) : togetherIndex(table, columns)])),
  ])
}

function addIndex(op: Operation, concurrently: boolean): Made {
  const { context } = op
  const model = modelNamed(op, "model_name")
  const range = argument(op, "index", 1)
  const made = model === null ? null : createIndex(context, model, range, concurrently)
  return model === null || made === null || nameOfIndex(context, range) === null ? null : ifManaged(model, () => [made])
}

function removeIndex(op: Operation, words: string): Made {
  const [model, range] = [modelNamed(op, "model_name"), argument(op, "name", 1)]
  const name = stringAt(op.context.python, range)
  return model === null || name === null ? null : ifManaged(model, () => [{ parts: [words, from(range, quoted(name))] }])
}

function newConstraint(op: Operation, behind: string): Made {
  const { context } = op
  const model = modelNamed(op, "model_name")
  const made = model === null ? null : constraintAt(context, model, argument(op, "constraint", 1))
  if (model === null || made === null) return null
  put(context.state, { ...model, constraints: new Map([...model.constraints, [made.name, made.kind]]) })
  return ifManaged(model, () => [addConstraint(model, made, behind)])
}

/** Its table, the keys that reference it, and the tables of its relations of many to many. */
function renameModel(op: Operation): Made {
  const { context } = op
  const { python, app, state } = context
  const [model, newName] = [modelNamed(op, "old_name"), stringAt(python, argument(op, "new_name", 1))]
  if (model === null || newName === null) return unsure(op)
  const before = new Map(state)
  const [oldKey, newKey] = [keyOf(app, model.name), keyOf(app, newName)]
  state.delete(oldKey)
  state.set(newKey, { ...model, name: newName })
  for (const one of [...state.values()]) {
    const fields = [...one.fields].map(([name, field]) => [name, field !== null && (field.to === oldKey || field.through === oldKey) ? { ...field, to: field.to === oldKey ? newKey : field.to, through: field.through === oldKey ? newKey : field.through } : field] as const)
    if (fields.some(([name, field]) => field !== one.fields.get(name))) put(state, { ...one, fields: new Map(fields) })
  }
  const next = modelOf(state, app, newName)
  if (next === null || oldKey === newKey) return []
  return ifManaged(model, () => moveModel(context, model, next, before))
}

/** The statements of another name for a model: keys that reference it are named after its table, and so are the tables of its relations. */
function moveModel(context: Context, model: Model, next: Model, before: State): Made {
  const { state } = context
  const key = keyOf(next.app, next.name)
  const statements = moveTable(context, tableOf(model), tableOf(next))
  const related = [...state.values()].flatMap((other) => [...other.fields].flatMap(([name, field]) => (field?.to === key && field.through === null && other.isManaged === true ? [{ other, name, field }] : [])))
  const own = [...next.fields].flatMap(([name, field]) => (field?.kind === "many" && field.through === null && field.to !== key ? [{ other: next, name, field }] : []))
  for (const { other, name, field } of [...related, ...own]) {
    const was = (keyOf(other.app, other.name) === key ? model : before.get(keyOf(other.app, other.name)))?.fields.get(name)
    const made = was == null ? null : altered(context, other, { name, field: was, state: before }, { name, field, state }, null)
    if (made === null) return null
    statements.push(...made)
  }
  return statements
}

function moveTable({ deferred }: Context, oldTable: string, table: string): Statement[] {
  if (oldTable === table) return []
  renamed(deferred, oldTable, { table })
  return [alter(oldTable, "RENAME TO ", quoted(table))]
}
