import type { Name } from "../parse/name.ts"
import type { MaintenanceOperation, OperationOf } from "../parse/operation.ts"
import type { Relation } from "../schema/catalog.ts"
import {
  affected,
  affectedIndex,
  affectedType,
  childWhy,
  fail,
  forbid,
  isSystem,
  lock,
  lockIndexes,
  lockNamed,
  refuseAbsent,
  rewrite,
  storesRows,
  treeOf,
  uncertain,
  unlisted,
  type Draft,
} from "./draft.ts"
import { partitionTree } from "./dependents.ts"
import { rewriteTable } from "./alter/target.ts"
import type { Handlers } from "./handler.ts"
import { requireKind, TABLES } from "./refusals/kinds.ts"
import { reindex } from "./indexes.ts"

/** Effects of maintenance commands. */
export const maintenanceHandlers: Handlers<MaintenanceOperation["op"]> = {
  vacuum,
  analyze,
  cluster,
  reindex,
  "refresh materialized view": refresh,
  "lock table": lockTable,
  comment,
  "trigger depends on extension": triggerDepends,
  "security label": label,
  grant,
  revoke: grant,
}

function vacuum(operation: OperationOf<"vacuum">, draft: Draft): void {
  // Without ANALYZE columns are refused before anything else.
  if (operation.columns.length > 0 && !operation.analyze) return
  forbid(draft, "VACUUM")
  const mode = operation.full ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE"
  const tables = operation.tables.length === 0 ? everyTable(draft) : []
  for (const name of operation.tables) {
    if (skips(draft, name)) continue
    const relation = lockNamed(draft, name, mode)
    if (relation !== undefined) tables.push(...partitionTree(draft, relation))
    else if (operation.full && !isSystem(name) && !draft.catalog.rulesOut(name))
      rewrite(draft, unlisted(draft, name), "VACUUM FULL copies every row to a new file")
  }
  for (const table of tables) {
    lock(draft, affected(table), mode, null)
    if (operation.full && storesRows(table))
      rewriteTable(draft, affected(table), table, "VACUUM FULL copies every row to a new file")
  }
}

/** Views and the like are skipped with a warning. */
function skips(draft: Draft, name: Name): boolean {
  const kind = draft.catalog.relation(name)?.kind
  return kind === "view" || kind === "sequence"
}

function everyTable(draft: Draft): Relation[] {
  if (!draft.catalog.complete) uncertain(draft, "which tables the database holds")
  return [...draft.catalog.relations()].filter((relation) => storesRows(relation))
}

function analyze(operation: OperationOf<"analyze">, draft: Draft): void {
  if (operation.tables.length === 0) {
    for (const table of everyTable(draft)) lock(draft, affected(table), "SHARE UPDATE EXCLUSIVE")
  }
  for (const name of operation.tables) {
    if (skips(draft, name)) continue
    const relation = lockNamed(draft, name, "SHARE UPDATE EXCLUSIVE")
    if (relation === undefined) continue
    for (const member of treeOf(draft, relation, false)) {
      // Inheritance children are only read up to 17, analyzed with the parent from 18 on.
      const mode =
        relation.kind === "partitioned table" || draft.pgVersion >= 18 ? "SHARE UPDATE EXCLUSIVE" : "ACCESS SHARE"
      if (member.id !== relation.id) lock(draft, affected(member), mode, childWhy(relation, member))
    }
  }
}

