import type { Expression, FunctionCall } from "../parse/expression.ts"
import type { OperationOf } from "../parse/operation.ts"
import type { Catalog, ObjectId, Policy, PolicyPart, Relation } from "./catalog.ts"
import { castTypes, isSolid } from "./columns.ts"
import { find, findRelation, needRelation } from "./names.ts"
import { isSure, link, put, refuse, type Store } from "./store.ts"
import { columnsIn } from "./views.ts"

export function definePolicy(store: Store, op: OperationOf<"create policy" | "alter policy">): void {
  const table = needRelation(store, op.table, "table", false)
  if (table === undefined) return
  const name = op.policy.name
  const policies = store.policies.get(table.id) ?? []
  const old = policies.find((policy) => policy.name === name)
  if (op.op === "create policy" && old !== undefined) {
    if (store.now.conditional) return
    if (isSolid(store, table, name)) {
      refuse("42710", `policy "${name}" for table "${table.name}" already exists`, op.policy.span)
    }
  }
  // ALTER POLICY keeps the expression that it does not name.
  const kept = op.op === "alter policy" ? old : undefined
  const using = op.using === null ? (kept?.using ?? NOTHING) : partOf(store, table, op.using)
  const check = op.check === null ? (kept?.check ?? NOTHING) : partOf(store, table, op.check)
  const columns = [...new Set([...using.columns, ...check.columns])]
  const restrictive = kept?.restrictive ?? op.restrictive
  const command = kept?.command ?? op.command
  const policy = { name, table: table.id, restrictive, command, columns, using, check, created: old?.created ?? store.now.origin }
  put(store, store.policies, table.id, [...policies.filter((other) => other !== old), policy])
  for (const { relation } of [...using.relations, ...check.relations]) link(store, store.policyReaders, relation, table.id)
}

const NOTHING: PolicyPart = { columns: [], relations: [], functions: [], types: [] }

/** An expression with sub-queries also reads columns of other tables. */
function partOf(store: Store, table: Relation, expression: Expression): PolicyPart {
  const certain = expression.relations.length === 0
  const own = expression.columns.filter((reference) => certain || reference.table === table.name).map(({ column }) => column)
  const read = [...columnsIn(store, expression.scopes ?? [])]
  const columnsOf = (id: ObjectId): string[] => read.flatMap(([relation, column]) => (relation === id ? [column] : []))
  const relations = new Set(expression.relations.flatMap((name) => findRelation(store, name)?.id ?? []))
  return {
    columns: [...own, ...columnsOf(table.id)],
    relations: [...relations].map((relation) => ({ relation, certain: columnsOf(relation) })),
    functions: expression.functions.map((call) => meantBy(store, call)).filter((meant) => meant.length > 0),
    types: castTypes(store, expression),
  }
}

/** The user's functions of the name; which of several is called hangs on the types of the arguments. */
export function meantBy(store: Store, call: FunctionCall): readonly ObjectId[] {
  return isSure(store, call.name) ? (find(store, store.functions, call) ?? []).map(({ id }) => id) : []
}

const callsOf = ({ using, check }: Pick<Policy, "using" | "check">): PolicyPart["functions"] => [...using.functions, ...check.functions]

/** Whether one of the policy's expressions certainly calls the function. */
export function callsFunction(policy: Pick<Policy, "using" | "check">, routine: ObjectId): boolean {
  return callsOf(policy).some((meant) => meant.length === 1 && meant[0] === routine)
}

/** Drops the policies that call the function. One that may have called it may be gone: it stands in the way of nothing any more. */
export function dropPoliciesCalling(store: Store, routine: ObjectId): void {
  for (const [table, policies] of [...store.policies]) {
    if (!policies.some((policy) => callsOf(policy).some((meant) => meant.includes(routine)))) continue
    const rest = policies
      .filter((policy) => !callsFunction(policy, routine))
      .map((policy) => {
        if (!callsOf(policy).some((meant) => meant.includes(routine))) return policy
        put(store, store.doubtful, policy.name, true)
        return { ...policy, columns: [], using: NOTHING, check: NOTHING }
      })
    put(store, store.policies, table, rest)
  }
}

const reads = ({ using, check }: Policy, id: ObjectId): boolean => [...using.relations, ...check.relations].some(({ relation }) => relation === id)

/** Policies of other tables that certainly read the column in a sub-query. */
export function policiesOver(catalog: Pick<Catalog, "policiesReading">, { id }: Relation, column: string): readonly Policy[] {
  return catalog.policiesReading(id).filter((policy) => readsColumn(policy, id, column))
}

/** Whether a policy's sub-queries certainly read a column of another table. */
export function readsColumn({ using, check }: Policy, id: ObjectId, column: string): boolean {
  return [...using.relations, ...check.relations].some(({ relation, certain }) => relation === id && certain.includes(column))
}

/** Policies, of other tables, that read the relation. */
export function policiesReading(store: Store, relation: ObjectId): readonly Policy[] {
  const tables = store.policyReaders.get(relation)
  if (tables === undefined) return NONE
  return tables.flatMap((id) => (id === relation ? [] : (store.policies.get(id) ?? []).filter((policy) => reads(policy, relation))))
}

const NONE: readonly Policy[] = []

/** Drops the policies of other tables that read the relation. */
export function dropPoliciesReading(store: Store, relation: ObjectId): void {
  for (const id of store.policyReaders.get(relation) ?? []) {
    const policies = store.policies.get(id)
    const rest = policies?.filter((policy) => !reads(policy, relation))
    if (rest !== undefined && rest.length !== policies?.length) put(store, store.policies, id, rest)
  }
  put(store, store.policyReaders, relation, undefined)
}
