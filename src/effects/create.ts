import type { ConstraintDefinition } from "../parse/constraint.ts"
import type { Query } from "../parse/expression.ts"
import type { Name } from "../parse/name.ts"
import type { CreateOperation, OperationOf, PublicationTable } from "../parse/operation.ts"
import type { Relation } from "../schema/catalog.ts"
import { lockNewReference } from "./alter/foreign-key.ts"
import { createPartition } from "./alter/partitions.ts"
import { affected, affectedType, childWhy, fail, forbid, lock, lockNamed, treeOf, type Draft } from "./draft.ts"
import { partitionTree } from "./dependents.ts"
import { lockSqlBody } from "./code.ts"
import type { Handlers } from "./handler.ts"
import { createIndex } from "./indexes.ts"
import { lockMentioned, lockQuery } from "./read.ts"
import { mayBe, requireKind, TABLES } from "./refusals/kinds.ts"

/**
 * Effects of CREATE commands on relations that exist already. CREATE SCHEMA and its elements are read by the caller.
 */
export const createHandlers: Handlers<Exclude<CreateOperation["op"], "create schema">> = {
  "create table": createTable,
  "create table as": createTableAs,
  "create index": createIndex,
  "create view": createView,
  "create materialized view": createMaterializedView,
  "create sequence": createSequence,
  "create enum": null,
  "create composite type": null,
  "create type": null,
  "create domain": null,
  "create trigger": createTrigger,
  "create rule": createRule,
  "create policy": policy,
  "alter policy": policy,
  "create function": createFunction,
  "create extension": null,
  "create statistics": createStatistics,
  "create publication": createPublication,
  "create subscription": createSubscription,
}

function createTable(operation: OperationOf<"create table">, draft: Draft): void {
  const { catalog } = draft
  if (operation.persistence === "temporary") refusePlace(draft, operation.table)
  if (operation.persistence !== "temporary" && isTaken(draft, operation.table)) {
    if (!operation.ifNotExists) fail(draft, "42P07", `relation "${operation.table.name}" already exists`)
    return
  }
  const all = [...operation.columns.flatMap(({ constraints }) => constraints), ...operation.constraints]
  references(draft, all, operation.table)
  if (operation.partitionBy !== null && draft.pgVersion < 12 && all.some((one) => one.kind === "foreign key" && isSelf(one.references, operation.table)))
    draft.unsupported ??= "foreign keys that reference a partitioned table are supported from PostgreSQL 12 on"
  for (const { table } of operation.like) {
    const type = catalog.relation(table) === undefined ? catalog.type(table) : undefined
    if (type?.kind === "composite") lock(draft, affectedType(type), "ACCESS SHARE")
    else lockNamed(draft, table, "ACCESS SHARE")
  }
  for (const parent of operation.inherits)
    requireKind(draft, lockNamed(draft, parent, "SHARE UPDATE EXCLUSIVE"), TABLES, "a table or foreign table")
  if (operation.partitionOf !== null) {
    const parent = lockNamed(draft, operation.partitionOf.parent, "ACCESS EXCLUSIVE")
    if (parent !== undefined) {
      if (parent.known && parent.kind !== "partitioned table")
        fail(draft, "42P17", `"${parent.name}" is not partitioned`)
      else createPartition(draft, parent, operation.partitionOf.bound, operation.partitionBy !== null)
    }
  }
  if (operation.ofType !== null) {
    const type = catalog.type(operation.ofType)
    if (type?.kind === "composite") lock(draft, affectedType(type), "ACCESS SHARE")
  }
}

/** Whether a new relation's name is taken in the schema it goes to. */
function isTaken(draft: Draft, name: Name): boolean {
  const { catalog } = draft
  const full = { schema: name.schema ?? catalog.creationSchema, name: name.name }
  return catalog.relation(full) !== undefined || catalog.index(full) !== undefined
}

function isSelf(written: Name, table: Name): boolean {
  return written.name === table.name && (written.schema === table.schema || written.schema === null)
}

function references(draft: Draft, constraints: readonly ConstraintDefinition[], self: Name): void {
  for (const constraint of constraints) {
    if (constraint.kind !== "foreign key") continue
    lockNewReference(draft, constraint, self)
    requireKind(draft, draft.catalog.relation(constraint.references), TABLES, "a table")
  }
}

