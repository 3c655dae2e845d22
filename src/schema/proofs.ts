import type { Conjunct, Test } from "../parse/expression.ts"
import type { Catalog, ColumnType, Constraint } from "./catalog.ts"

/** Constraints that the server may conclude from: CHECKs that are enforced and validated. */
export function* provenConjuncts(constraints: Iterable<Constraint>): Generator<Conjunct> {
  for (const constraint of constraints) {
    if (constraint.kind !== "check" || !constraint.validated || !constraint.enforced) continue
    if (constraint.expression !== null) yield* constraint.expression.conjuncts
  }
}

/** What is to be proven: that all of its parts hold, any of them, or a test that follows from the tests that `from` accepts. */
export type Goal = { readonly kind: "all" | "any"; readonly of: readonly Goal[] } | { readonly kind: "test"; readonly from: (test: Test) => boolean }

/**
 * Whether the server concludes the goal from conjuncts that all hold. Its rules, which do not find every proof there is:
 * predicate_implied_by_recurse (src/backend/optimizer/util/predtest.c).
 */
export function isImplied(goal: Goal, conjuncts: readonly Conjunct[]): boolean {
  if (goal.kind === "all") return goal.of.every((part) => isImplied(part, conjuncts))
  if (goal.kind === "any" && goal.of.some((part) => isImplied(part, conjuncts))) return true
  return conjuncts.some((conjunct) => followsFrom(goal, conjunct))
}

function followsFrom(goal: Goal, conjunct: Conjunct): boolean {
  const branches = branchesOf(conjunct)
  if (branches !== null) {
    const parts = goal.kind === "any" ? goal.of : [goal]
    return branches.every((branch) => parts.some((part) => isImplied(part, branch)))
  }
  if (conjunct.kind === "or") return false
  if (goal.kind === "test") return goal.from(conjunct)
  return goal.kind === "all" ? goal.of.every((part) => followsFrom(part, conjunct)) : goal.of.some((part) => followsFrom(part, conjunct))
}

/** Longer lists are not looked into (MAX_SAOP_ARRAY_SIZE). */
const LONGEST_LIST = 100

/** The alternatives of a conjunct, those of a list of values included; null: it is one test. */
function branchesOf(conjunct: Conjunct): readonly (readonly Conjunct[])[] | null {
  if (conjunct.kind === "or") return conjunct.branches
  if (conjunct.kind !== "in" || conjunct.values.length > LONGEST_LIST) return null
  const { column, values } = conjunct
  return values.map((value) => [{ kind: "comparison", column, operator: "=", value }])
}

/**
 * Whether valid CHECK constraints prove that a column holds no NULL, so that SET NOT NULL skips its scan (12 and later,
 * NotNullImpliedByRelConstraints). A comparison does not: a CHECK accepts NULL.
 *
 * @param holdsRows the column's values are rows, of which IS NOT NULL tests the fields
 */
export function provesNotNull(constraints: Iterable<Constraint>, column: string, holdsRows: boolean): boolean {
  return isImplied({ kind: "test", from: (test) => isNotNullTest(test, column, holdsRows) }, [...provenConjuncts(constraints)])
}

/** Whether a test is the one that a column's NOT NULL makes. */
export function isNotNullTest(test: Conjunct, column: string, holdsRows: boolean): boolean {
  return (test.kind === "is distinct from null" || (test.kind === "is not null" && !holdsRows)) && test.column === column
}

/** Whether values of a type are rows: it is composite, a table's row type, or a domain over one; false for a type that is not known. */
export function holdsRows(type: ColumnType | undefined, catalog: Pick<Catalog, "type" | "relation">): boolean {
  if (type === undefined || type.schema === "pg_catalog" || type.dimensions > 0) return false
  const user = catalog.type(type)
  if (user?.kind === "domain") return holdsRows(user.base, catalog)
  return user?.kind === "composite" || (user === undefined && catalog.relation(type) !== undefined)
}
