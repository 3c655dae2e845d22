import type { Conjunct, Test } from "../parse/expression.ts"
import type { PartitionBound, PartitionValue } from "../parse/operation.ts"
import type { Catalog, ColumnType, Constraint, Relation } from "./catalog.ts"
import { isImplied, provenConjuncts, type Goal } from "./proofs.ts"
import { areOrdered, below, differ, isAtMost, sameValue, type Order } from "./values.ts"

/** The key of a partitioned table, as far as bounds can be compared. */
export interface PartitionKey {
  readonly strategy: "range" | "list" | "hash"
  readonly columns: readonly string[]
  readonly expressions: boolean
  /** How values of a single-column key compare. */
  readonly order: Order
}

/** The key of a partitioned table; null for other relations. */
export function partitionKey(parent: Relation): PartitionKey | null {
  if (parent.partitionBy === null) return null
  const column = parent.columns.find((one) => one.name === parent.partitionBy?.columns[0])
  return { ...parent.partitionBy, order: column === undefined ? "unknown" : orderOf(column.type) }
}

function orderOf({ schema, name, dimensions }: ColumnType): Order {
  if (schema !== "pg_catalog" || dimensions > 0) return "unknown"
  if (name === "text" || name === "varchar") return "by spelling"
  return orderedTypes.has(name) ? "by value" : "unknown"
}

/** Types whose literals in plain or ISO form are compared here as the server compares them. */
const orderedTypes = new Set(["int2", "int4", "int8", "numeric", "date", "timestamp", "timestamptz"])

type IsNotNull = (column: string) => boolean

type ProofCatalog = Pick<Catalog, "constraintsOf" | "relationById" | "children">

/** "possible": the server may find a proof that is not worked out here. */
export type BoundProof = "certain" | "possible" | "none"

/**
 * Whether CHECKs prove that a table's rows lie within a bound of the parent, so that ATTACH PARTITION skips its scan, and within those of
 * the tables above: a partition of a partition has to lie within all of them.
 */
export function boundProof(catalog: ProofCatalog, table: Relation, bound: PartitionBound, parent: Relation, isNotNull: IsNotNull): BoundProof {
  const key = partitionKey(parent)
  if (key === null) return "none"
  const above = parent.partition === null ? undefined : catalog.relationById(parent.partition.parent)
  const outer = above === undefined || parent.partition === null ? "certain" : boundProof(catalog, table, parent.partition.bound, above, isNotNull)
  if (outer === "none") return "none"
  const constraints = catalog.constraintsOf(table.id)
  if (bound.kind !== "default") return weaker(outer, proofOf(constraints, key, isNotNull, [bound], coverage))
  if (!parent.known) return "possible"
  return weaker(outer, proofOf(constraints, key, isNotNull, otherBounds(catalog, parent), exclusion))
}

/**
 * Whether CHECKs prove that the default partition, or a partition of it, has no row that belongs to a new partition, so that it is not
 * searched for such rows (check_default_partition_contents).
 */
export function exclusionProof(catalog: ProofCatalog, table: Relation, bound: PartitionBound, parent: Relation, isNotNull: IsNotNull): BoundProof {
  const key = partitionKey(parent)
  return key === null ? "none" : proofOf(catalog.constraintsOf(table.id), key, isNotNull, [bound], exclusion)
}

/** Whether valid CHECKs prove that every row lies within a bound over one column. */
export function coversBound(constraints: Iterable<Constraint>, bound: PartitionBound, key: PartitionKey, isNotNull: IsNotNull): boolean {
  return proofOf(constraints, key, isNotNull, [bound], coverage) === "certain"
}

/** Bounds of the partitions there are, the default one left out. */
function otherBounds(catalog: ProofCatalog, parent: Relation): readonly PartitionBound[] {
  return catalog.children(parent.id).flatMap(({ partition }) => (partition === null || partition.bound.kind === "default" ? [] : [partition.bound]))
}

function weaker(one: BoundProof, other: BoundProof): BoundProof {
  if (one === "none" || other === "none") return "none"
  return one === "certain" ? other : one
}