function cluster(operation: OperationOf<"cluster">, draft: Draft): void {
  const { catalog, pgVersion } = draft
  const why = "CLUSTER copies every row to a new file"
  if (operation.table === null) {
    forbid(draft, "CLUSTER of all tables")
    if (!catalog.complete) uncertain(draft, "which tables are marked for CLUSTER")
    for (const relation of catalog.relations()) {
      if (relation.clusteredOn === null) continue
      lock(draft, affected(relation), "ACCESS EXCLUSIVE", "marked for CLUSTER")
      rewriteTable(draft, affected(relation), relation, why)
    }
    return
  }
  const relation = lockNamed(draft, operation.table, "ACCESS EXCLUSIVE")
  if (relation === undefined) {
    if (!isSystem(operation.table) && !catalog.rulesOut(operation.table)) rewrite(draft, unlisted(draft, operation.table), why)
    return
  }
  if (relation.kind === "partitioned table") {
    if (pgVersion < 15) {
      draft.unsupported ??= "CLUSTER of a partitioned table is supported from PostgreSQL 15 on"
      return
    }
    // A partitioned index cannot be marked, so that without one there is nothing to cluster by.
    if (operation.index === null) {
      fail(draft, "42704", `there is no previously clustered index for table "${relation.name}"`)
      return
    }
    forbid(draft, "CLUSTER of a partitioned table")
    for (const member of partitionTree(draft, relation)) {
      if (member.id !== relation.id)
        lock(draft, affected(member), "ACCESS EXCLUSIVE", `partition of ${relation.name}`)
      if (storesRows(member)) rewriteTable(draft, affected(member), member, why)
    }
    return
  }
  const made = relation.known || (relation.kind === "materialized view" && relation.created !== null)
  if (operation.index === null && relation.clusteredOn === null && made) {
    fail(draft, "42704", `there is no previously clustered index for table "${relation.name}"`)
  }
  rewriteTable(draft, affected(relation), relation, why)
}

function refresh(operation: OperationOf<"refresh materialized view">, draft: Draft): void {
  const { catalog } = draft
  const { concurrently, withData } = operation
  const view = lockNamed(draft, operation.view, concurrently ? "EXCLUSIVE" : "ACCESS EXCLUSIVE", "materialized view")
  const why = "the view's content is computed into a new file"
  if (view === undefined) {
    if (!catalog.complete) {
      uncertain(draft, `what ${operation.view.name} reads`)
      if (!concurrently && withData) rewrite(draft, unlisted(draft, operation.view, "materialized view"), why)
    }
    return
  }
  if (view.kind !== "materialized view") {
    if (view.kind === "table") fail(draft, "0A000", `"${view.name}" is not a materialized view`)
    else fail(draft, "42809", `"${view.name}" is not a table or materialized view`)
    return
  }
  if (withData) for (const { id, reader } of sources(draft, view)) lockSource(draft, id, reader)
  if (!concurrently) {
    if (withData) rewriteTable(draft, affected(view), view, why)
    else lockIndexes(draft, view, "ACCESS EXCLUSIVE", `index of ${view.name}`)
    return
  }
  if (!withData) fail(draft, "42601", "CONCURRENTLY and WITH NO DATA options cannot be used together")
  const isListed = catalog.complete || (view.created !== null && !view.maybeOlder)
  if (!view.materialized && isListed)
    fail(draft, "0A000", "CONCURRENTLY cannot be used when the materialized view is not populated")
  const unique = catalog
    .indexesOf(view.id)
    .some((index) => index.unique && index.predicate === null && index.expressions.length === 0)
  if (!unique && isListed)
    fail(
      draft,
      "55000",
      `cannot refresh materialized view "${view.name}" concurrently: it has no unique index on plain columns`,
    )
}

/** What a view's query opens: views are expanded, materialized views are read as they are. */
function* sources(draft: Draft, view: Relation): Generator<{ readonly id: number; readonly reader: string }> {
  const seen = new Set<number>()
  const queue: Relation[] = [view]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const { relation: id } of next.dependencies) {
      if (seen.has(id)) continue
      seen.add(id)
      yield { id, reader: next.name }
      const source = draft.catalog.relationById(id)
      if (source?.kind === "view") queue.push(source)
    }
  }
}

function lockSource(draft: Draft, id: number, reader: string): void {
  const source = draft.catalog.relationById(id)
  if (source === undefined) return
  for (const member of draft.catalog.tree(source.id))
    lock(draft, affected(member), "ACCESS SHARE", `read by ${reader}`)
}

