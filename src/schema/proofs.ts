import type { Conjunct, Test } from "../parse/expression.ts"
import type { PartitionBound, PartitionValue } from "../parse/operation.ts"
import type { Catalog, ColumnType, Constraint, Relation } from "./catalog.ts"
import { below, isAtMost, sameValue, type Order } from "./values.ts"

/** Constraints that the server may conclude from: CHECKs that are enforced and validated. */
function* provenConjuncts(constraints: Iterable<Constraint>): Generator<Conjunct> {
  for (const constraint of constraints) {
    if (constraint.kind !== "check" || !constraint.validated || !constraint.enforced) continue
    if (constraint.expression !== null) yield* constraint.expression.conjuncts
  }
}

/** Whether one of the conjuncts proves something that `proves` finds in a test: of alternatives each has to (predicate_implied_by). */
function isProven(conjuncts: Iterable<Conjunct>, proves: (test: Test) => boolean): boolean {
  for (const conjunct of conjuncts) {
    if (conjunct.kind === "or" ? conjunct.branches.every((branch) => branch.some(proves)) : proves(conjunct)) return true
  }
  return false
}

/**
 * Whether valid CHECK constraints prove that a column holds no NULL, so that SET NOT NULL skips its scan (12 and later,
 * NotNullImpliedByRelConstraints). A comparison does not: a CHECK accepts NULL.
 *
 * @param holdsRows the column's values are rows, of which IS NOT NULL tests the fields
 */
export function provesNotNull(constraints: Iterable<Constraint>, column: string, holdsRows: boolean): boolean {
  return isProven(provenConjuncts(constraints), (test) => isNotNullTest(test, column, holdsRows))
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
  const ordered = column !== undefined && column.type.schema === "pg_catalog" && orderedTypes.has(column.type.name)
  return { ...parent.partitionBy, order: ordered && column.type.dimensions === 0 ? "by value" : "unknown" }
}

/** Types whose literals in plain or ISO form are compared here as the server compares them. */
const orderedTypes = new Set(["int2", "int4", "int8", "numeric", "date", "timestamp", "timestamptz"])

/**
 * Whether valid CHECKs prove that every row lies within the bound, so that ATTACH PARTITION skips its scan. NULL must
 * be excluded too (by NOT NULL or a CHECK), because a CHECK lets it pass. Only single-column list and range bounds
 * are compared; for anything else the answer is no, and the server may still find a proof.
 */
export function coversBound(
  constraints: Iterable<Constraint>,
  bound: PartitionBound,
  key: PartitionKey,
  isNotNull: (column: string) => boolean,
): boolean {
  const [column] = key.columns
  if (column === undefined || key.columns.length !== 1 || key.expressions) return false
  const conjuncts = [...provenConjuncts(constraints)]
  const notNull = isNotNull(column) || provesNotNull(constraints, column, false)
  const isWithin: Proof = (within) => isProven(conjuncts, (test) => test.kind !== "other" && test.column === column && within(test))
  if (bound.kind === "list") return coversList(isWithin, bound.from, notNull, key.order)
  if (bound.kind === "range") return notNull && coversRange(isWithin, bound, key.order)
  return false
}

/** Whether it is proven that the key's column only holds what `within` accepts. */
type Proof = (within: (test: Test) => boolean) => boolean

/**
 * Whether valid CHECKs may prove a bound of a key that `coversBound` cannot decide: of several columns, whose values are compared one
 * behind the other, of expressions, or the default partition's.
 */
function mayCoverBound(constraints: Iterable<Constraint>, bound: PartitionBound, { columns, expressions }: Pick<PartitionKey, "columns" | "expressions">): boolean {
  if (columns.length < 2 && !expressions && bound.kind !== "default") return false
  const read = new Set<string>()
  let found = false
  for (const { kind, validated, enforced, columns: named } of constraints) {
    if (kind !== "check" || !validated || !enforced) continue
    found = true
    for (const name of named) read.add(name)
  }
  return found && columns.every((column) => read.has(column))
}

/**
 * Whether CHECKs prove that a table's rows lie within a bound of the parent, and within those of the tables above: a partition of a partition
 * has to lie within all of them. "possible": the server may find a proof.
 */
export function boundProof(
  catalog: Pick<Catalog, "constraintsOf" | "relationById">,
  table: Relation,
  bound: PartitionBound,
  parent: Relation,
  isNotNull: (column: string) => boolean,
): "certain" | "possible" | "none" {
  const key = partitionKey(parent)
  if (key === null) return "none"
  const above = parent.partition === null ? undefined : catalog.relationById(parent.partition.parent)
  const outer = above === undefined || parent.partition === null ? "certain" : boundProof(catalog, table, parent.partition.bound, above, isNotNull)
  if (outer === "none") return "none"
  const constraints = catalog.constraintsOf(table.id)
  if (coversBound(constraints, bound, key, isNotNull)) return outer
  return mayCoverBound(constraints, bound, key) ? "possible" : "none"
}

function coversList(isWithin: Proof, values: readonly PartitionValue[], notNull: boolean, order: Order): boolean {
  const acceptsNull = values.some((value) => value.isNull)
  if (!acceptsNull && !notNull) return false
  const listed = (text: string) => values.some(({ literal }) => literal !== null && sameValue(literal, text, order))
  return isWithin((test) => allowedValues(test)?.every(listed) === true || (acceptsNull && (test.kind === "is null" || test.kind === "is not distinct from null")))
}

function allowedValues(test: Test): readonly string[] | null {
  if (test.kind === "in") return test.values
  return test.kind === "comparison" && test.operator === "=" ? [test.value] : null
}

function coversRange(isWithin: Proof, bound: PartitionBound, order: Order): boolean {
  const [from] = bound.from
  const [to] = bound.to
  if (from === undefined || to === undefined) return false
  const lowest = from.literal
  const highest = to.literal
  const staysUp = lowest !== null && isWithin((test) => staysAbove(test, lowest, order))
  const staysDown = highest !== null && isWithin((test) => staysBelow(test, highest, order))
  return (from.keyword === "minvalue" || staysUp) && (to.keyword === "maxvalue" || staysDown)
}

/** The lower bound belongs to the partition. */
function staysAbove(test: Test, bound: string, order: Order): boolean {
  if (test.kind === "in") return test.values.every((value) => isAtMost(bound, value, order))
  if (test.kind !== "comparison") return false
  return ["=", ">", ">="].includes(test.operator) && isAtMost(bound, test.value, order)
}

/** The upper bound does not. */
function staysBelow(test: Test, bound: string, order: Order): boolean {
  if (test.kind === "in") return test.values.every((value) => below(value, bound, order))
  if (test.kind !== "comparison") return false
  if (test.operator === "<") return isAtMost(test.value, bound, order)
  return ["=", "<="].includes(test.operator) && below(test.value, bound, order)
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
