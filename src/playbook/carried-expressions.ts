import type { Conjunct, FunctionCall } from "../parse/expression.ts"
import type { Catalog, ColumnType, Index } from "../schema/catalog.ts"
import type { RecipeContext } from "./context.ts"
import type { Move } from "./takeover.ts"
import { formatType, quoteIdent, resolveWrittenType } from "../schema/index.ts"
import { callsIn, expressionOf, replaceInExpression } from "./expressions.ts"

/** Where an expression stands, and what is known of it. */
interface Carrying {
  readonly moves: readonly Move[]
  /** The tests that it is made of; null: not known. */
  readonly conjuncts: readonly Conjunct[] | null
  /** Of an index, for which all has to be IMMUTABLE. */
  readonly indexed: boolean
}

/**
 * An expression over old columns as one over the new ones; null where it is written for the old types, and no other words are known to
 * mean the same.
 */
export function overNewColumns(expression: string, carrying: Carrying, context: RecipeContext): string | null {
  const calls = callsIn(expression)
  if (calls === null) return null
  const words = new Map(carrying.moves.map((move) => [move.from, castThroughout(expression, move, context) ? quoteIdent(move.to) : wordsFor(move, carrying, calls, context)]))
  let fits = true
  const text = replaceInExpression(expression, ({ column }, behind) => {
    const word = words.get(column)
    if (word !== undefined && NULL_TEST.test(behind)) return quoteIdent(carrying.moves.find(({ from }) => from === column)?.to ?? column)
    if (word === null) fits = false
    return word ?? null
  })
  return fits ? text : null
}

const NULL_TEST = /^\s+is\s+(?:not\s+)?null\b/i

/** Whether the expression casts the column wherever it reads it, to a text or to the new type: what it had before is then the same. */
function castThroughout(expression: string, { from, type }: Move, { catalog }: RecipeContext): boolean {
  const read = expressionOf(expression)
  if (read === null) return false
  const after = baseOf(type, catalog)
  return read.columns.every(({ column, span }) => {
    if (column !== from || NULL_TEST.test(expression.slice(span.end))) return true
    const cast = read.casts.find((one) => one.type.span.start >= span.end && /^\)*\s*::\s*$/.test(expression.slice(span.end, one.type.span.start)))
    const to = cast === undefined ? null : resolveWrittenType(catalog, cast.type)
    return to !== null && (isText(to) || isNamedAlike(to, after) || isOfOneFamily(to, after))
  })
}

/** What stands for an old column in an expression. */
function wordsFor({ column, to, type }: Move, { conjuncts, indexed }: Carrying, calls: readonly FunctionCall[], { catalog }: RecipeContext): string | null {
  const [before, after] = [baseOf(column.type, catalog), baseOf(type, catalog)]
  const tests = conjuncts === null ? null : testsOf(conjuncts)
  const own = calls.some((call) => catalog.functions(call).length > 0)
  const name = quoteIdent(to)
  if (isNamedAlike(before, after) || (isOfOneFamily(before, after) && (isText(after) || !own))) return name
  // Operators are called alike, functions are not.
  if (isJson(before) && isJson(after) && calls.length === 0) return name
  if (tests?.every((test) => (test.kind !== "other" && test.column !== column.name) || areComparable(test, before, after, catalog)) === true) return name
  // The server keeps such expressions with a cast to text, and so reads them again for any type (RelabelType, CoerceToDomain).
  const isCast = isText(before) && (column.type.name === "varchar" || column.type.schema !== "pg_catalog")
  return isCast && after.dimensions === 0 && (!indexed || immutableAsText.has(after.name)) ? `${name}::text` : null
}