/** What a bound, or several, ask of the key's column; null: not known. */
type GoalOf = (bounds: readonly PartitionBound[], column: string, order: Order) => Goal | null

function proofOf(constraints: Iterable<Constraint>, key: PartitionKey, isNotNull: IsNotNull, bounds: readonly PartitionBound[], goalOf: GoalOf): BoundProof {
  const [column] = key.columns
  const goal = column === undefined || key.columns.length > 1 || key.expressions ? null : goalOf(bounds, column, key.order)
  if (goal !== null && column !== undefined) {
    const given: Conjunct[] = [...provenConjuncts(constraints)]
    if (isNotNull(column)) given.push({ kind: "is not null", column })
    if (isImplied(goal, given)) return "certain"
  }
  return mayBeProven(constraints, bounds, key) ? "possible" : "none"
}

/** Every row is in the bound. */
function coverage([bound]: readonly PartitionBound[], column: string, order: Order): Goal | null {
  if (bound?.kind === "list") {
    const values = bound.from.filter((value) => !value.isNull)
    const listed = any(values.map(({ literal }) => over(column, (test) => literal !== null && isEqualTo(test, literal, order))))
    return values.length < bound.from.length ? any([over(column, isNullTest), listed]) : all([over(column, isNotNullTest), listed])
  }
  if (bound?.kind !== "range") return null
  const [start, end] = [bound.from[0], bound.to[0]]
  return all([
    over(column, isNotNullTest),
    ...(start === undefined || start.keyword === "minvalue" ? [] : [over(column, (test) => start.literal !== null && staysAbove(test, start.literal, order))]),
    ...(end === undefined || end.keyword === "maxvalue" ? [] : [over(column, (test) => end.literal !== null && staysBelow(test, end.literal, order))]),
  ])
}

/** No row is in any of the bounds. A CHECK lets NULL pass, and so does this, unless one of the bounds takes NULL. */
function exclusion(bounds: readonly PartitionBound[], column: string, order: Order): Goal | null {
  if (bounds.every(({ kind }) => kind === "list")) {
    const values = bounds.flatMap(({ from }) => from)
    const others = values.filter((value) => !value.isNull)
    const left = all(others.map(({ literal }) => over(column, (test) => literal !== null && leavesOut(test, literal, order))))
    return others.length < values.length ? all([over(column, isNotNullTest), left]) : any([over(column, isNullTest), left])
  }
  if (!bounds.every(({ kind }) => kind === "range")) return null
  const sides = bounds.map((bound) => outside(bound, column, order))
  const [only] = sides
  return any([over(column, isNullTest), ...(sides.length === 1 && only !== undefined ? only : [all(sides.map(any))])])
}

/** What is below the start of a range, or not below its end, lies outside. */
function outside({ from, to }: PartitionBound, column: string, order: Order): readonly Goal[] {
  const start = from[0]?.literal ?? null
  const end = to[0]?.literal ?? null
  return [
    ...(start === null ? [] : [over(column, (test) => staysBelow(test, start, order))]),
    ...(end === null ? [] : [over(column, (test) => staysAbove(test, end, order))]),
  ]
}

function all(of: readonly Goal[]): Goal {
  return { kind: "all", of }
}

function any(of: readonly Goal[]): Goal {
  return { kind: "any", of }
}

function over(column: string, from: (test: Test) => boolean): Goal {
  return { kind: "test", from: (test) => test.kind !== "other" && test.column === column && from(test) }
}

function isNullTest({ kind }: Test): boolean {
  return kind === "is null" || kind === "is not distinct from null"
}

function isNotNullTest({ kind }: Test): boolean {
  return kind === "is not null" || kind === "is distinct from null"
}

function isEqualTo(test: Test, value: string, order: Order): boolean {
  return test.kind === "comparison" && test.operator === "=" && sameValue(test.value, value, order)
}

function leavesOut(test: Test, value: string, order: Order): boolean {
  if (test.kind !== "comparison") return false
  switch (test.operator) {
    case "<>":
      return sameValue(test.value, value, order)
    case "=":
      return differ(test.value, value, order)
    case "<":
      return isAtMost(test.value, value, order)
    case "<=":
      return below(test.value, value, order)
    case ">":
      return isAtMost(value, test.value, order)
    case ">=":
      return below(value, test.value, order)
  }
}

