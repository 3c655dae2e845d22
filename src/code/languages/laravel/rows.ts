/**
 * What Laravel's query builder makes of a chain that changes rows: `DB::table("orders")->where(...)->update([...])`. Source:
 * src/Illuminate/Database/Query/Builder.php and Grammars/PostgresGrammar.php of laravel/framework 12. Values that only running the code
 * would tell are holes.
 */
import { elementsOf, type Said } from "../arguments.ts"
import { argumentsAt, type Range } from "../expression.ts"
import { joined, literal, named, quoted, unknown, type Part } from "../made.ts"
import { isSign, isWord, textOf, type Token } from "../tokens.ts"
import { isNull, rawAt, textAt, textsAt, truthAt, type Link } from "./values.ts"

/** The calls behind a token that ends an expression. */
export function linksBehind(tokens: readonly Token[], from: number): readonly Link[] {
  const links: Link[] = []
  for (let at = from; isSign(tokens[at], ".") && tokens[at + 1]?.kind === "word" && isSign(tokens[at + 2], "(");) {
    const { list, end } = argumentsAt(tokens, at + 2)
    links.push({ name: textOf(tokens[at + 1]) ?? "", args: list, range: { from: at + 1, to: end + 1 } })
    at = end + 1
  }
  return links
}

/** Whether a chain changes rows, as far as its own calls do. */
export function changesRows(links: readonly Link[]): boolean {
  return links.some(({ name }) => name in VERBS || /^(?:updateOrInsert|upsert|updateFrom|insertUsing|insertOrIgnoreUsing|incrementEach|decrementEach)$/.test(name))
}

/** Null for what only running the code would tell. @param links Those behind the table. */
export function rowsSql(tokens: readonly Token[], table: Said | null, links: readonly Link[]): readonly Part[] | null {
  const at = links.findIndex(({ name }) => name in VERBS)
  const [verb, ...further] = links.slice(at)
  if (table === null || /\s/.test(table.text) || verb === undefined || at < 0 || further.length > 0) return null
  const others = links.slice(0, at).filter(({ name }) => !WITHOUT_EFFECT.test(name))
  if (others.some(({ name }) => !/^(?:or)?where/i.test(name))) return null
  return VERBS[verb.name]?.(tokens, named(table), verb.args, whereOf(tokens, others)) ?? null
}

/** Where all rows that match are changed, their order does not count. */
const WITHOUT_EFFECT = /^(?:orderBy\w*|latest|oldest|inRandomOrder|select|useWritePdo|lockForUpdate)$/

type Verb = (tokens: readonly Token[], table: Part, given: readonly Range[], where: readonly Part[]) => readonly Part[] | null

function amount(sign: "+" | "-"): Verb {
  return (tokens, table, [column, by, extra], where) => {
    const own = textAt(tokens, column)
    if (own === null) return null
    const more = extra === undefined ? [] : assignments(tokens, extra)
    if (more === null) return null
    const set = [[`${quoted(own.text)} = ${quoted(own.text)} ${sign} `, by === undefined ? "1" : valueAt(tokens, by)], ...more]
    return ["update ", table, " set ", ...joined(set), ...where]
  }
}

const insert: Verb = (tokens, table, [rows]) => {
  const inserted = rows === undefined ? null : insertedRows(tokens, rows)
  // Rows that the code works out: there may be none, or many.
  return ["insert into ", table, ...(inserted ?? [" select"])]
}

const VERBS: Readonly<Record<string, Verb>> = {
  update(tokens, table, [values], where) {
    const set = values === undefined ? null : assignments(tokens, values)
    return set === null || set.length === 0 ? null : ["update ", table, " set ", ...joined(set), ...where]
  },
  delete(tokens, table, [id], where) {
    if (id === undefined) return ["delete from ", table, ...where]
    return where.length > 0 ? null : ["delete from ", table, ' where "id" = ', valueAt(tokens, id)]
  },
  truncate: (_, table) => ["truncate ", table, " restart identity cascade"],
  insert,
  insertGetId: insert,
  insertOrIgnore(...given) {
    const made = insert(...given)
    return made && (made.at(-1) === " select" ? made : [...made, " on conflict do nothing"])
  },
  increment: amount("+"),
  decrement: amount("-"),
}

/** The entries of `["a" => 1]`; null for anything else, and where something is spread into them. */
function entriesAt(tokens: readonly Token[], range: Range): readonly { readonly key: Said; readonly value: Range }[] | null {
  const elements = isSign(tokens[range.from], "[") ? elementsOf(tokens, range) : null
  const entries = elements?.map(({ from, to }) => {
    const key = isSign(tokens[from + 1], "=>") ? textAt(tokens, { from, to: from + 1 }) : null
    return key === null ? null : { key, value: { from: from + 2, to } }
  })
  return entries === undefined || entries.some((entry) => entry === null) ? null : entries.flatMap((entry) => entry ?? [])
}

function assignments(tokens: readonly Token[], range: Range): Part[][] | null {
  const entries = entriesAt(tokens, range)
  // `"options->notify"` changes a part of the value.
  if (entries === null || entries.some(({ key }) => key.text.includes("->"))) return null
  return entries.map(({ key, value }) => [named({ ...key, text: key.text.slice(key.text.lastIndexOf(".") + 1) }), " = ", valueAt(tokens, value)])
}

