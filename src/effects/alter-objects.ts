import type { AlterOperation, OperationOf } from "../parse/operation.ts"
import type { Relation, UserType } from "../schema/catalog.ts"
import {
  affected,
  affectedType,
  childWhy,
  fail,
  failAt,
  failWithout,
  forbid,
  lock,
  lockNamed,
  scan,
  storesRows,
  uncertain,
  unlisted,
  type Draft,
} from "./draft.ts"
import { alterTypedColumn } from "./alter/column-type.ts"
import { lockPublished, refusePublished } from "./create.ts"
import { dropColumn, partitionTree } from "./dependents.ts"
import type { Handlers } from "./handler.ts"
import { requireKind } from "./refusals/kinds.ts"
import { columnType } from "./type-change.ts"

/** Effects of ALTER on types, domains, sequences, publications and others. */
export const alterHandlers: Handlers<AlterOperation["op"]> = {
  "add enum value": addEnumValue,
  "rename enum value": null,
  "alter composite type": alterCompositeType,
  "alter domain": alterDomain,
  "alter sequence": alterSequence,
  "alter publication": alterPublication,
  "rename object": renameObject,
  "set object schema": null,
  "set object owner": null,
  "alter function": null,
  "alter statistics": null,
  "alter database": alterDatabase,
}

function addEnumValue(operation: OperationOf<"add enum value">, draft: Draft): void {
  const type = draft.catalog.type(operation.type)
  if (type === undefined) {
    if (draft.catalog.complete || draft.catalog.rulesOutType(operation.type))
      failWithout(draft, "type", operation.type, "42704", `type "${operation.type.name}" does not exist`)
    else if (draft.pgVersion < 12) forbid(draft, "ALTER TYPE ... ADD VALUE")
    return
  }
  if (type.kind !== "enum") {
    fail(draft, "42809", `"${type.name}" is not an enum`)
    return
  }
  if (draft.pgVersion < 12) forbid(draft, "ALTER TYPE ... ADD VALUE")
  const labels = type.labels.map((label) => label.text)
  if (labels.includes(operation.value.text) && !operation.ifNotExists) {
    fail(draft, "42710", `enum label "${operation.value.text}" already exists`)
  }
  if (operation.neighbor !== null && !labels.includes(operation.neighbor)) {
    fail(draft, "22023", `"${operation.neighbor}" is not an existing enum label`)
  }
}

function alterCompositeType(operation: OperationOf<"alter composite type">, draft: Draft): void {
  const type = draft.catalog.type(operation.type)
  const member = operation.attributeType === null ? undefined : draft.catalog.type(operation.attributeType)
  if (type !== undefined && member?.id === type.id) fail(draft, "42P16", `composite type ${type.name} cannot be made a member of itself`)
  if (type === undefined) {
    if (draft.catalog.complete) fail(draft, "42704", `type "${operation.type.name}" does not exist`)
    else lock(draft, unlisted(draft, operation.type, "composite type"), "ACCESS EXCLUSIVE")
    return
  }
  lock(draft, affectedType(type), "ACCESS EXCLUSIVE")
  const isThere = operation.action === "add attribute" || type.kind !== "composite" || type.attributes.some(({ name }) => name === operation.attribute.name)
  if (!isThere && !operation.ifExists) failAt(draft, operation.attribute.span, "42703", `column "${operation.attribute.name}" of relation "${type.name}" does not exist`)
  if (operation.action === "alter attribute type") {
    const user = draft.catalog.usersOfType(type.id).find(({ relation }) => relation.ofType !== type.id)
    if (user !== undefined)
      fail(
        draft,
        "0A000",
        `cannot alter type "${type.name}" because column "${user.relation.name}.${user.column.name}" uses it`,
      )
  }
  for (const table of draft.catalog.relations()) {
    if (table.ofType !== type.id) continue
    const { action, attribute, attributeType } = operation
    if (operation.cascade) {
      // IF EXISTS of an attribute that is not there ends at the typed table.
      for (const member of isThere ? draft.catalog.tree(table.id) : [table]) {
        lock(draft, affected(member), "ACCESS EXCLUSIVE", member.id === table.id ? `a table of the type ${type.name}` : childWhy(table, member))
        if (action === "alter attribute type" && attributeType !== null)
          alterTypedColumn(draft, member, attribute.name, columnType(attributeType, draft.catalog))
        if (action !== "drop attribute") continue
        const column = draft.catalog.column(member, attribute.name)
        if (member.id === table.id || column?.local === false) dropColumn(draft, member, attribute.name, true)
      }
    } else fail(draft, "2BP01", `cannot alter type "${type.name}" because it is the type of a typed table`)
  }
}

function alterDomain(operation: OperationOf<"alter domain">, draft: Draft): void {
  const { catalog } = draft
  const { action } = operation
  const domain = catalog.type(operation.domain)
  if (domain === undefined) {
    if (catalog.complete) fail(draft, "42704", `type "${operation.domain.name}" does not exist`)
    else if (verifies(draft, null, action))
      uncertain(draft, `the tables that use the domain ${operation.domain.name}: they are locked SHARE and scanned`)
    return
  }
  if (domain.kind !== "domain") {
    fail(draft, "42809", `"${domain.name}" is not a domain`)
    return
  }
  refuseConstraint(draft, domain, action)
  if (!verifies(draft, domain, action)) return
  const why = `a column of ${domain.name} is checked`
  for (const { relation, column } of catalog.usersOfType(domain.id)) {
    if (column.type.dimensions > 0 || !isDomain(draft, column.type)) {
      fail(
        draft,
        "0A000",
        `cannot alter type "${domain.name}" because column "${relation.name}.${column.name}" uses it`,
      )
      continue
    }
    for (const member of partitionTree(draft, relation)) {
      if (!storesRows(member)) continue
      lock(draft, affected(member), "SHARE", `its column ${column.name} is of the domain`)
      scan(draft, affected(member), why)
    }
  }
}

