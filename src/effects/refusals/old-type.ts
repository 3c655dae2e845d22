/** What goes on having the type that a column had when its type changes. */
import type { Conjunct, Test } from "../../parse/expression.ts"
import type { Column, ColumnType, Index, Origin, Relation } from "../../schema/catalog.ts"
import { formatType, quoteIdent } from "../../schema/format.ts"
import { isUnknownType } from "../../schema/types.ts"
import { assignmentCast, comparableKeys, literalType } from "../casts.ts"
import { fail, type Draft } from "../draft.ts"

/** The default has to follow its column into the new type, whatever USING says. */
export function refuseOldDefault(column: Column, wanted: ColumnType, draft: Draft): void {
  const { catalog } = draft
  if (column.default === null || column.generated !== null) return
  const replaced = draft.statement.operations.some((one) => one.op === "drop default" && one.column.name === column.name)
  if (replaced) return
  const { text, sequence } = column.default
  // As the server prints it, and so in dumps: with the type of the column, without its modifiers.
  const [, literal, cast] = /^('(?:[^']|'')*')(?:::(.+))?$/.exec(text) ?? []
  const bare = { ...column.type, modifiers: [] }
  const own = literal !== undefined && (cast === undefined || cast === formatType(bare) || cast === formatType(bare, [])) ? column.type : null
  const given = sequence === null ? (literalType(text) ?? own) : { ...column.type, schema: "pg_catalog", name: "int8" }
  if (given !== null && assignmentCast(given, wanted, catalog, draft.pgVersion) === false)
    fail(draft, "42804", `default for column "${column.name}" cannot be cast automatically to type ${wanted.name}`)
}

/**
 * CHECK constraints and predicates of indexes are made anew from their text, in which the constants have the type that they were given when
 * they were compared with the column (ATPostAlterTypeParse).
 */
export function refuseOldComparisons(table: Relation, column: Column, wanted: ColumnType, draft: Draft): void {
  const refused = refusedBy(column.type, wanted, draft)
  if (refused === null) return
  for (const { what, name, created, text, conjuncts } of conditionsOf(table, draft)) {
    // An older one has constants of an older type.
    if (!isSince(created, column.typed) || /citext/i.test(text) || (refused === "as not immutable" && what === "constraint")) continue
    const compared = comparisonOf(conjuncts, column)
    if (compared === undefined) continue
    const comparison = `${formatType(wanted)} ${compared} ${formatType(column.type)}`
    const because = `the ${what} ${quoteIdent(name)} compares ${quoteIdent(column.name)} with a constant of its old type`
    if (refused === "as missing") fail(draft, "42883", `operator does not exist: ${comparison}; ${because}`)
    else fail(draft, "42P17", `functions in index predicate must be marked IMMUTABLE, which ${comparison} is not; ${because}`)
  }
}

/** Why a value of the new type cannot be compared with a constant of the old one; null where it can, or that is not known. */
function refusedBy(type: ColumnType, wanted: ColumnType, { catalog, pgVersion }: Draft): "as missing" | "as not immutable" | null {
  // What is compared as text, or as the type under a domain, is cast to it for good.
  if (type.name === "varchar" || catalog.type(type)?.kind === "domain" || isUnknownType(type) || isUnknownType(wanted)) return null
  if (comparableKeys(wanted, type, catalog, pgVersion) === false && comparableKeys(type, wanted, catalog, pgVersion) === false) return "as missing"
  const [from, to] = [type, wanted].map(({ schema, name, dimensions }) => (schema === "pg_catalog" && dimensions === 0 ? ZONED[name] : undefined))
  return from !== undefined && to !== undefined && from !== to ? "as not immutable" : null
}

/** Times on days, and whether the session's time zone says which moment they are: only values of one kind are compared without it. */
const ZONED: Readonly<Record<string, boolean>> = { date: false, timestamp: false, timestamptz: true }

interface Condition {
  readonly what: "constraint" | "index"
  readonly name: string
  readonly created: Origin | null
  readonly text: string
  readonly conjuncts: readonly Conjunct[]
}

/** What is not dropped by the same statement, which comes first. */
function conditionsOf({ id }: Relation, { catalog, statement }: Draft): readonly Condition[] {
  const dropped = (name: string): boolean => statement.operations.some((one) => one.op === "drop constraint" && one.constraint.name === name)
  const checks = catalog.constraintsOf(id).flatMap(({ name, created, expression }): Condition[] =>
    expression === null || dropped(name) ? [] : [{ what: "constraint", name, created, ...expression }],
  )
  const isDropped = ({ constraint }: Index): boolean => constraint !== null && dropped(catalog.constraintById(constraint)?.name ?? "")
  const indexes = catalog.indexesOf(id).flatMap((index): Condition[] =>
    index.predicate === null || isDropped(index) ? [] : [{ what: "index", name: index.name, created: index.created, ...index.predicate }],
  )
  return [...checks, ...indexes]
}

/** Whether something was made by the statement that did the other, or by a later one. */
function isSince(made: Origin | null, other: Origin | null): boolean {
  if (made === null || other === null) return false
  if (made.deploy !== other.deploy) return made.deploy > other.deploy
  return made.transaction === other.transaction ? made.span.start >= other.span.start : made.transaction > other.transaction
}

/** The operator by which a condition compares the column with a constant of its type. */
function comparisonOf(conjuncts: readonly Conjunct[], { name, type }: Pick<Column, "name" | "type">): string | undefined {
  // A whole number may be compared as one with a fraction.
  const isPlain = (value: string): boolean => !/^int[248]$/.test(type.name) || /^-?\d+$/.test(value)
  const operatorIn = (test: Conjunct): string | undefined => {
    if (test.kind === "or") return test.branches.map((branch) => comparisonOf(branch, { name, type })).find((found) => found !== undefined)
    return comparedBy(test, name, isPlain)
  }
  return conjuncts.map(operatorIn).find((found) => found !== undefined)
}

function comparedBy(test: Test, column: string, isPlain: (value: string) => boolean): string | undefined {
  if (test.kind === "comparison") return test.column === column && isPlain(test.value) ? test.operator : undefined
  return test.kind === "in" && test.column === column && test.values.every(isPlain) ? "=" : undefined
}
