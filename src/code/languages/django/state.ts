/** The models of a Django project at some point of its migrations. Source: django/db/migrations/state.py. */
import type { ColumnOf } from "./expressions.ts"
import { PLAIN, type Field } from "./fields.ts"
import { tableName } from "./names.ts"

export interface Model {
  readonly app: string
  readonly name: string
  /** As `db_table` says; null for the table that Django names after app and model. */
  readonly ownTable: string | null
  /** By their names, in the order of the columns. Null: something has been done to it that only running the code would tell. */
  readonly fields: ReadonlyMap<string, Field | null>
  /** Django makes a table for it. Null where only the settings would tell. */
  readonly isManaged: boolean | null
  readonly uniqueTogether: readonly (readonly string[])[]
  readonly indexTogether: readonly (readonly string[])[]
  /** Constraints by their names; some of them are indexes to the server. */
  readonly constraints: ReadonlyMap<string, "constraint" | "index">
}

/** Models by `app.model`, in lower case. Operations change it in place. */
export type State = Map<string, Model>

export function keyOf(app: string, model: string): string {
  return `${app}.${model}`.toLowerCase()
}

export function modelOf(state: State, app: string, name: string): Model | null {
  return state.get(keyOf(app, name)) ?? null
}

export function tableOf({ app, name, ownTable }: Model): string {
  return ownTable ?? tableName(`${app}_${name.toLowerCase()}`)
}

export function columnOf(name: string, { kind, column }: Field): string {
  return column ?? (kind === "relation" ? `${name}_id` : name)
}

/** A field by its name, or by that of its column: `owner`, `owner_id`. */
function fieldOf({ fields }: Model, name: string): { readonly name: string; readonly field: Field } | null {
  for (const [own, field] of fields) {
    if (field !== null && (own === name || (field.kind === "relation" && `${own}_id` === name))) return { name: own, field }
  }
  return null
}

/** The columns of fields; null where one of them is not known. */
export function columnsOf(model: Model, names: readonly string[]): readonly string[] | null {
  const columns = names.map((name) => {
    const found = fieldOf(model, name)
    return found === null || found.field.kind === "many" || found.field.kind === "unknown" ? null : columnOf(found.name, found.field)
  })
  return columns.some((column) => column === null) ? null : columns.flatMap((column) => column ?? [])
}

export function columnsIn(state: State, model: Model): ColumnOf {
  return (name) => {
    const found = name === "pk" ? primaryOf(model) : fieldOf(model, name)
    const column = found === null ? null : columnsOf(model, [found.name])?.[0]
    return found === null || column == null ? null : { column, type: typeIn(state, found.field), isNull: found.field.isNull }
  }
}

export function primaryOf({ fields }: Model): { readonly name: string; readonly field: Field } | null {
  for (const [name, field] of fields) if (field?.isPrimary === true) return { name, field }
  return null
}

const DEEPEST = 8

/** The type of a field's column; null for what is not known. */
export function typeIn(state: State, field: Field, depth = 0): string | null {
  if (field.kind !== "relation") return field.type
  const target = depth > DEEPEST ? null : targetIn(state, field)
  return target === null ? null : typeIn(state, target.field, depth + 1)
}

/** What a foreign key references. */
export function targetIn(state: State, { to, toField }: Field): { readonly model: Model; readonly field: Field; readonly column: string } | null {
  const model = to === null ? undefined : state.get(to)
  if (model === undefined) return null
  const found = toField === null ? primaryOf(model) : fieldOf(model, toField)
  return found === null ? null : { model, field: found.field, column: columnOf(found.name, found.field) }
}

/** Foreign keys that reference a model. */
export function referencesTo(state: State, key: string): readonly { readonly model: Model; readonly name: string; readonly field: Field }[] {
  return [...state.values()].flatMap((model) => [...model.fields].flatMap(([name, field]) => (field?.kind === "relation" && field.to === key ? [{ model, name, field }] : [])))
}

export function withField(model: Model, name: string, field: Field | null): Model {
  return { ...model, fields: new Map([...model.fields, [name, field]]) }
}

export function put(state: State, model: Model): void {
  state.set(keyOf(model.app, model.name), model)
}

/** The tables of applications that come with Django, whose migrations are no part of the project. */
export function builtIn(): State {
  const state: State = new Map()
  const add = (app: string, name: string, ownTable: string | null, key: Partial<Field> = {}, keyName = "id"): void => {
    put(state, { app, name, ownTable, fields: new Map([[keyName, { ...COUNTING, ...key }]]), isManaged: true, uniqueTogether: [], indexTogether: [], constraints: new Map() })
  }
  add("auth", "User", null)
  add("auth", "Group", null)
  add("auth", "Permission", null)
  add("contenttypes", "ContentType", "django_content_type")
  add("sites", "Site", "django_site")
  add("sessions", "Session", "django_session", { kind: "plain", type: "varchar(40)" }, "session_key")
  add("admin", "LogEntry", "django_admin_log")
  return state
}

const COUNTING: Field = { ...PLAIN, kind: "auto", isUnique: true, isPrimary: true }

/** The key of a table that Django makes for a relation of many to many: it counts as that of the model does. */
export function countingLike(model: Model): Field {
  const own = primaryOf(model)?.field
  return own?.kind === "auto" ? { ...COUNTING, type: own.type } : { ...COUNTING, type: "bigint" }
}

/** A foreign key that Django makes by itself. */
export function foreignKey(to: string | null, hasConstraint: boolean): Field {
  return { ...PLAIN, kind: "relation", type: null, isIndexed: true, to, hasConstraint }
}
