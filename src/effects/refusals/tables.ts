import type { Query } from "../../parse/expression.ts"
import type { Identifier, OperationOf } from "../../parse/operation.ts"
import type { ColumnType, Dependency, Relation } from "../../schema/catalog.ts"
import { formatType } from "../../schema/format.ts"
import { TEMP_SCHEMA } from "../../schema/names.ts"
import { referencesTo } from "../dependents.ts"
import { fail, failAt, type Draft } from "../draft.ts"
import { knownRelation, refuseSystemName } from "./columns.ts"
import type { Refusals } from "./index.ts"
import { requireKind } from "./kinds.ts"
import { listedRelation } from "./queries.ts"

/** Index access methods that have an order to cluster by. */
const clusterable = new Set(["btree", "gist"])

export const tableRefusals: Refusals = {
  select(operation, draft) {
    refuseReads(operation.query, draft)
  },
  insert(operation, draft) {
    refuseReads(operation.query, draft)
  },
  "create table as"(operation, draft) {
    if (operation.withData) refuseReads(operation.query, draft)
  },
  "create materialized view"(operation, draft) {
    if (operation.withData) refuseReads(operation.query, draft)
  },
  copy(operation, draft) {
    if (operation.query !== null) refuseReads(operation.query, draft)
  },
  "create table"(operation, draft) {
    if (operation.onCommitDrop && operation.persistence !== "temporary") fail(draft, "42P16", "ON COMMIT can only be used on temporary tables")
    for (const { name } of operation.columns) refuseSystemName(name.name, draft)
  },
  "cluster on"(action, draft) {
    const relation = draft.catalog.relation(action.relation)
    if (relation?.kind === "partitioned table") fail(draft, "0A000", "cannot mark index clustered in partitioned table")
    if (relation !== undefined)
      refuseCluster(draft, relation, action.index)
  },
  "set without cluster": (action: OperationOf<"set without cluster" | "set without oids" | "not of type">, draft) => {
    const relation = draft.catalog.relation(action.relation)
    if (relation?.kind === "partitioned table") fail(draft, "0A000", "cannot mark index clustered in partitioned table")
  },
  cluster(operation, draft) {
    const relation = operation.table === null ? undefined : draft.catalog.relation(operation.table)
    requireKind(draft, relation, ["table", "partitioned table", "materialized view"], "a table or materialized view")
    if (relation === undefined || operation.index === null) return
    const { name, span } = operation.index
    if (listedRelation(draft, relation) !== undefined && draft.catalog.index({ schema: relation.schema, name }) === undefined)
      failAt(draft, span, "42704", `index "${name}" for table "${relation.name}" does not exist`)
    refuseCluster(draft, relation, operation.index)
    const index = draft.catalog.index({ schema: relation.schema, name })
    if (index?.valid === false) fail(draft, "0A000", `cannot cluster on invalid index "${index.name}"`)
  },
  "replica identity"(action, draft) {
    const relation = knownRelation(draft, action)
    const index =
      relation === null || action.index === null
        ? undefined
        : draft.catalog.index({ schema: relation.schema, name: action.index.name })
    if (relation === null || index === undefined) return
    const as = "as replica identity"
    const constraint = index.constraint === null ? undefined : draft.catalog.constraintById(index.constraint)
    if (constraint?.deferrable === true) fail(draft, "0A000", `cannot use non-immediate index "${index.name}" ${as}`)
    if (!index.unique) fail(draft, "42809", `cannot use non-unique index "${index.name}" ${as}`)
    if (index.columns.includes(null)) fail(draft, "42809", `cannot use expression index "${index.name}" ${as}`)
    if (index.predicate !== null) fail(draft, "42809", `cannot use partial index "${index.name}" ${as}`)
    // NOT NULL that is not validated is enough (18).
    const nullable = index.columns.find((name) => {
      const column = name === null ? undefined : draft.catalog.column(relation, name)
      return column !== undefined && !column.notNull && !column.notNullNotValid && !becomesNotNull(draft, column.name)
    })
    if (nullable != null)
      fail(draft, "42809", `index "${index.name}" cannot be used ${as} because column "${nullable}" is nullable`)
  },
  "set logged"(action, draft) {
    const relation = draft.catalog.relation(action.relation)
    if (relation === undefined) return
    refusePersistence(draft, relation, action.logged)
    if (!action.logged && (relation.kind === "table" || relation.kind === "partitioned table") && relation.persistence === "permanent" && isPublished(draft, relation))
      fail(draft, "55000", `cannot change table "${relation.name}" to unlogged because it is part of a publication`)
    const first = draft.statement.operations.find((one) => one.op === "set logged" && isChange(relation, one.logged))
    if (draft.pgVersion >= 13 && first !== undefined && first !== action && first.span.start < action.span.start)
      fail(draft, "0A000", "cannot change persistence setting twice")
  },
  "set tablespace"(action, draft) {
    const first = draft.statement.operations.find((one) => one.op === "set tablespace")
    if (first !== undefined && first !== action && first.span.start < action.span.start) fail(draft, "42601", "cannot have multiple SET TABLESPACE subcommands")
  },
  "set access method"(action, draft) {
    const relation = knownRelation(draft, action)
    if (relation === null) return
    const current = relation.accessMethod ?? (relation.kind === "partitioned table" ? null : "heap")
    const first = draft.statement.operations.find((one) => one.op === "set access method" && one.accessMethod !== current)
    if (first !== undefined && first !== action && first.span.start < action.span.start) fail(draft, "0A000", "cannot have multiple SET ACCESS METHOD subcommands")
  },
  "set schema"(action, draft) {
    if (/^pg_temp(_\d+)?$/.test(action.schema.name) || draft.catalog.relation(action.relation)?.schema === TEMP_SCHEMA)
      fail(draft, "0A000", "cannot move objects into or out of temporary schemas")
  },
  "of type"(action, draft) {
    const { catalog } = draft
    if (catalog.complete && action.type.schema === null && catalog.type(action.type) === undefined)
      fail(draft, "42704", `type "${action.type.name}" does not exist`)
    const type = catalog.type(action.type)
    const relation = knownRelation(draft, action)
    if (type?.kind !== "composite" || relation === null) return
    const written = (columns: readonly { readonly name: string; readonly type: ColumnType }[]): string =>
      columns.map((column) => `${column.name} ${formatType(column.type)}`).join()
    if (written(type.attributes) !== written(relation.columns)) fail(draft, "42804", `table "${relation.name}" does not have the columns of the type`)
  },
  "not of type": (action: OperationOf<"set without cluster" | "set without oids" | "not of type">, draft) => {
    const relation = knownRelation(draft, action)
    if (relation !== null && relation.ofType === null) fail(draft, "42809", `"${relation.name}" is not a typed table`)
  },
  "enable rule": refuseRule,
  "disable rule": refuseRule,
  "disable trigger": refuseTrigger,
  "enable trigger": refuseTrigger,
  reindex(operation, draft) {
    const schema = operation.target === "schema" ? operation.name : null
    if (schema !== null && draft.catalog.rulesOutSchema(schema.name)) failAt(draft, schema.span, "3F000", `schema "${schema.name}" does not exist`)
    const table = operation.target !== "table" || operation.name === null ? undefined : draft.catalog.relation(operation.name)
    if (table?.kind === "view" || table?.kind === "sequence") fail(draft, "42809", `"${table.name}" is not a table or materialized view`)
    if (operation.target !== "index" || !operation.concurrently || operation.name === null) return
    const index = draft.catalog.index(operation.name)
    const constraint = index?.constraint == null ? undefined : draft.catalog.constraintById(index.constraint)
    if (constraint?.kind === "exclude")
      fail(draft, "0A000", "concurrent index creation for exclusion constraints is not supported")
  },
  "refresh materialized view"(operation, draft) {
    const view = draft.catalog.relation(operation.view)
    if (view?.kind === "materialized view" && operation.withData) refuseUnpopulated(view.dependencies, draft)
  },
}