function createTableAs(operation: OperationOf<"create table as">, draft: Draft): void {
  if (operation.persistence === "temporary") refusePlace(draft, operation.table)
  const taken = isTaken(draft, operation.table) && operation.persistence !== "temporary"
  if (taken && !operation.ifNotExists) fail(draft, "42P07", `relation "${operation.table.name}" already exists`)
  // The query is looked at before the name is, and planned when it runs.
  if (taken || !operation.withData) mention(draft, operation.query)
  else lockQuery(draft, operation.query)
}

/** What is temporary has no schema but its own. */
function refusePlace(draft: Draft, { schema }: Name): void {
  if (schema !== null && !/^pg_temp(_\d+)?$/.test(schema)) fail(draft, "42P16", "cannot create temporary relation in non-temporary schema")
}

/** A view of temporary relations is temporary. */
function readsTemporary(draft: Draft, query: Query): boolean {
  return query.reads.some((name) => draft.catalog.relation(name)?.persistence === "temporary")
}

function createView(operation: OperationOf<"create view">, draft: Draft): void {
  if (operation.temporary || readsTemporary(draft, operation.query)) refusePlace(draft, operation.view)
  const existing = operation.temporary
    ? undefined
    : draft.catalog.relation({
        schema: operation.view.schema ?? draft.catalog.creationSchema,
        name: operation.view.name,
      })
  if (existing !== undefined) {
    if (!operation.orReplace) fail(draft, "42P07", `relation "${existing.name}" already exists`)
    else if (!mayBe(existing, "view")) fail(draft, "42809", `"${existing.name}" is not a view`)
    lock(draft, affected(existing), "ACCESS EXCLUSIVE")
  }
  mention(draft, operation.query, operation.view)
}

/** A definition only names relations; what stands behind them is opened when the view is used. */
function mention(draft: Draft, query: Query, self: Name | null = null): void {
  for (const name of query.reads) {
    if (self !== null && name.name === self.name && name.schema === self.schema) continue
    lockNamed(draft, name, "ACCESS SHARE")
  }
  for (const name of query.rowLocks) lockNamed(draft, name, "ROW SHARE")
}

function createMaterializedView(operation: OperationOf<"create materialized view">, draft: Draft): void {
  if (isTaken(draft, operation.view)) {
    if (!operation.ifNotExists) fail(draft, "42P07", `relation "${operation.view.name}" already exists`)
    // The query is looked at before the name is.
    mention(draft, operation.query)
    return
  }
  if (readsTemporary(draft, operation.query))
    fail(draft, "0A000", "materialized views must not use temporary tables or views")
  if (operation.withData) lockQuery(draft, operation.query)
  else mention(draft, operation.query)
}

function createSequence(operation: OperationOf<"create sequence">, draft: Draft): void {
  if (operation.persistence === "temporary") refusePlace(draft, operation.sequence)
  if (operation.persistence !== "temporary" && isTaken(draft, operation.sequence)) {
    if (!operation.ifNotExists) fail(draft, "42P07", `relation "${operation.sequence.name}" already exists`)
    return
  }
  if (operation.ownedBy !== null) lockNamed(draft, operation.ownedBy.table, "ACCESS SHARE")
}

function createTrigger(operation: OperationOf<"create trigger">, draft: Draft): void {
  const relation = lockNamed(draft, operation.table, "SHARE ROW EXCLUSIVE")
  if (operation.from !== null) lockNamed(draft, operation.from, "ACCESS SHARE")
  if (relation === undefined) return
  requireKind(draft, relation, operation.timing === "instead of" ? ["view"] : [...TABLES, "view"], "a relation that can have such triggers")
  if (relation.kind === "view" && operation.forEachRow && operation.timing !== "instead of") fail(draft, "42809", `"${relation.name}" is a view`)
  const { name } = operation.trigger
  const existing = draft.catalog.triggersOf(relation.id).find((trigger) => trigger.name === name)
  if (existing !== undefined && (!operation.orReplace || existing.copyOf !== null)) fail(draft, "42710", `trigger "${name}" for relation "${relation.name}" already exists`)
  for (const partition of operation.forEachRow ? partitionTree(draft, relation).slice(1) : []) {
    const own = draft.catalog.triggersOf(partition.id).find((trigger) => trigger.name === name)
    if (own !== undefined && own.copyOf !== name) fail(draft, "42710", `trigger "${name}" for relation "${partition.name}" already exists`)
  }
  if (operation.forEachRow) lockPartitions(draft, relation, "SHARE ROW EXCLUSIVE")
}