/** The lower bound belongs to the partition. */
function staysAbove(test: Test, bound: string, order: Order): boolean {
  return test.kind === "comparison" && ["=", ">", ">="].includes(test.operator) && isAtMost(bound, test.value, order)
}

/** The upper bound does not. */
function staysBelow(test: Test, bound: string, order: Order): boolean {
  if (test.kind !== "comparison") return false
  if (test.operator === "<") return isAtMost(test.value, bound, order)
  return ["=", "<="].includes(test.operator) && below(test.value, bound, order)
}

/**
 * Whether valid CHECKs may prove what is not decided here: of a key of several columns, whose values are compared one behind the other, of
 * expressions, or with literals whose order is not known.
 */
function mayBeProven(constraints: Iterable<Constraint>, bounds: readonly PartitionBound[], { columns, expressions, order }: PartitionKey): boolean {
  const read = new Set<string>()
  const literals = bounds.flatMap(({ from, to }) => [...from, ...to].flatMap(({ literal }) => literal ?? []))
  let undecided = columns.length > 1 || expressions
  for (const { kind, validated, enforced, columns: named, expression } of constraints) {
    if (kind !== "check" || !validated || !enforced) continue
    for (const name of named) read.add(name)
    undecided ||= !isDecided(expression?.conjuncts ?? [], columns, literals, order)
  }
  return undecided && read.size > 0 && columns.every((column) => read.has(column))
}

/** Whether it is known what the tests of the key say of each literal. */
function isDecided(conjuncts: readonly Conjunct[], columns: readonly string[], literals: readonly string[], order: Order): boolean {
  return conjuncts.every((conjunct) => {
    if (conjunct.kind === "or") return conjunct.branches.every((branch) => isDecided(branch, columns, literals, order))
    if ((conjunct.kind !== "comparison" && conjunct.kind !== "in") || !columns.includes(conjunct.column)) return true
    const values = conjunct.kind === "in" ? conjunct.values : [conjunct.value]
    const onlyEquality = conjunct.kind === "in" || conjunct.operator === "=" || conjunct.operator === "<>"
    return values.every((value) => literals.every((literal) => areOrdered(value, literal, order) || (onlyEquality && differ(value, literal, order))))
  })
}

/** Whether two bounds of one partitioned table certainly share a value. */
export function boundsOverlap(a: PartitionBound, b: PartitionBound, order: Order): boolean {
  if (a.kind !== b.kind) return false
  switch (a.kind) {
    case "list":
      return a.from.some((one) => b.from.some((other) => sameMember(one, other, order)))
    case "range":
      return a.from.length === 1 && b.from.length === 1 && startsBefore(a, b, order) && startsBefore(b, a, order)
    case "hash": {
      const common = divisor(a.modulus, b.modulus)
      return a.remainder % common === b.remainder % common
    }
    case "default":
      return true
  }
}

function sameMember(a: PartitionValue, b: PartitionValue, order: Order): boolean {
  if (a.literal === null || b.literal === null) return a.isNull && b.isNull
  return sameValue(a.literal, b.literal, order)
}

/** Whether a range over one column certainly ends where it starts, or before. */
export function isEmptyRange(bound: PartitionBound, order: Order): boolean {
  const [start] = bound.from
  const [end] = bound.to
  if (bound.kind !== "range" || bound.from.length !== 1 || start?.literal == null || end?.literal == null) return false
  return isAtMost(end.literal, start.literal, order)
}

/** Whether `a` starts below the end of `b`. */
function startsBefore(a: PartitionBound, b: PartitionBound, order: Order): boolean {
  const [start] = a.from
  const [end] = b.to
  if (start === undefined || end === undefined) return false
  if (start.keyword === "minvalue" || end.keyword === "maxvalue") return true
  return start.literal !== null && end.literal !== null && below(start.literal, end.literal, order)
}

/** The greatest common divisor. */
function divisor(a: number, b: number): number {
  return b === 0 ? Math.max(a, 1) : divisor(b, a % b)
}