/** NOT NULL and keys of the same statement come first. */
function becomesNotNull(draft: Draft, name: string): boolean {
  return draft.statement.operations.some((one) => {
    if (one.op === "set not null") return one.column.name === name
    if (one.op !== "add constraint") return false
    const { constraint } = one
    return constraint.kind === "not null" ? constraint.column.name === name : constraint.kind === "primary key" && constraint.columns.some((column) => column.name === name)
  })
}

function refuseCluster(draft: Draft, relation: Relation, { name, span }: Identifier): void {
  const index = draft.catalog.index({ schema: relation.schema, name })
  if (index === undefined) return
  if (index.table !== relation.id) failAt(draft, span, "42809", `"${name}" is not an index for table "${relation.name}"`)
  else if (!clusterable.has(index.method))
    fail(draft, "0A000", `cannot cluster on index "${index.name}" because access method does not support clustering`)
  else if (index.predicate !== null) fail(draft, "0A000", `cannot cluster on partial index "${index.name}"`)
}

function isPublished(draft: Draft, relation: Relation): boolean {
  for (const { tables } of draft.catalog.publications()) if (tables.some(({ table }) => table === relation.id)) return true
  return false
}

function isChange(relation: Relation, logged: boolean): boolean {
  return (relation.kind === "table" || relation.kind === "partitioned table") && relation.persistence !== (logged ? "permanent" : "unlogged")
}