/** One row, or a list of rows, which all have the columns of the first. */
function insertedRows(tokens: readonly Token[], range: Range): readonly Part[] | null {
  const one = entriesAt(tokens, range)
  const elements = one !== null && one.length > 0 ? [range] : isSign(tokens[range.from], "[") ? elementsOf(tokens, range) : null
  const rows = elements?.map((element) => entriesAt(tokens, element))
  const columns = rows?.[0]?.map(({ key }) => key.text) ?? []
  if (rows === undefined || columns.length === 0 || rows.some((row) => row?.length !== columns.length)) return null
  const lines = rows.map((row) => {
    const values = columns.map((column) => row?.find(({ key }) => key.text === column)?.value)
    return values.some((value) => value === undefined) ? null : ["(", ...joined(values.flatMap((value) => (value === undefined ? [] : [[valueAt(tokens, value)]]))), ")"]
  })
  if (lines.some((line) => line === null)) return null
  return [` (${columns.map(quoted).join(", ")}) values `, ...joined(lines.flatMap((line) => (line === null ? [] : [line])))]
}

/** A literal or SQL as it is; anything else is a hole. */
function valueAt(tokens: readonly Token[], range: Range): Part {
  const text = textAt(tokens, range)
  if (text !== null) return { sql: literal(text.text), range }
  if (isNull(tokens, range)) return { sql: "null", range }
  const truth = truthAt(tokens, range, false)
  if (truth !== null) return { sql: String(truth), range }
  const raw = rawAt(tokens, range)
  if (raw !== null) return { sql: raw, range }
  const number = tokens.slice(range.from, range.to).map((token) => textOf(token) ?? "?").join("")
  return /^-?\d+(?:\.\d+)?$/.test(number) ? { sql: number, range } : unknown(range)
}

/** ` where ...`; nothing where there is no condition. One that is not read is a hole. */
function whereOf(tokens: readonly Token[], links: readonly Link[]): readonly Part[] {
  const parts: Part[] = []
  for (const { name, args, range } of links) {
    const [, joint = "", method = ""] = /^(or)?(where\w*)$/i.exec(name) ?? []
    const condition = CONDITIONS[method.toLowerCase()]?.(tokens, args) ?? [unknown(range)]
    parts.push(parts.length === 0 ? " where " : joint === "" ? " and " : " or ", ...condition)
  }
  return parts
}

type Condition = (tokens: readonly Token[], given: readonly Range[]) => readonly Part[] | null

/** A condition on the column that the first argument names. */
function onColumn(rest: (tokens: readonly Token[], given: readonly Range[]) => readonly Part[] | null): Condition {
  return (tokens, [column, ...given]) => {
    const own = textAt(tokens, column)
    const behind = own === null || own.text.includes("->") ? null : rest(tokens, given)
    return own === null || behind === null ? null : [named(own), ...behind]
  }
}

const isNullCondition = onColumn(() => [" is null"])
const isNotNullCondition = onColumn(() => [" is not null"])

function inList(word: string): Condition {
  return onColumn((tokens, [list]) => {
    const elements = list === undefined || !isSign(tokens[list.from], "[") ? null : elementsOf(tokens, list)
    if (list === undefined || elements?.length === 0) return null
    // What a function or another query gives may be many rows.
    const isQuery = isWord(tokens[list.from], "function") || isWord(tokens[list.from], "fn")
    const values = elements === null ? [[isQuery ? "select " : "", unknown(list)]] : elements.map((element) => [valueAt(tokens, element)])
    return [` ${word} (`, ...joined(values), ")"]
  })
}

function between(word: string): Condition {
  return onColumn((tokens, [ends]) => {
    const [from, to] = (ends === undefined ? null : elementsOf(tokens, ends)) ?? []
    return from === undefined || to === undefined ? null : [` ${word} `, valueAt(tokens, from), " and ", valueAt(tokens, to)]
  })
}

const CONDITIONS: Readonly<Record<string, Condition>> = {
  where(tokens, given) {
    const [first, second, third] = given
    if (first === undefined) return null
    const entries = second === undefined ? entriesAt(tokens, first) : null
    if (entries !== null && entries.length > 0) return joined(entries.map(({ key, value }) => compared(tokens, key, "=", value)), " and ")
    const column = textAt(tokens, first)
    if (column === null || second === undefined || column.text.includes("->")) return null
    if (third === undefined) return compared(tokens, column, "=", second)
    const operator = textAt(tokens, second)?.text
    return operator === undefined ? null : compared(tokens, column, operator, third)
  },
  wherenull: (tokens, given) => nullCondition(tokens, given, isNullCondition),
  wherenotnull: (tokens, given) => nullCondition(tokens, given, isNotNullCondition),
  wherein: inList("in"),
  wherenotin: inList("not in"),
  wherebetween: between("between"),
  wherenotbetween: between("not between"),
  wherecolumn(tokens, [first, second, third]) {
    const [left, operator, right] = third === undefined ? [textAt(tokens, first), "=", textAt(tokens, second)] : [textAt(tokens, first), textAt(tokens, second)?.text, textAt(tokens, third)]
    return left === null || right === null || operator === undefined ? null : [named(left), ` ${operator} `, named(right)]
  },
  whereraw(tokens, [text, bindings]) {
    const said = bindings === undefined ? textAt(tokens, text) : null
    return said && [{ sql: said.text, range: said.range }]
  },
}

function nullCondition(tokens: readonly Token[], given: readonly Range[], condition: Condition): readonly Part[] | null {
  const columns = textsAt(tokens, given[0])
  return columns?.length === 1 ? condition(tokens, columns.map(({ range }) => range)) : null
}

/** Laravel asks whether a column is NULL where that is what it is compared with. */
function compared(tokens: readonly Token[], column: Said, operator: string, range: Range): Part[] {
  const value = valueAt(tokens, range)
  if (typeof value === "string" || value.sql !== "null") return [named(column), ` ${operator} `, value]
  return [named(column), operator === "=" ? " is null" : " is not null"]
}
