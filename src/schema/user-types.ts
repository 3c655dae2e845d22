import type { Name } from "../parse/name.ts"
import type { Expression } from "../parse/expression.ts"
import type { Identifier, OperationOf } from "../parse/operation.ts"
import type { Column, ObjectId, Relation, UserType } from "./catalog.ts"
import { dropFromTree } from "./alter-column.ts"
import { addColumnToTree, bareColumn, treeOf, updateColumn } from "./columns.ts"
import { chooseName, multirangeName, truncateIdentifier } from "./derived-names.ts"
import { targetSchema } from "./names.ts"
import { refuseRowType } from "./new-names.ts"
import { renameInRelation } from "./rename.ts"
import { followTypeName } from "./type-names.ts"
import { countConstraintName, isComplete, isSure, link, put, putName, refuse, type Store } from "./store.ts"
import { collationOfType, findType, needType, typeIdOf } from "./types.ts"

type CreateType = OperationOf<"create enum" | "create composite type" | "create type" | "create domain">
type Body<T> = T extends UserType ? Omit<T, "id" | "schema" | "name" | "created"> : never

export function createType(store: Store, op: CreateType): void {
  switch (op.op) {
    case "create enum": {
      const { origin } = store.now
      addType(store, op.type, { kind: "enum", labels: op.labels.map((text) => ({ text, created: origin })) })
      return
    }
    case "create composite type": {
      const attributes = op.attributes.map(({ name, type }) => ({ name: name.name, type: needType(store, type) }))
      const id = addType(store, op.type, { kind: "composite", attributes })
      for (const { type } of attributes) noteNested(store, id, type)
      return
    }
    case "create type": {
      const id = addType(store, op.type, { kind: op.typeKind })
      if (op.typeKind === "range" && id !== undefined) addMultirange(store, op, id)
      return
    }
    case "create domain":
      return createDomain(store, op)
  }
}

/** A multirange type that is there already, or anything of its name, is in the way of the range type. */
function addMultirange(store: Store, op: OperationOf<"create type">, range: ObjectId): void {
  const type = store.types.get(range)
  if (store.pgVersion < 14 || type === undefined) return
  const name = op.multirange ?? { schema: type.schema, name: multirangeName(type.name), span: op.type.span }
  const id = addType(store, name, { kind: "multirange", range })
  // It goes with the range, and its users with it.
  if (id !== undefined) link(store, store.typeUsers, range, id)
}

function createDomain(store: Store, op: OperationOf<"create domain">): void {
  const base = needType(store, op.type)
  const id = addType(store, op.domain, { kind: "domain", base, collation: op.collation?.name ?? collationOfType(store, base), notNull: op.notNull, default: null, checks: [] })
  if (id === undefined) return
  noteNested(store, id, base)
  const type = store.types.get(id)
  if (type?.kind !== "domain") return
  const names: string[] = []
  const checks = op.checks.map(({ name, expression }) => {
    const chosen = name?.name ?? checkName(store, type, names)
    names.push(chosen)
    return { name: chosen, ...conditionOf(store, expression), validated: true }
  })
  for (const name of names) countConstraintName(store, type.schema, name, 1)
  const under = base.dimensions === 0 ? findType(store, base) : undefined
  const inherited = under?.kind === "domain" ? under.default : null
  const value =
    op.default === null
      ? inherited
      : op.default.isNull
        ? null
        : { text: store.now.text(op.default.span), volatile: op.default.constant ? false : null }
  put(store, store.types, id, { ...type, checks, default: value })
}

function conditionOf(store: Store, { span, functions }: Expression): { readonly text: string; readonly functions: readonly string[] } {
  return { text: store.now.text(span), functions: functions.map(({ name }) => name) }
}

function checkName(store: Store, domain: UserType, taken: readonly string[]): string {
  const used = store.constraintNames.get(domain.schema)
  return chooseName(domain.name, null, "check", (name) => taken.includes(name) || used?.has(name) === true)
}