/** Logged tables may not reference unlogged ones. */
function refusePersistence(draft: Draft, relation: Relation, logged: boolean): void {
  if (relation.persistence === (logged ? "permanent" : "unlogged")) return
  // In 12 a table's key to itself has no parts for partitions that come later.
  const referencing = draft.pgVersion >= 13 ? referencesTo(draft, relation) : draft.catalog.referencing(relation.id)
  const keys = logged ? draft.catalog.constraintsOf(relation.id) : referencing
  for (const key of keys) {
    const otherId = logged ? key.references?.table : key.table
    const other = otherId === undefined || otherId === relation.id ? undefined : draft.catalog.relationById(otherId)
    if (other !== undefined && other.persistence === (logged ? "unlogged" : "permanent")) {
      fail(
        draft,
        "42P16",
        `a foreign key with ${other.name} keeps "${relation.name}" from becoming ${logged ? "logged" : "unlogged"}`,
      )
    }
  }
}

/** A materialized view WITH NO DATA cannot be read, not even through views. */
function refuseUnpopulated(dependencies: readonly Pick<Dependency, "relation">[], draft: Draft): void {
  const seen = new Set<number>()
  const read = (relation: Relation | undefined): void => {
    if (relation === undefined || seen.has(relation.id)) return
    seen.add(relation.id)
    const empty = relation.kind === "materialized view" && relation.created !== null && !relation.materialized
    if (empty && !draft.catalog.isDoubtful(relation.name))
      fail(draft, "55000", `materialized view "${relation.name}" has not been populated`)
    if (relation.kind !== "view") return
    for (const dependency of relation.dependencies) read(draft.catalog.relationById(dependency.relation))
  }
  for (const dependency of dependencies) read(draft.catalog.relationById(dependency.relation))
}

function refuseReads({ reads }: Query, draft: Draft): void {
  const named = reads.flatMap((name) => draft.catalog.relation(name) ?? [])
  refuseUnpopulated(named.map(({ id }) => ({ relation: id })), draft)
}

function refuseRule(action: OperationOf<"enable rule" | "disable rule">, draft: Draft): void {
  const relation = knownRelation(draft, action)
  const { name } = action.rule
  if (relation?.kind === "table" && !draft.catalog.rulesOf(relation.id).some((rule) => rule.name === name))
    fail(draft, "42704", `rule "${name}" for relation "${relation.name}" does not exist`)
}

function refuseTrigger(
  action: {
    readonly relation: { readonly schema: string | null; readonly name: string }
    readonly trigger: { readonly name: string } | "all" | "user"
  },
  draft: Draft,
): void {
  const relation = knownRelation(draft, action)
  if (relation === null || typeof action.trigger === "string") return
  const { name } = action.trigger
  if (!draft.catalog.triggersOf(relation.id).some((trigger) => trigger.name === name)) {
    fail(draft, "42704", `trigger "${name}" for table "${relation.name}" does not exist`)
  }
}
