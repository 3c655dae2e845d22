/** The blocks of `create_table` and `change_table` in Rails. */
import { argumentsOf, type Arguments, type Said } from "../arguments.ts"
import { argumentsAt, type Range } from "../expression.ts"
import { joined, named, quoted, within, type Part } from "../made.ts"
import { columnOf, typeOf } from "./columns.ts"
import { createIndex } from "./indexes.ts"
import { exclusionConstraint, foreignKey, uniqueConstraint } from "./keys.ts"
import { referenceOf, timestamps } from "./references.ts"
import { statementsOf } from "./schema.ts"
import { type Rails, type Statement } from "./statement.ts"
import { hashAt, isFalse, isTrue, literalAt, textAt, textsAt } from "./values.ts"
import { isSign, isWord, textOf, type Token } from "../tokens.ts"

/** A line of a block: `t.string :region, null: false`. */
interface Line {
  readonly method: Said
  readonly args: Arguments
  readonly range: Range
}

/** Types that are methods of the block's variable. */
const TYPE =
  /^(?:bigint|bigserial|binary|bit|bit_varying|boolean|box|cidr|circle|citext|date|daterange|datetime|decimal|enum|float|hstore|inet|int4range|int8range|integer|interval|json|jsonb|line|lseg|ltree|macaddr|money|numeric|numrange|oid|path|point|polygon|serial|string|text|time|timestamp|timestamptz|tsrange|tstzrange|tsvector|uuid|virtual|xml)$/

/** The lines of a block with one variable, between two tokens; null where it has anything else. `open` is its `do` or brace. */
export function linesOf(tokens: readonly Token[], open: number, close: number): readonly Line[] | null {
  const variable = isSign(tokens[open + 1], "|") && isSign(tokens[open + 3], "|") ? textOf(tokens[open + 2]) : null
  if (variable === null) return null
  const lines: Line[] = []
  for (let at = open + 4; at < close; at += 1) {
    if (isSign(tokens[at], "\n") || isSign(tokens[at], ";")) continue
    const method = textOf(tokens[at + 2])
    if (!isWord(tokens[at], variable) || !isSign(tokens[at + 1], ".") || method === null) return null
    const { list, end } = argumentsAt(tokens, at + 3)
    const last = isSign(tokens[at + 3], "(") ? end + 1 : end
    if (last < close && !isSign(tokens[last], "\n") && !isSign(tokens[last], ";")) return null
    const args = argumentsOf(tokens, list)
    if (!args.isWhole) return null
    lines.push({ method: { text: method, range: { from: at + 2, to: at + 3 } }, args, range: { from: at, to: last } })
    at = last
  }
  return lines
}

/** The statements of `create_table`; null for what only running the code would tell. */
export function createTable(args: Arguments, lines: readonly Line[], rails: Rails): readonly Statement[] | null {
  const table = textAt(args.tokens, args.given[0])
  const unknown = ["as", "options", "temporary", "partition_key"].some((option) => args.option(option) !== null && !isFalse(args.tokens, args.option(option)))
  const key = table === null || unknown ? null : primaryKey(args, table, rails)
  if (table === null || key === null) return null
  const elements: (readonly Part[])[] = []
  const keys: (readonly Part[])[] = []
  const indexes: Statement[] = []
  for (const line of lines) {
    const made = elementOf(table, line, rails)
    if (made === null) return null
    elements.push(...made.elements)
    keys.push(...made.keys)
    indexes.push(...made.indexes.map((index) => within(line.range, index)))
  }
  // `force` drops one that is there, which only few migrations mean: they are made of dumps of the schema.
  const exists = isTrue(args.tokens, args.option("if_not_exists")) || args.option("force") !== null ? "IF NOT EXISTS " : ""
  return [["CREATE TABLE ", exists, named(table), " (", ...joined([...key.before, ...elements, ...key.after, ...keys]), ")"], ...indexes]
}

interface Element {
  readonly elements: readonly (readonly Part[])[]
  readonly keys: readonly (readonly Part[])[]
  readonly indexes: readonly Statement[]
}

function elementOf(table: Said, { method, args }: Line, rails: Rails): Element | null {
  const { tokens, given } = args
  const all = given.map((range) => textAt(tokens, range))
  const [first] = all
  switch (method.text) {
    case "timestamps": {
      const elements = timestamps(args, rails.version, method)
      return elements && { elements, keys: [], indexes: [] }
    }
    case "references":
    case "belongs_to":
      return together(all.map((name) => {
        const reference = name && referenceOf(table, name, args, rails)
        return reference && { elements: reference.columns, keys: reference.key === null ? [] : [reference.key], indexes: reference.index === null ? [] : [reference.index] }
      }))
    case "index": {
      const index = createIndex(table, textsAt(tokens, given[0]), args, rails)
      return index && { elements: [], keys: [], indexes: [index] }
    }
    case "foreign_key": {
      const key = first == null ? null : foreignKey(table.text, first, args)
      return key && { elements: [], keys: [key], indexes: [] }
    }
    case "check_constraint": {
      const name = textAt(tokens, args.option("name"))
      return first == null || name === null ? null : { elements: [], keys: [["CONSTRAINT ", named(name), ` CHECK (${first.text})`]], indexes: [] }
    }
    case "unique_constraint": {
      const constraint = uniqueConstraint(args, given[0])
      return constraint && { elements: [], keys: [constraint], indexes: [] }
    }
    case "exclusion_constraint": {
      const constraint = exclusionConstraint(args, first)
      return constraint && { elements: [], keys: [constraint], indexes: [] }
    }
    case "column": {
      const type = all[1]
      return first == null || type == null ? null : columnElement(table, first, type.text, type, args, rails)
    }
    default:
      return TYPE.test(method.text) ? together(all.map((name) => name && columnElement(table, name, method.text, method, args, rails))) : null
  }
}