function lockPartitions(draft: Draft, relation: Relation, mode: "SHARE ROW EXCLUSIVE" | "ACCESS EXCLUSIVE"): void {
  for (const member of partitionTree(draft, relation)) {
    if (member.id !== relation.id) lock(draft, affected(member), mode, `partition of ${relation.name}`)
  }
}

function createRule(operation: OperationOf<"create rule">, draft: Draft): void {
  const table = lockNamed(draft, operation.table, "ACCESS EXCLUSIVE")
  requireKind(draft, table, [...TABLES, "view"], "a table or view")
  const exists = table !== undefined && draft.catalog.rulesOf(table.id).some((rule) => rule.name === operation.rule.name)
  if (exists && !operation.orReplace) fail(draft, "42710", `rule "${operation.rule.name}" for relation "${table.name}" already exists`)
  const used = `used by the rule ${operation.rule.name}`
  for (const name of operation.reads) if (name.schema !== null || (name.name !== "new" && name.name !== "old")) lockMentioned(draft, name, "ACCESS SHARE", used)
  for (const name of operation.writes) lockMentioned(draft, name, "ROW EXCLUSIVE", used)
}

function policy(operation: OperationOf<"create policy" | "alter policy">, draft: Draft): void {
  const table = lockNamed(draft, operation.table, "ACCESS EXCLUSIVE")
  requireKind(draft, table, ["table", "partitioned table"], "a table")
  for (const expression of [operation.using, operation.check]) {
    for (const name of expression?.relations ?? [])
      lockMentioned(draft, name, "ACCESS SHARE", `read by the policy ${operation.policy.name}`)
  }
}

function createFunction(operation: OperationOf<"create function">, draft: Draft): void {
  for (const name of operation.query?.reads ?? [])
    lockMentioned(draft, name, "ACCESS SHARE", `read by the function ${operation.function.name}`)
  for (const { table } of operation.query?.writes ?? [])
    lockMentioned(draft, table, "ROW EXCLUSIVE", `written by the function ${operation.function.name}`)
  lockSqlBody(operation, draft)
}

function createStatistics(operation: OperationOf<"create statistics">, draft: Draft): void {
  requireKind(draft, lockNamed(draft, operation.table, "SHARE UPDATE EXCLUSIVE"), [...TABLES, "materialized view"], "a table")
}

function createPublication(operation: OperationOf<"create publication">, draft: Draft): void {
  for (const member of operation.tables) refusePublished(draft, lockPublished(draft, member))
}

/** A table is published with what inherits from it. */
export function lockPublished(draft: Draft, { table, only }: PublicationTable): Relation | undefined {
  const relation = lockNamed(draft, table, "SHARE UPDATE EXCLUSIVE")
  if (relation !== undefined) for (const member of publishedWith(draft, relation, only)) lock(draft, affected(member), "SHARE UPDATE EXCLUSIVE", childWhy(relation, member))
  return relation
}

/** What a publication of the table has as its members. */
export function publishedWith(draft: Draft, relation: Relation, only: boolean): readonly Relation[] {
  return treeOf(draft, relation, only || relation.kind === "partitioned table")
}

/** Up to 12 partitioned tables are published by their partitions. */
export function refusePublished(draft: Draft, relation: Relation | undefined): void {
  if (relation?.kind === "partitioned table" && draft.pgVersion < 13) fail(draft, "0A000", `"${relation.name}" is a partitioned table`)
}

function createSubscription(operation: OperationOf<"create subscription">, draft: Draft): void {
  if (operation.createsSlot) forbid(draft, "CREATE SUBSCRIPTION ... WITH (create_slot = true)")
}
