import type { FunctionCall, Query } from "../parse/expression.ts"
import type { Name } from "../parse/name.ts"
import type { LockMode } from "../parse/operation.ts"
import type { Relation } from "../schema/catalog.ts"
import { callFunctions } from "./code.ts"
import { ancestorsOf } from "./dependents.ts"
import { affected, childWhy, isSystem, lock, lockNamed, refuseAbsent, uncertain, unlisted, type Draft } from "./draft.ts"
import { nameInText } from "../source/names.ts"

/**
 * Locks what a query reads and writes when it is planned: views open what they read, tables their partitions and
 * children.
 */
export function lockQuery(draft: Draft, query: Query): void {
  for (const name of query.reads) lockRead(draft, name, "ACCESS SHARE")
  for (const name of query.rowLocks) lockRead(draft, name, "ROW SHARE")
  for (const write of query.writes) {
    const relation = lockRead(draft, write.table, "ROW EXCLUSIVE")
    // Up to 13 the check against the bounds of a partition is made ready, whether there are rows or not.
    if (relation !== undefined && draft.pgVersion < 14)
      for (const above of ancestorsOf(draft, relation)) lock(draft, affected(above), "ACCESS SHARE", `${relation.name} is its partition`)
  }
  lockSequences(draft, query.functions)
  callFunctions(draft, query.functions)
}

/** Locks one relation that a query names, and what stands behind it. */
export function lockRead(draft: Draft, name: Name, mode: LockMode): Relation | undefined {
  const relation = lockNamed(draft, name, mode)
  if (relation !== undefined) lockBehind(draft, relation, mode, new Set())
  return relation
}

function lockBehind(draft: Draft, relation: Relation, mode: LockMode, seen: Set<number>): void {
  if (seen.has(relation.id) || relation.schema === "pg_catalog") return
  seen.add(relation.id)
  if (relation.kind === "view") {
    for (const dependency of relation.dependencies) {
      const source = draft.catalog.relationById(dependency.relation)
      if (source === undefined) continue
      lock(draft, affected(source), mode, `read by the view ${relation.name}`)
      lockBehind(draft, source, mode, seen)
    }
    return
  }
  if (relation.kind === "partitioned table" && mode === "ACCESS SHARE")
    uncertain(draft, `which partitions of ${relation.name} the conditions leave`)
  const members = draft.catalog.tree(relation.id)
  for (const member of members) if (member.id !== relation.id) lock(draft, affected(member), mode, childWhy(relation, member))
  // To leave out partitions, the planner asks for the bounds of what is a partition itself; the tables above define them.
  if (relation.kind === "partitioned table" && members.length > 1)
    for (const above of ancestorsOf(draft, relation)) lock(draft, affected(above), "ACCESS SHARE", `${relation.name} is its partition`)
}

const sequenceFunctions = new Set(["nextval", "setval", "currval"])

/** `nextval('s')` locks the sequence like a row change, and so does `setval(pg_get_serial_sequence('t', 'id'), 1)`. */
export function lockSequences(draft: Draft, calls: readonly FunctionCall[]): void {
  for (const call of calls) {
    const [text, column] = call.arguments
    if (call.name === "pg_get_serial_sequence" && text != null && column != null) {
      const table = draft.catalog.relation(nameInText(text))
      const within = calls.find((outer) => sequenceFunctions.has(outer.name) && outer.span.start < call.span.start && outer.span.end >= call.span.end)
      for (const sequence of table === undefined || within === undefined ? [] : draft.catalog.ownedSequences(table.id))
        if (sequence.ownedBy?.column === column) lock(draft, affected(sequence), "ROW EXCLUSIVE", `used by ${within?.name ?? call.name}()`)
      continue
    }
    if (!sequenceFunctions.has(call.name) || text == null) continue
    const name = { ...nameInText(text), span: call.span }
    const sequence = draft.catalog.relation(name)
    if (sequence === undefined && !isSystem(name)) refuseAbsent(draft, name, "relation")
    if (sequence?.kind === "sequence") lock(draft, affected(sequence), "ROW EXCLUSIVE", `used by ${call.name}()`)
  }
}

/** A relation that a definition (a view, a rule, a policy) names: locked by itself. */
export function lockMentioned(
  draft: Draft,
  name: Name,
  mode: LockMode,
  why: string | null = null,
): Relation | undefined {
  if (why === null) return lockNamed(draft, name, mode)
  const relation = draft.catalog.relation(name)
  if (relation !== undefined) lock(draft, affected(relation), mode, why)
  else if (!isSystem(name)) {
    if (!refuseAbsent(draft, name, "relation")) lock(draft, unlisted(draft, name), mode, why)
  }
  return relation
}
