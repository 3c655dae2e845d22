import type { OperationOf } from "../../parse/operation.ts"
import {
  affected,
  affectedIndex,
  fail,
  lock,
  lockIndex,
  lockIndexes,
  rewrite,
  storesRows,
  uncertain,
  type Draft,
} from "../draft.ts"
import { exclusiveParameters } from "../actions.ts"
import { eachStored, lockAction, lockTarget, rewriteTable, type Target } from "./target.ts"

/** Effects of `SET LOGGED` and `SET UNLOGGED`. */
export function setLogged(action: OperationOf<"set logged">, draft: Draft): void {
  const target = lockAction(draft, action)
  const wanted = action.logged ? "permanent" : "unlogged"
  if (target.kind === "relation") {
    const { relation } = target
    if (relation.kind === "sequence") return
    if (relation.kind === "partitioned table" && draft.pgVersion >= 18) {
      draft.unsupported ??= "SET LOGGED and SET UNLOGGED are rejected for partitioned tables from PostgreSQL 18 on"
      return
    }
    if (relation.persistence === "temporary") {
      fail(draft, "42P16", `cannot change logged status of table "${relation.name}" because it is temporary`)
      return
    }
    if (relation.persistence === wanted) return
    if (storesRows(relation) && draft.pgVersion >= 15) {
      for (const sequence of draft.catalog.ownedSequences(relation.id))
        lock(draft, affected(sequence), "ACCESS EXCLUSIVE", `owned by ${relation.name}`)
    }
  }
  unknownState(draft, target, `whether it is ${wanted === "permanent" ? "logged" : "unlogged"} already`)
  const why = action.logged ? "the table is written to the WAL anew" : "the table is copied to an unlogged file"
  eachStored(draft, target, true, "self", (member, listed) => {
    rewriteTable(draft, member, listed, why, listed === null)
  })
}

/** Effects of `SET ACCESS METHOD`. */
export function setAccessMethod(action: OperationOf<"set access method">, draft: Draft): void {
  const target = lockAction(draft, action)
  const relation = target.kind === "relation" ? target.relation : null
  if (relation?.kind === "partitioned table") {
    if (draft.pgVersion < 17)
      draft.unsupported ??= "SET ACCESS METHOD on partitioned tables is supported from PostgreSQL 17 on"
    return
  }
  // The server's default access method is heap unless the configuration says otherwise.
  if (relation !== null && (action.accessMethod ?? "heap") === (relation.accessMethod ?? "heap")) return
  unknownState(draft, target, "the current access method")
  eachStored(draft, target, true, "self", (member, listed) => {
    rewriteTable(
      draft,
      member,
      listed,
      `every row is copied to the access method ${action.accessMethod ?? "of the server's default"}`,
      listed === null,
    )
  })
}

/** Effects of `SET TABLESPACE`. */
export function setTablespace(action: OperationOf<"set tablespace">, draft: Draft): void {
  const target = lockAction(draft, action)
  const why = `its file is copied to the tablespace ${action.tablespace}`
  if (target.kind === "index") {
    if (draft.catalog.relationById(target.index.table)?.kind === "partitioned table") return
    // Indexes are listed without their tablespace; most are in the default one.
    const assumed = action.tablespace === "pg_default"
    if (assumed) uncertain(draft, `the current tablespace of ${target.index.name}`)
    rewrite(draft, affectedIndex(target.index), why, assumed)
    return
  }
  if (target.kind === "relation" && (target.relation.tablespace ?? "pg_default") === action.tablespace) return
  unknownState(draft, target, "the current tablespace")
  if (target.kind === "unlisted" && target.relation !== null) rewrite(draft, target.relation, why, true)
  if (target.kind === "relation" && storesRows(target.relation)) rewrite(draft, affected(target.relation), why)
}

/** Effects of `ALL IN TABLESPACE ... SET TABLESPACE`. */
export function moveAll(action: OperationOf<"move all to tablespace">, draft: Draft): void {
  const why = `its file is copied to the tablespace ${action.to}`
  if (!draft.catalog.complete) uncertain(draft, `which relations are in the tablespace ${action.from}`)
  if (action.from === action.to) return
  for (const relation of draft.catalog.relations()) {
    if (
      (relation.tablespace ?? "pg_default") !== action.from ||
      !storesRows(relation) ||
      relation.persistence === "temporary"
    )
      continue
    if (action.keyword === "index") {
      for (const index of draft.catalog.indexesOf(relation.id)) {
        lockIndex(draft, index, "ACCESS EXCLUSIVE", `in the tablespace ${action.from}`)
        rewrite(draft, affectedIndex(index), why)
      }
    } else if ((action.keyword === "materialized view") === (relation.kind === "materialized view")) {
      lock(draft, affected(relation), "ACCESS EXCLUSIVE", `in the tablespace ${action.from}`)
      rewrite(draft, affected(relation), why)
    }
  }
}

function unknownState(draft: Draft, target: Target, what: string): void {
  if (target.kind === "unlisted" && target.relation !== null) uncertain(draft, `${what} of ${target.relation.name}`)
}

/** Effects of `SET (...)` and `RESET (...)`. */
export function setParameters(action: OperationOf<"set storage parameters">, draft: Draft): void {
  const strong =
    Object.keys(action.parameters).some((parameter) => exclusiveParameters.has(parameter)) ||
    action.keyword === "view"
  lockTarget(draft, action, strong ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE", "self")
}

/** Effects of `OWNER TO`. */
export function ownerTo(action: OperationOf<"owner to">, draft: Draft): void {
  const target = lockAction(draft, action)
  if (target.kind !== "relation") return
  const { relation } = target
  // Sessions are usually the owner already when they say so; the server then changes nothing else.
  if (relation.owner === action.owner) return
  if (["current_user", "session_user", "current_role"].includes(action.owner.toLowerCase())) return
  lockIndexes(draft, relation, "ACCESS EXCLUSIVE", `changes its owner with ${relation.name}`)
  for (const sequence of draft.catalog.ownedSequences(relation.id))
    lock(draft, affected(sequence), "ACCESS EXCLUSIVE", `owned by ${relation.name}`)
}
