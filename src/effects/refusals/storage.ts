import type { OperationOf } from "../../parse/operation.ts"
import { indexStorage } from "../../schema/index-storage.ts"
import { fail, type Draft } from "../draft.ts"
import type { Refusals } from "./index.ts"

/** A storage parameter (reloptions.c of each major): since when there is one, and between which numbers it lies. */
interface Parameter {
  readonly since?: number
  readonly range?: readonly [number, number]
  /** Toast tables have it, too. */
  readonly toast?: true
}

type Parameters = ReadonlyMap<string, Parameter>

const INT_MAX = 2_147_483_647
const FILL: Parameter = { range: [10, 100] }
const FACTOR: Parameter = { range: [0, 100], toast: true }
const AGE: Parameter = { range: [0, 1_000_000_000], toast: true }
const TABLE_AGE: Parameter = { range: [0, 2_000_000_000], toast: true }

const ofTables: Parameters = new Map<string, Parameter>([
  ["fillfactor", FILL],
  ["toast_tuple_target", { range: [128, 8160] }],
  ["parallel_workers", { range: [0, 1024] }],
  ["user_catalog_table", {}],
  ["autovacuum_enabled", { toast: true }],
  ["autovacuum_vacuum_threshold", { range: [0, INT_MAX], toast: true }],
  ["autovacuum_vacuum_max_threshold", { since: 18, range: [-1, INT_MAX], toast: true }],
  ["autovacuum_vacuum_insert_threshold", { since: 13, range: [-1, INT_MAX], toast: true }],
  ["autovacuum_vacuum_scale_factor", FACTOR],
  ["autovacuum_vacuum_insert_scale_factor", { ...FACTOR, since: 13 }],
  ["autovacuum_analyze_threshold", { range: [0, INT_MAX] }],
  ["autovacuum_analyze_scale_factor", { range: [0, 100] }],
  ["autovacuum_vacuum_cost_delay", FACTOR],
  ["autovacuum_vacuum_cost_limit", { range: [1, 10_000], toast: true }],
  ["autovacuum_freeze_min_age", AGE],
  ["autovacuum_freeze_max_age", { range: [100_000, 2_000_000_000], toast: true }],
  ["autovacuum_freeze_table_age", TABLE_AGE],
  ["autovacuum_multixact_freeze_min_age", AGE],
  ["autovacuum_multixact_freeze_max_age", { range: [10_000, 2_000_000_000], toast: true }],
  ["autovacuum_multixact_freeze_table_age", TABLE_AGE],
  ["log_autovacuum_min_duration", { range: [-1, INT_MAX], toast: true }],
  ["vacuum_index_cleanup", { since: 12, toast: true }],
  ["vacuum_truncate", { since: 12, toast: true }],
  ["vacuum_max_eager_freeze_failure_rate", { since: 18, range: [0, 1], toast: true }],
])

/** By access method; what an extension brings has parameters of its own. */
const ofIndexes: ReadonlyMap<string, Parameters> = new Map([
  ["btree", new Map<string, Parameter>([["fillfactor", FILL], ["deduplicate_items", { since: 13 }], ["vacuum_cleanup_index_scale_factor", {}]])],
  ["hash", new Map([["fillfactor", FILL]])],
  ["gist", new Map<string, Parameter>([["fillfactor", FILL], ["buffering", {}]])],
  ["spgist", new Map([["fillfactor", FILL]])],
  ["gin", new Map<string, Parameter>([["fastupdate", {}], ["gin_pending_list_limit", { range: [64, INT_MAX] }]])],
  ["brin", new Map<string, Parameter>([["pages_per_range", { range: [1, 131_072] }], ["autosummarize", {}]])],
])

/** Storage parameters that there are not, and numbers that none may have. */
export const storageRefusals: Refusals = {
  "create table"(operation, draft) {
    if (operation.keyword === "table") refuseOfTable(operation, draft, operation.partitionBy !== null)
  },
  "create table as"(operation, draft) {
    if (!operation.ifNotExists || draft.catalog.relation(operation.table) === undefined) refuseOfTable(operation, draft)
  },
  "create materialized view"(operation, draft) {
    if (!operation.ifNotExists || draft.catalog.relation(operation.view) === undefined) refuseOfTable(operation, draft)
  },
  "set storage parameters"(action, draft) {
    const relation = draft.catalog.relation(action.relation)
    const index = relation === undefined ? draft.catalog.index(action.relation) : undefined
    if (index !== undefined && draft.catalog.relationById(index.table)?.kind === "partitioned table") {
      fail(draft, "42809", `ALTER action SET cannot be performed on relation "${index.name}"`)
    }
    if (action.reset) return
    const known = index === undefined ? ofTables : ofIndexes.get(index.method)
    for (const [name, value] of Object.entries(action.parameters)) {
      if (relation?.kind === "partitioned table") refusePartitioned(name, draft)
      // Of a toast table nothing is looked at where there is none.
      else if ((index !== undefined || (relation?.kind === "table" && relation.created !== null)) && known !== undefined && !name.startsWith("toast."))
        refuse(known, name, value, draft)
    }
  },
  "create index"({ method, span }, draft) {
    const known = ofIndexes.get(method)
    const written = known === undefined ? null : indexStorage(draft.text(span))
    if (known === undefined || written === null) return
    const [, list = ""] = /^ with\s*\(([\w\s=.,-]*)\)$/i.exec(written.parameters) ?? []
    for (const item of list.split(",")) {
      const [, name, value = ""] = /^\s*(\w+)\s*(?:=\s*(\S+)\s*)?$/.exec(item) ?? []
      if (name !== undefined) refuse(known, name.toLowerCase(), value, draft)
    }
  },
}

type Stored = Pick<OperationOf<"create table">, "accessMethod" | "parameters">

function refuseOfTable({ accessMethod, parameters }: Stored, draft: Draft, isPartitioned = false): void {
  if (accessMethod !== null && accessMethod !== "heap") return
  for (const [name, value] of Object.entries(parameters)) {
    // WITH (oids = false) says what is so anyway.
    if (name === "oids") continue
    if (isPartitioned) refusePartitioned(name, draft)
    else if (name.startsWith("toast.")) refuse(ofTables, name.slice("toast.".length), value, draft, true)
    else refuse(ofTables, name, value, draft)
  }
}

function refusePartitioned(name: string, draft: Draft): void {
  if (name.includes(".")) return
  if (draft.pgVersion >= 16) fail(draft, "42809", "cannot specify storage parameters for a partitioned table")
  else fail(draft, "22023", "a partitioned table has no storage parameters")
}

function refuse(known: Parameters, name: string, value: string, draft: Draft, toast = false): void {
  // A namespace is an extension's: timescaledb.compress.
  if (name.includes(".")) return
  const parameter = known.get(name)
  if (parameter === undefined || (toast && parameter.toast !== true)) return fail(draft, "22023", `unrecognized parameter "${name}"`)
  if (parameter.since !== undefined && draft.pgVersion < parameter.since) return fail(draft, "22023", `unrecognized parameter "${name}", which came with PostgreSQL ${parameter.since}`)
  const [least, most] = parameter.range ?? [-Infinity, Infinity]
  if (/^-?\d+(?:\.\d+)?$/.test(value) && (Number(value) < least || Number(value) > most)) fail(draft, "22023", `value ${value} out of bounds for option "${name}"`)
}
