/** The indexes that Rails makes. */
import type { Arguments, Said } from "../arguments.ts"
import { sha256 } from "../../sha.ts"
import { joined, named, quoted, type Part } from "../made.ts"
import { ifOption, type Rails, type Statement } from "./statement.ts"
import { hashAt, isNil, isTrue, textAt, textsAt } from "./values.ts"

/** The name that an index is given, or else the one that Rails makes. */
export function nameOfIndex(args: Arguments, made: string | null): Part | null {
  const name = textAt(args.tokens, args.option("name"))
  if (name !== null) return named(name)
  return args.option("name") !== null || made === null ? null : quoted(made)
}

/** What Rails calls an index; null where only running the code would tell. */
export function indexName(table: string, columns: readonly Said[] | null, { version }: Rails): string | null {
  if (columns === null || columns.length === 0) return null
  const [first] = columns
  // An expression gives its words.
  const names = columns.length === 1 && first !== undefined && /\W/.test(first.text) ? [(first.text.match(/\w+/g) ?? []).join("_")] : columns.map(({ text }) => text)
  const text = `index_${table}_on_${names.join("_and_")}`
  if (text.length <= LONGEST_INDEX || version < 7.1) return text
  const hash = `_${sha256(text).slice(0, 10)}`
  return `idx_on_${names.join("_")}`.slice(0, LONGEST_INDEX - hash.length) + hash
}

/** From 7.1 on; before, longer names were an error. */
const LONGEST_INDEX = 62

export function createIndex(table: Said, columns: readonly Said[] | null, args: Arguments, rails: Rails, written?: string): Statement | null {
  const [unique, where, using, include] = ["unique", "where", "using", "include"].map((option) => args.option(option))
  const name = nameOfIndex(args, written ?? indexName(table.text, columns, rails))
  const keys = columns === null ? null : keysOf(columns, args)
  const concurrently = isConcurrent(args)
  const [predicate, method, included] = [textAt(args.tokens, where), textAt(args.tokens, using), textsAt(args.tokens, include)]
  if (name === null || keys === null || concurrently === null) return null
  if ((where != null && predicate === null) || (using != null && method === null) || (include != null && included === null)) return null
  return [
    "CREATE ",
    isTrue(args.tokens, unique ?? null) ? "UNIQUE " : "",
    "INDEX ",
    concurrently,
    ifOption(args, "if_not_exists", "IF NOT EXISTS "),
    name,
    " ON ",
    named(table),
    method === null ? "" : ` USING ${method.text}`,
    " (",
    ...joined(keys),
    ")",
    included === null ? "" : ` INCLUDE (${included.map(({ text }) => quoted(text)).join(", ")})`,
    isTrue(args.tokens, args.option("nulls_not_distinct")) ? " NULLS NOT DISTINCT" : "",
    ...(predicate === null ? [] : [" WHERE ", { sql: predicate.text, range: predicate.range }]),
  ]
}

/** The keys of an index with their operator classes and orders. */
function keysOf(columns: readonly Said[], args: Arguments): readonly (readonly Part[])[] | null {
  const of = (option: string): ((column: string) => string) | null => {
    const range = args.option(option)
    if (range === null) return () => ""
    const all = textAt(args.tokens, range)
    if (all !== null) return () => ` ${all.text}`
    const each = hashAt(args.tokens, range)
    return each && ((column) => ((text) => (text === undefined ? "" : ` ${text}`))(textAt(args.tokens, each.option(column))?.text))
  }
  const [opclass, order] = [of("opclass"), of("order")]
  if (opclass === null || order === null) return null
  const [only] = columns
  if (columns.length === 1 && only !== undefined && /\W/.test(only.text)) return [[{ sql: only.text, range: only.range }]]
  return columns.map((column) => [named(column), opclass(column.text), order(column.text).replace(/_/g, " ")])
}

/** CONCURRENTLY or nothing; null for what only running the code would tell. */
export function isConcurrent({ tokens, option }: Arguments): string | null {
  const algorithm = option("algorithm")
  if (algorithm === null || isNil(tokens, algorithm)) return ""
  const text = textAt(tokens, algorithm)?.text
  return text === undefined ? null : text === "concurrently" ? "CONCURRENTLY " : ""
}