function addType(store: Store, written: Name, body: Body<UserType>): ObjectId | undefined {
  const schema = targetSchema(store, written)
  const name = truncateIdentifier(written.name)
  const known = store.typeNames.get(schema)?.get(name)
  const old = known === undefined ? undefined : store.types.get(known)
  refuseRowType(store, schema, { name, span: written.span })
  // A shell type is completed by its definition.
  if (old !== undefined && old.kind !== "shell") {
    if (isSure(store, name)) refuse("42710", `type "${name}" already exists`, written.span)
    if (store.now.conditional) return undefined
  }
  return registerType(store, schema, name, body)
}

/** Lists a type; one of the same name makes room. */
export function registerType(store: Store, schema: string, name: string, body: Body<UserType>): ObjectId {
  const id = store.nextId++
  putName(store, store.typeNames, schema, name, id)
  put(store, store.types, id, { ...body, id, schema, name, created: store.now.origin })
  return id
}

/** Types made of other types (domains, composites) use them as tables do. */
function noteNested(store: Store, user: ObjectId | undefined, type: Parameters<typeof typeIdOf>[1]): void {
  const id = typeIdOf(store, type)
  if (id !== undefined && user !== undefined) link(store, store.typeUsers, id, user)
}

function needUserType(store: Store, name: Name): UserType | undefined {
  const type = findType(store, name)
  if (type === undefined && isComplete(store) && isSure(store, name.name)) {
    refuse("42704", `type "${name.name}" does not exist`, name.span)
  }
  return type
}

// ---------------------------------------------------------------------------------------------------------------------
// Enums and composite types

export function addEnumValue(store: Store, op: OperationOf<"add enum value">): void {
  const type = needUserType(store, op.type)
  if (type?.kind !== "enum") return
  const { text, span } = op.value
  if (type.labels.some((label) => label.text === text)) {
    if (!op.ifNotExists && isSure(store, type.name)) refuse("42710", `enum label "${text}" already exists`, span)
    return
  }
  const neighbor = op.neighbor === null ? -1 : type.labels.findIndex((label) => label.text === op.neighbor)
  if (op.neighbor !== null && neighbor < 0) {
    if (isSure(store, type.name)) refuse("22023", `"${op.neighbor}" is not an existing enum label`, op.span)
  }
  const position = neighbor < 0 ? type.labels.length : neighbor + (op.before ? 0 : 1)
  put(store, store.types, type.id, {
    ...type,
    labels: type.labels.toSpliced(position, 0, { text, created: store.now.origin }),
  })
}

export function renameEnumValue(store: Store, op: OperationOf<"rename enum value">): void {
  const type = needUserType(store, op.type)
  if (type?.kind !== "enum") return
  if (!type.labels.some(({ text }) => text === op.value.text) && isSure(store, type.name)) {
    refuse("22023", `"${op.value.text}" is not an existing enum label`, op.value.span)
  }
  if (type.labels.some(({ text }) => text === op.newValue.text) && isSure(store, type.name))
    refuse("42710", `enum label "${op.newValue.text}" already exists`, op.newValue.span)
  const labels = type.labels.map((label) =>
    label.text === op.value.text ? { ...label, text: op.newValue.text } : label,
  )
  put(store, store.types, type.id, { ...type, labels })
}

export function alterCompositeType(store: Store, op: OperationOf<"alter composite type">): void {
  const type = needUserType(store, op.type)
  if (type?.kind !== "composite") return
  const { name } = op.attribute
  const given = op.action === "add attribute" ? op.attribute : op.newName
  if (given !== null && type.attributes.some((attribute) => attribute.name === given.name) && isSure(store, type.name, given.name))
    refuse("42701", `column "${given.name}" of relation "${type.name}" already exists`, given.span)
  const attributeType = op.attributeType === null ? null : needType(store, op.attributeType)
  const attributes = ((): typeof type.attributes => {
    switch (op.action) {
      case "add attribute":
        return attributeType === null ? type.attributes : [...type.attributes, { name, type: attributeType }]
      case "drop attribute":
        return type.attributes.filter((attribute) => attribute.name !== name)
      case "alter attribute type":
        return type.attributes.map((old) =>
          old.name === name && attributeType !== null ? { name, type: attributeType } : old,
        )
      case "rename attribute":
        return type.attributes.map((old) => (old.name === name ? { ...old, name: op.newName?.name ?? name } : old))
    }
  })()
  put(store, store.types, type.id, { ...type, attributes })
  for (const table of [...store.relations.values()]) {
    if (table.ofType === type.id) followType(store, table, op, attributeType)
  }
}