/** Whether an index over old columns, expressions aside, can be over the new ones: operator classes and collations are of a type, and so are most access methods. */
export function fitsIndex({ columns, clauses, method }: Index, moves: readonly Move[], { catalog }: RecipeContext): boolean {
  return moves.every(({ from, column, type }) => {
    const position = columns.indexOf(from)
    if (position < 0) return true
    const [before, after] = [baseOf(column.type, catalog), baseOf(type, catalog)]
    if (isNamedAlike(before, after) || isOfOneFamily(before, after)) return true
    return (method === "btree" || method === "hash" || method === "brin") && ORDER.test(clauses[position] ?? "")
  })
}

const ORDER = /^\s*(?:asc|desc)?\s*(?:nulls\s+(?:first|last))?\s*$/i

/** The types that an expression is written for. */
export function typesOf(columns: readonly (string | null)[], moves: readonly Move[], { catalog }: RecipeContext): string[] {
  return [...new Set(moves.filter(({ from }) => columns.includes(from)).map(({ column }) => formatType(column.type, catalog.searchPath)))]
}

function baseOf(type: ColumnType, catalog: Catalog): ColumnType {
  const user = type.schema === "pg_catalog" || type.dimensions > 0 ? undefined : catalog.type(type)
  return user?.kind === "domain" ? baseOf(user.base, catalog) : type
}

function isNamedAlike(one: ColumnType, other: ColumnType): boolean {
  return one.schema === other.schema && one.name === other.name && one.dimensions === other.dimensions
}

/** Types whose operators and functions take one another's values. */
const families: readonly ReadonlySet<string>[] = [
  new Set(["int2", "int4", "int8", "numeric"]),
  new Set(["float4", "float8"]),
  new Set(["text", "varchar", "bpchar"]),
  new Set(["bit", "varbit"]),
  new Set(["inet", "cidr"]),
]

/** Types that compare with the same literals. */
const comparable: readonly ReadonlySet<string>[] = [
  new Set(["int2", "int4", "int8", "numeric", "float4", "float8"]),
  new Set(["date", "timestamp", "timestamptz"]),
]

function isOfOneFamily(one: ColumnType, other: ColumnType): boolean {
  const builtin = one.schema === "pg_catalog" && other.schema === "pg_catalog" && one.dimensions === other.dimensions
  return builtin && families.some((family) => family.has(one.name) && family.has(other.name))
}

function isJson({ schema, name, dimensions }: ColumnType): boolean {
  return schema === "pg_catalog" && dimensions === 0 && (name === "json" || name === "jsonb")
}

function isText({ schema, name, dimensions }: ColumnType): boolean {
  return schema === "pg_catalog" && dimensions === 0 && (name === "text" || name === "varchar" || name === "bpchar")
}

/** Types that `::text` gives the same text of under all settings. */
const immutableAsText: ReadonlySet<string> = new Set(["int2", "int4", "int8", "numeric", "bool", "uuid"])

type Test = Exclude<Conjunct, { readonly kind: "or" }>

function testsOf(conjuncts: readonly Conjunct[]): readonly Test[] {
  return conjuncts.flatMap((conjunct) => (conjunct.kind === "or" ? testsOf(conjunct.branches.flat()) : [conjunct]))
}

/** Whether a comparison with literals, or with NULL, says the same of the new type. */
function areComparable(test: Test, before: ColumnType, after: ColumnType, catalog: Catalog): boolean {
  if (test.kind !== "comparison" && test.kind !== "in") return test.kind !== "other"
  if (before.dimensions > 0 || after.dimensions > 0) return false
  if (before.schema === "pg_catalog" && after.schema === "pg_catalog" && comparable.some((types) => types.has(before.name) && types.has(after.name))) return true
  // Labels have no order but that of the enum.
  if (test.kind === "comparison" && test.operator !== "=" && test.operator !== "<>") return false
  const values = test.kind === "in" ? test.values : [test.value]
  const [from, to] = [catalog.type(before), catalog.type(after)]
  if (from?.kind === "enum") return isText(after)
  return to?.kind === "enum" && isText(before) && values.every((value) => to.labels.some(({ text }) => text === value))
}