/** DROP CONSTRAINT of one that is not there; from 17 on NOT NULL is one, too. */
function refuseConstraint(draft: Draft, domain: Extract<UserType, { kind: "domain" }>, action: OperationOf<"alter domain">["action"]): void {
  if (action.kind !== "drop constraint" || action.ifExists || domain.created === null || domain.checks.some(({ name }) => name === action.name.name)) return
  if ((!domain.notNull || draft.pgVersion < 17) && draft.catalog.isCertain(domain))
    failAt(draft, action.name.span, "42704", `constraint "${action.name.name}" of domain "${domain.name}" does not exist`)
}

function isDomain(draft: Draft, type: { readonly schema: string | null; readonly name: string }): boolean {
  return draft.catalog.type(type)?.kind === "domain"
}

/** Whether existing values have to be checked. */
function verifies(
  draft: Draft,
  domain: Extract<UserType, { kind: "domain" }> | null,
  action: OperationOf<"alter domain">["action"],
): boolean {
  switch (action.kind) {
    case "add constraint":
      return !action.notValid && !(action.notNull && domain?.notNull === true)
    case "set not null":
      return domain?.notNull !== true
    case "validate constraint": {
      const check = domain?.checks.find((one) => one.name === action.name.name)
      if (domain !== null && check === undefined)
        fail(draft, "42704", `constraint "${action.name.name}" of domain "${domain.name}" does not exist`)
      // A domain's constraint is verified again even when it is valid.
      return true
    }
    default:
      return false
  }
}

function alterSequence(operation: OperationOf<"alter sequence">, draft: Draft): void {
  requireKind(draft, lockNamed(draft, operation.sequence, "SHARE ROW EXCLUSIVE", "sequence", operation.missingOk), ["sequence"], "a sequence")
  if (operation.ownedBy !== null && operation.ownedBy !== "none")
    lockNamed(draft, operation.ownedBy.table, "ACCESS SHARE")
}

function alterPublication(operation: OperationOf<"alter publication">, draft: Draft): void {
  for (const member of operation.tables) {
    const relation = lockPublished(draft, member)
    if (operation.action !== "drop") refusePublished(draft, relation)
  }
  if (operation.action !== "set") return
  for (const { table } of draft.catalog.publication(operation.publication.name)?.tables ?? []) {
    const relation = draft.catalog.relationById(table)
    if (relation !== undefined)
      lock(
        draft,
        affected(relation),
        "SHARE UPDATE EXCLUSIVE",
        `leaves the publication ${operation.publication.name}`,
      )
  }
}

function renameObject(operation: OperationOf<"rename object">, draft: Draft): void {
  const { kind, table } = operation
  if (kind === "trigger" || kind === "rule" || kind === "policy") {
    if (table === null) return
    const relation = lockNamed(draft, table, "ACCESS EXCLUSIVE")
    if (relation?.known === true && draft.catalog.complete) {
      const { catalog } = draft
      const named = (one: { readonly name: string }): boolean => one.name === operation.object.name
      const others = kind === "trigger" ? catalog.triggersOf(relation.id) : kind === "rule" ? catalog.rulesOf(relation.id) : catalog.policiesOf(relation.id)
      if (!others.some(named)) fail(draft, "42704", `${kind} "${operation.object.name}" for table "${relation.name}" does not exist`)
    }
    const renamed = kind === "trigger" && relation !== undefined ? draft.catalog.triggersOf(relation.id).find(({ name }) => name === operation.object.name) : undefined
    if (renamed?.copyOf != null && draft.pgVersion >= 15) fail(draft, "0A000", `cannot rename trigger "${renamed.name}" on table "${table.name}": it comes from the table above`)
    // Clones of a row trigger follow from 15 on.
    if (kind === "trigger" && draft.pgVersion >= 15 && relation !== undefined) lockPartitions(draft, relation)
    return
  }
  if ((kind === "type" || kind === "domain") && draft.catalog.complete && draft.catalog.type(operation.object) === undefined)
    fail(draft, "42704", `type "${operation.object.name}" does not exist`)
  lockCompositeType(operation, draft)
}

function lockPartitions(draft: Draft, relation: Relation): void {
  for (const member of partitionTree(draft, relation)) {
    if (member.id !== relation.id) lock(draft, affected(member), "ACCESS EXCLUSIVE", `partition of ${relation.name}`)
  }
}

/** A composite type is a relation of its own. SET SCHEMA moves it without a lock. */
function lockCompositeType(operation: OperationOf<"rename object">, draft: Draft): void {
  if (operation.kind !== "type") return
  const type = draft.catalog.type(operation.object)
  if (type?.kind === "composite") lock(draft, affectedType(type), "ACCESS EXCLUSIVE")
}

function alterDatabase(operation: OperationOf<"alter database">, draft: Draft): void {
  if (operation.setsTablespace) forbid(draft, "ALTER DATABASE SET TABLESPACE")
}