/** Typed tables, and what inherits from them, take over what CASCADE changes of their type. */
function followType(
  store: Store,
  table: Relation,
  op: OperationOf<"alter composite type">,
  attributeType: Column["type"] | null,
): void {
  const { name } = op.attribute
  if (op.action === "drop attribute") return dropFromTree(store, table, { column: op.attribute, only: false, cascade: true })
  if (op.action === "add attribute") {
    if (attributeType === null) return
    const column = { ...bareColumn(name), type: attributeType, created: store.now.origin, typed: store.now.origin }
    return addColumnToTree(store, table.id, column, false)
  }
  for (const id of treeOf(store, table.id)) {
    if (op.action === "rename attribute") renameInRelation(store, id, name, op.newName?.name ?? name)
    else updateColumn(store, id, name, (old) => ({ ...old, type: attributeType ?? old.type, typed: store.now.origin }))
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Domains

type Domain = Extract<UserType, { kind: "domain" }>

export function alterDomain(store: Store, op: OperationOf<"alter domain">): void {
  const type = needUserType(store, op.domain)
  if (type?.kind !== "domain") return
  put(store, store.types, type.id, { ...type, ...changedDomain(store, type, op.action) })
}

function changedDomain(store: Store, domain: Domain, action: OperationOf<"alter domain">["action"]): Partial<Domain> {
  switch (action.kind) {
    case "set not null":
    case "drop not null":
      return { notNull: action.kind === "set not null" }
    case "drop default":
      return { default: null }
    case "set default":
      return {
        default: { text: store.now.text(action.default.span), volatile: action.default.constant ? false : null },
      }
    case "add constraint": {
      if (action.notNull || action.expression === null) return { notNull: true }
      const name = action.name?.name ?? checkName(store, domain, [])
      refuseCheckName(store, domain, name, action.name)
      countConstraintName(store, domain.schema, name, 1)
      const check = { name, ...conditionOf(store, action.expression), validated: !action.notValid }
      return { checks: [...domain.checks, check] }
    }
    case "drop constraint": {
      // From 17 on NOT NULL has a name as well, which is not kept.
      const isNotNull = domain.notNull && store.pgVersion >= 17 && (!action.ifExists || action.name.name === `${domain.name}_not_null`)
      if (!domain.checks.some(({ name }) => name === action.name.name)) return isNotNull ? { notNull: false } : {}
      countConstraintName(store, domain.schema, action.name.name, -1)
      return { checks: domain.checks.filter(({ name }) => name !== action.name.name) }
    }
    case "validate constraint":
      return {
        checks: domain.checks.map((check) => (check.name === action.name.name ? { ...check, validated: true } : check)),
      }
    case "rename constraint": {
      const to = action.newName.name
      refuseCheckName(store, domain, to, action.newName)
      return {
        checks: domain.checks.map((check) => (check.name === action.name.name ? { ...check, name: to } : check)),
      }
    }
  }
}

function refuseCheckName(store: Store, domain: Domain, name: string, written: Identifier | null): void {
  if (written !== null && domain.checks.some((check) => check.name === name) && isSure(store, domain.name, name))
    refuse("42710", `constraint "${name}" for domain "${domain.name}" already exists`, written.span)
}

/** Renames or moves a type, and follows it wherever it is used. */
export function moveType(store: Store, type: UserType, schema: string, name: string): void {
  putName(store, store.typeNames, type.schema, type.name, undefined)
  putName(store, store.typeNames, schema, name, type.id)
  put(store, store.types, type.id, { ...type, schema, name })
  followTypeName(store, type.id, type, { schema, name })
}