function columnElement(table: Said, name: Said, type: string, typed: Said, args: Arguments, rails: Rails): Element | null {
  const column = columnOf(name, type, typed, args, rails.version)
  const index = args.option("index")
  if (column === null) return null
  if (index === null || isFalse(args.tokens, index)) return { elements: [column], keys: [], indexes: [] }
  const options = isTrue(args.tokens, index) ? argumentsOf(args.tokens, []) : hashAt(args.tokens, index)
  const made = options && createIndex(table, [name], options, rails)
  return made && { elements: [column], keys: [], indexes: [made] }
}

function together(all: readonly (Element | null)[]): Element | null {
  const known = all.flatMap((one) => (one === null ? [] : [one]))
  if (known.length < all.length || all.length === 0) return null
  return { elements: known.flatMap(({ elements }) => elements), keys: known.flatMap(({ keys }) => keys), indexes: known.flatMap(({ indexes }) => indexes) }
}

/** The primary key that a table has without a line for it. */
function primaryKey(args: Arguments, table: Said, { version }: Rails): { readonly before: readonly (readonly Part[])[]; readonly after: readonly (readonly Part[])[] } | null {
  const { tokens } = args
  const [id, written] = [args.option("id"), args.option("primary_key")]
  const names = written === null ? null : textsAt(tokens, written)
  if (written !== null && names === null) return null
  if (names !== null && names.length > 1) return { before: [], after: [[`PRIMARY KEY (${names.map(({ text }) => quoted(text)).join(", ")})`]] }
  if (isFalse(tokens, id)) return { before: [], after: [] }
  const name = quoted(names?.[0]?.text ?? "id")
  const type = id === null || isTrue(tokens, id) ? (version >= 5.1 ? "primary_key" : "integer") : textAt(tokens, id)?.text
  if (type === undefined) return null
  if (type === "primary_key" || type === "bigint" || type === "integer") return { before: [[{ sql: `${name} ${type === "integer" ? "serial" : "bigserial"} PRIMARY KEY`, range: table.range }]], after: [] }
  const value = args.option("default") === null ? (type === "uuid" ? "gen_random_uuid()" : null) : defaultOf(args, type)
  const sqlType = typeOf(type, args, version)
  if (value === undefined || sqlType === null) return null
  return { before: [[`${name} ${sqlType}${value === null ? "" : ` DEFAULT ${value}`} NOT NULL PRIMARY KEY`]], after: [] }
}

/** The default of a key: an expression, in a text or what a lambda returns. */
function defaultOf(args: Arguments, type: string): string | undefined {
  const range = args.option("default")
  return textAt(args.tokens, range)?.text ?? (range === null ? undefined : literalAt(args.tokens, range, type))
}

/** Lines of `change_table`, and the method of the migration that does the same. */
const CHANGES: Readonly<Record<string, string>> = {
  column: "add_column",
  remove: "remove_columns",
  rename: "rename_column",
  change: "change_column",
  change_default: "change_column_default",
  change_null: "change_column_null",
  index: "add_index",
  remove_index: "remove_index",
  references: "add_reference",
  belongs_to: "add_reference",
  remove_references: "remove_reference",
  remove_belongs_to: "remove_reference",
  foreign_key: "add_foreign_key",
  timestamps: "add_timestamps",
  remove_timestamps: "remove_timestamps",
  check_constraint: "add_check_constraint",
}

/** The statements of `change_table`; null for what only running the code would tell. */
export function changeTable(args: Arguments, lines: readonly Line[], rails: Rails): readonly Statement[] | null {
  const [range] = args.given
  const table = textAt(args.tokens, range)
  if (table === null || range === undefined) return null
  const statements = lines.map((line): readonly Statement[] | null => {
    return changesOf(table, range, line, rails)?.map((statement) => within(line.range, statement)) ?? null
  })
  return statements.some((one) => one === null) ? null : statements.flatMap((one) => one ?? [])
}

function changesOf(table: Said, range: Range, line: Line, rails: Rails): readonly Statement[] | null {
  const method = CHANGES[line.method.text]
  if (method !== undefined) return statementsOf(method, { ...line.args, given: [range, ...line.args.given] }, rails)
  const made = elementOf(table, line, rails)
  return made && [...made.elements.map((column): Statement => ["ALTER TABLE ", named(table), " ADD COLUMN ", ...column]), ...made.indexes]
}