function lockTable(operation: OperationOf<"lock table">, draft: Draft): void {
  for (const { table, only } of operation.tables) {
    const relation = lockNamed(draft, table, operation.mode)
    if (relation === undefined) continue
    requireKind(draft, relation, [...TABLES, "view"], "a table or view")
    for (const member of treeOf(draft, relation, only)) {
      if (member.id !== relation.id) lock(draft, affected(member), operation.mode, childWhy(relation, member))
    }
    // LOCK TABLE on a view locks what the view reads in the same mode.
    if (relation.kind !== "view") continue
    for (const { id, reader } of sources(draft, relation)) {
      const source = draft.catalog.relationById(id)
      const members = source === undefined || source.kind === "materialized view" ? [] : draft.catalog.tree(source.id)
      for (const member of members) lock(draft, affected(member), operation.mode, `read by ${reader}`)
    }
  }
}

function comment(operation: OperationOf<"comment">, draft: Draft): void {
  const { kind, object, table } = operation
  switch (kind) {
    case "index": {
      const index = draft.catalog.index(object)
      if (index !== undefined) lock(draft, affectedIndex(index), "SHARE UPDATE EXCLUSIVE")
      else requireKind(draft, lockNamed(draft, object, "SHARE UPDATE EXCLUSIVE", "index"), [], "an index")
      return
    }
    case "table":
    case "view":
    case "materialized view":
    case "sequence":
    case "foreign table":
      requireKind(draft, lockNamed(draft, object, "SHARE UPDATE EXCLUSIVE", kind), kind === "table" ? ["table", "partitioned table"] : [kind], `a ${kind}`)
      return
    case "column":
      commentOnColumn(draft, object, table)
      return
    case "constraint":
    case "trigger":
    case "rule":
    case "policy":
      if (table !== null) lockNamed(draft, table, "ACCESS SHARE")
      return
    default:
  }
}

function commentOnColumn(draft: Draft, object: Name, table: Name | null): void {
  const owner = table ?? object
  const type = draft.catalog.relation(owner) === undefined ? draft.catalog.type(owner) : undefined
  if (type?.kind === "composite") {
    lock(draft, affectedType(type), "SHARE UPDATE EXCLUSIVE")
    return
  }
  const relation = lockNamed(draft, owner, "SHARE UPDATE EXCLUSIVE")
  if (table !== null && relation?.known === true && draft.catalog.column(relation, object.name) === undefined) {
    fail(draft, "42703", `column "${object.name}" of relation "${relation.name}" does not exist`)
  }
}

function triggerDepends({ trigger, table }: OperationOf<"trigger depends on extension">, draft: Draft): void {
  const relation = lockNamed(draft, table, "ACCESS SHARE")
  if (relation?.known !== true || !draft.catalog.complete) return
  if (draft.catalog.triggersOf(relation.id).some(({ name }) => name === trigger.name)) return
  fail(draft, "42704", `trigger "${trigger.name}" for table "${relation.name}" does not exist`)
}

function label(operation: OperationOf<"security label">, draft: Draft): void {
  const { kind, object } = operation
  if (
    kind === "table" ||
    kind === "view" ||
    kind === "materialized view" ||
    kind === "sequence" ||
    kind === "foreign table" ||
    kind === "column"
  ) {
    lockNamed(draft, object, "SHARE UPDATE EXCLUSIVE")
  }
}

/** From 18 on GRANT keeps its lock on the relations it names. */
function grant(operation: OperationOf<"grant" | "revoke">, draft: Draft): void {
  if (
    operation.kind !== "table" &&
    operation.kind !== "sequence" &&
    operation.kind !== "view" &&
    operation.kind !== "column"
  )
    return
  for (const name of operation.objects) {
    if (draft.pgVersion >= 18) lockNamed(draft, name, "ACCESS SHARE")
    else if (!isSystem(name) && draft.catalog.relation(name) === undefined) refuseAbsent(draft, name, "relation")
  }
}
