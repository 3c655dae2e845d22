import type { Conjunct } from "../parse/expression.ts"
import type { PartitionBound, PartitionValue } from "../parse/operation.ts"
import type { Constraint } from "../schema/catalog.ts"

/** Constraints that the server may conclude from: CHECKs that are enforced and validated. */
function* provenConjuncts(constraints: Iterable<Constraint>): Generator<Conjunct> {
  for (const constraint of constraints) {
    if (constraint.kind !== "check" || !constraint.validated || !constraint.enforced) continue
    if (constraint.expression !== null) yield* constraint.expression.conjuncts
  }
}

/**
 * Whether valid CHECK constraints prove that a column holds no NULL, so that SET NOT NULL skips its scan (12 and later,
 * NotNullImpliedByRelConstraints). A comparison does not: a CHECK accepts NULL.
 */
export function provesNotNull(constraints: Iterable<Constraint>, column: string): boolean {
  for (const conjunct of provenConjuncts(constraints)) {
    if (conjunct.kind === "is not null" && conjunct.column === column) return true
  }
  return false
}

/** The key of a partitioned table, as far as bounds can be compared. */
export interface PartitionKey {
  readonly strategy: "range" | "list" | "hash"
  readonly columns: readonly string[]
  readonly expressions: boolean
}

/**
 * Whether valid CHECKs prove that every row lies within the bound, so that ATTACH PARTITION skips its scan. NULL must be excluded
 * too (by NOT NULL or a CHECK), because a CHECK lets it pass. Only single-column list and range bounds are compared; for anything else
 * the answer is no, and the server may still find a proof.
 */
export function coversBound(
  constraints: Iterable<Constraint>,
  bound: PartitionBound,
  key: PartitionKey,
  isNotNull: (column: string) => boolean,
): boolean {
  const [column] = key.columns
  if (column === undefined || key.columns.length !== 1 || key.expressions) return false
  const conjuncts = [...provenConjuncts(constraints)].filter((conjunct) => "column" in conjunct && conjunct.column === column)
  const notNull = isNotNull(column) || conjuncts.some((conjunct) => conjunct.kind === "is not null")
  if (bound.kind === "list") return coversList(conjuncts, bound.from, notNull)
  if (bound.kind === "range") return notNull && coversRange(conjuncts, bound)
  return false
}

function coversList(conjuncts: readonly Conjunct[], values: readonly PartitionValue[], notNull: boolean): boolean {
  const acceptsNull = values.some((value) => value.isNull)
  if (!acceptsNull && !notNull) return false
  return conjuncts.some((conjunct) => {
    const allowed = allowedValues(conjunct)
    return allowed !== null && allowed.every((text) => values.some((value) => value.literal !== null && same(value.literal, text)))
  })
}

function allowedValues(conjunct: Conjunct): readonly string[] | null {
  if (conjunct.kind === "in") return conjunct.values
  return conjunct.kind === "comparison" && conjunct.operator === "=" ? [conjunct.value] : null
}

function coversRange(conjuncts: readonly Conjunct[], bound: PartitionBound): boolean {
  const [from] = bound.from
  const [to] = bound.to
  if (from === undefined || to === undefined) return false
  const lowest = from.literal
  const highest = to.literal
  const above = from.keyword === "minvalue" || (lowest !== null && conjuncts.some((conjunct) => staysAbove(conjunct, lowest)))
  const below = to.keyword === "maxvalue" || (highest !== null && conjuncts.some((conjunct) => staysBelow(conjunct, highest)))
  return above && below
}

/** The lower bound belongs to the partition. */
function staysAbove(conjunct: Conjunct, bound: string): boolean {
  if (conjunct.kind === "in") return conjunct.values.every((value) => atMost(bound, value))
  if (conjunct.kind !== "comparison") return false
  return ["=", ">", ">="].includes(conjunct.operator) && atMost(bound, conjunct.value)
}

/** The upper bound does not. */
function staysBelow(conjunct: Conjunct, bound: string): boolean {
  if (conjunct.kind === "in") return conjunct.values.every((value) => below(value, bound))
  if (conjunct.kind !== "comparison") return false
  if (conjunct.operator === "<") return atMost(conjunct.value, bound)
  return ["=", "<="].includes(conjunct.operator) && below(conjunct.value, bound)
}

function same(a: string, b: string): boolean {
  return a === b || (isNumber(a) && isNumber(b) && Number(a) === Number(b))
}

/** Numbers compare as numbers, dates in ISO form as text; anything else only when equal. */
function below(a: string, b: string): boolean {
  if (isNumber(a) && isNumber(b)) return Number(a) < Number(b)
  return isDate(a) && isDate(b) && normalDate(a) < normalDate(b)
}
function atMost(a: string, b: string): boolean {
  return same(a, b) || (isDate(a) && isDate(b) && normalDate(a) === normalDate(b)) || below(a, b)
}

function isNumber(text: string): boolean {
  return /^[-+]?\d+(\.\d+)?$/.test(text.trim())
}
function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?$/.test(text.trim())
}
function normalDate(text: string): string {
  const [day = "", time = "00:00"] = text.trim().split(/[ T]/)
  return `${day} ${time.length === 5 ? `${time}:00` : time}`
}

/** Whether two bounds of one partitioned table certainly share a value. Only single-column bounds of comparable literals are judged. */
export function boundsOverlap(a: PartitionBound, b: PartitionBound): boolean {
  if (a.kind !== b.kind) return false
  if (a.kind === "list") {
    return a.from.some((one) => b.from.some((other) => (one.isNull && other.isNull) || sameLiteral(one, other)))
  }
  if (a.kind === "hash") return a.modulus === b.modulus && a.remainder === b.remainder
  if (a.kind !== "range" || a.from.length !== 1 || b.from.length !== 1) return false
  return startsBefore(a.from[0], b.to[0]) && startsBefore(b.from[0], a.to[0])
}

function sameLiteral(a: PartitionValue, b: PartitionValue): boolean {
  return a.literal !== null && b.literal !== null && same(a.literal, b.literal)
}

function startsBefore(start: PartitionValue | undefined, end: PartitionValue | undefined): boolean {
  if (start === undefined || end === undefined) return false
  if (start.keyword === "minvalue" || end.keyword === "maxvalue") return true
  return start.literal !== null && end.literal !== null && below(start.literal, end.literal)
}
