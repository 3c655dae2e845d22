/** Uses outside of SQL: a name that appears together with that of its table, as ORMs and query builders write it. */
import { isModelOf, isOtherTable, keysOf, namesModel, namesTable, type TableSpelling } from "./models.ts"
import { blocksAround, lineOf, statementAround, textOf, type Block, type Lines, type SourceFile } from "./source.ts"
import { spells, wordsOf } from "./spelling.ts"
import { firstIndex } from "../source/first-index.ts"
import { scanFor, type Hit } from "./scan.ts"

/** Lines that bring names in, and use none of them. */
const IMPORTS = /^\s*(?:import\b|package\b|using\b|use\b|require\b|from\s+\S+\s+import\b|export\s+(?:\*|\{[^}]*\})\s+from\b)/

/** Whether the identifier at a place is the column of the table. */
export function isColumn(source: SourceFile, { start, end }: Hit, column: string, table: TableSpelling): boolean {
  const { text, lines } = source
  const token = text.slice(start, end)
  if (source.isComment(start) || !spells(token, wordsOf(column)) || isType(source, start, token, column)) return false
  const { line } = lines.position(start)
  if (IMPORTS.test(lineOf(source, line))) return false
  const literal = source.stringAt(start)
  const inHole = literal !== undefined && isInHole(text, literal.from, start)
  if (literal === undefined || inHole) {
    if (isMemberOf(text, start, table)) return true
    if (inHole) return false
  }
  const quoted = literal === undefined ? null : quotation(text.slice(literal.from, literal.to), start - literal.from, token, column)
  if (quoted === "other") return false
  // "orders.region"
  if (quoted !== null && isMemberOf(text, start, table)) return quoted !== "text"
  const how = quoted ?? (isKey(source, start, end) ? "key" : isMember(text, start) ? "member" : "bare")
  if (how === "text") return false
  if (isField(source, line, start, column, table)) return true
  if (how === "bare" || !isInStatement(source, line, table)) return false
  return how !== "member" || isOfRow(source, line, start)
}

/** Languages in which members and fields begin with a small letter, and types with a capital one. */
const SMALL_MEMBERS = new Set("js mjs cjs jsx ts mts cts tsx vue svelte astro py rb java kt kts scala swift php ex exs rs dart".split(" "))

/** Whether the identifier is that of a type, or the word that declares one. */
function isType({ text, extension }: SourceFile, start: number, token: string, column: string): boolean {
  if (token === "type") return extension !== "prisma" && /^type\s+\p{L}\w*(?:<[^>\n]*>)?\s*(?:=|struct\b|interface\b|func\b|\{)/u.test(text.slice(start, start + 120))
  if (!SMALL_MEMBERS.has(extension) || !/^\p{Lu}.*\p{Ll}/u.test(token) || /^\p{Lu}/u.test(column)) return false
  // The columns of SeaORM's entities, and of JPA's metamodel.
  return !/\bColumn::$/.test(text.slice(Math.max(0, start - 8), start))
}

/** What a string is that holds the name: the name alone, one of a list, a struct tag, a condition, or just a text. */
function quotation(content: string, at: number, token: string, column: string): "name" | "list" | "condition" | "text" | "other" {
  const plain = content.trim()
  if (plain === token || plain.endsWith(`.${token}`)) return "name"
  if (/\b\w+:"[^"]*"/.test(content)) {
    // Of a struct's tags only those of mappers name columns.
    const tag = /\b(?:db|bun|pg|sql|xorm):"$|\bcolumn:$/.exec(content.slice(0, at))
    return tag !== null && token === column ? "name" : "other"
  }
  if (/^[\w\s,.*":()!-]+$/.test(plain) && plain.includes(",")) return "list"
  return /[=<>?]|\b(?:in|is|like|ilike|asc|desc|and|or|not)\b/i.test(plain) ? "condition" : "text"
}

/** `order.region`, `orders["region"]`, `order->region`, `currentOrder.region`, `order__region`. */
function isMemberOf(text: string, start: number, table: TableSpelling): boolean {
  if (!/[.>:["'`@\s_]/.test(text.charAt(start - 1))) return false
  const before = text.slice(Math.max(0, start - 80), start)
  const [, owner] = /([\p{L}_][\p{L}\p{N}_]*)(?:\s*(?:\?\.|!\.|->|::|&\.|\.)\s*|__|\??\.?\[:?["'`]?)@?$/u.exec(before) ?? []
  if (owner === undefined) return false
  if (namesModel(owner, table)) return true
  const owners = wordsOf(owner)
  const isOne = table.words.some((words) => owners.length > words.length && `_${owners.join("_")}`.endsWith(`_${words.join("_")}`))
  return isOne && !isOtherTable(owner, table)
}

/** The member of anything. */
function isMember(text: string, start: number): boolean {
  return /(?:[\p{L}\p{N}_\])]\s*(?:\?\.|!\.|->|&\.|\.)|@)$/u.test(text.slice(Math.max(0, start - 4), start))
}

/** What stands before the dot of a member. */
const OWNER = /([\p{L}_][\p{L}\p{N}_]*)\s*(?:\?\.|!\.|->|&\.|\.)\s*$/u

/** What lambdas call their parameter when they name none. */
const UNNAMED = new Set(["it", "_1", "_"])

/** Whether a member's owner is a row of the statement: what its lambda, its query or an alias calls one. */
function isOfRow(source: SourceFile, line: number, start: number): boolean {
  const [, owner] = OWNER.exec(source.text.slice(Math.max(0, start - 80), start)) ?? []
  if (owner === undefined) return /@$|\$\d\.$/.test(source.text.slice(Math.max(0, start - 4), start))
  if (UNNAMED.has(owner)) return true
  const statement = textOf(source, statementAround(source, line))
  for (let at = statement.indexOf(owner); at >= 0; at = statement.indexOf(owner, at + 1)) {
    if (/\w$/.test(statement.slice(Math.max(0, at - 1), at))) continue
    const behind = statement.slice(at + owner.length, at + owner.length + 120)
    if (/^\s*(?::\s*[\w<>.?]+\s*)?(?:,[\s\w:,<>.?$]*)?[)\]}|]*\s*(?:=>|->|\||\bin\b)(?!\|)/.test(behind)) return true
    if (/\bas\s+["'`]?$|["'`]\w+["'`]\s*,\s*["'`]$/i.test(statement.slice(Math.max(0, at - 40), at)) && !/^\w/.test(behind)) return true
  }
  return false
}

/** `region:`, `region =` among arguments, `:region`, `{ region }`. */
function isKey(source: SourceFile, start: number, end: number): boolean {
  const { bare } = source
  const before = bare.slice(Math.max(0, start - 60), start)
  const after = bare.slice(end, end + 60)
  if (/(?:^|[\s,([{]):$/.test(before)) return true
  if (/^["'`]?\s*(?::(?!:)|=>)/.test(after)) return !/\?\s*$/.test(before)
  if (/^(?:__\w+)?\s*=(?![=>])/.test(after)) return /[(,]\s*$/.test(before) || /^\s*$/.test(before.slice(before.lastIndexOf("\n") + 1))
  return /^\s*[,}]/.test(after) && /[{,]\s*$/.test(before)
}

/** Holes hold expressions; what opens so far before a place belongs to another one. */
const LONGEST_HOLE = 1000

/** Whether the place is in a hole of a template: `${...}`, `#{...}`. */
function isInHole(text: string, from: number, at: number): boolean {
  const before = text.slice(Math.max(from, at - LONGEST_HOLE), at)
  const open = Math.max(before.lastIndexOf("${"), before.lastIndexOf("#{"))
  return open >= 0 && !before.includes("}", open)
}

/** Whether the place declares the column in a model of the table, or uses it there on the model itself. */
function isField(source: SourceFile, line: number, start: number, column: string, table: TableSpelling): boolean {
  let depth = 0
  if (judged(source, table).model({ header: { first: line, last: line }, body: { first: line + 1, last: line } }) === true && isInParameters(source, line, start)) return true
  for (const block of blocksAround(source, line)) {
    depth += 1
    const own = judged(source, table).model(block)
    if (own === false) return false
    if (own === null) continue
    // Deeper inside of a class only what is said of the class itself counts.
    const onItself = /(?:\bthis|\bself|\bSelf|\$this)\s*(?:\??\.|->)\s*$|@$/.test(source.text.slice(Math.max(0, start - 10), start))
    if (depth > 1 && !onItself && source.stringAt(start) === undefined) return false
    return !isMappedElsewhere(source, line, column)
  }
  return false
}

/** Whether the place is behind the name of the class that its line declares: `case class Order(id: Int, region: String)`. */
function isInParameters(source: SourceFile, line: number, start: number): boolean {
  return /\b(?:class|record|struct|interface|type)\s+\w+[^()]*[({][^{}]*$/.test(source.code.slice(source.lines.lineStart(line), start)) && /^\w+\s*[:,)?]/.test(source.code.slice(start, start + 80))
}

/** Where a field says what its column is called. */
const COLUMN_NAMES =
  /(?:@map\s*\(\s*|@(?:\w+\.)?(?:Join)?Column\s*\((?:[^()]*\bname\s*[:=]\s*)?|@Property\s*\([^()]*\b(?:fieldName|name)\s*:\s*|\bcolumn:|\bdb:|\bbun:|\bdb_column\s*=\s*|\bfield\s*:\s*|\bfieldName\s*:\s*|\bsource:\s*:|\bcolumn_name\s*=\s*|\brename\s*=\s*|\[Column\s*\(\s*|HasColumnName\(|\b(?:mapped_column|Column)\s*\(\s*|[:=]\s*\w+\(\s*)["'`]?(?<!\w)(\w+)["'`]?/g

/** Whether a field's annotations give it another column than the one of its name. */
function isMappedElsewhere(source: SourceFile, line: number, column: string): boolean {
  let text = lineOf(source, line)
  for (let at = line - 1; at >= 1 && line - at < 8; at -= 1) {
    const above = lineOf(source, at)
    if (!/^\s*(?:@|\[[A-Z]|#\[|[)}\]]+\)|\w+\s*:\s*["'`{[]|\w+\s*=\s*["'])/.test(above) || /;\s*$/.test(above)) break
    text = above + text
  }
  const named = [...text.matchAll(COLUMN_NAMES)].filter(({ 0: all }) => /["'`]\w+["'`]?$|:\w+$|(?:column|rename|column_name)\s*[:=]\s*["']?\w+/.test(all)).map(([, name]) => name)
  return named.length > 0 && !named.includes(column)
}

/** What was found out about a file for one table. */
interface Judged {
  readonly table: TableSpelling
  /** Whether a block is a model of the table. */
  model(block: Block): boolean | null
  /** Whether a statement works on the table. */
  works(statement: Lines): boolean
}

const judgements = new WeakMap<SourceFile, Judged>()

function judged(source: SourceFile, table: TableSpelling): Judged {
  let found = judgements.get(source)
  if (found?.table !== table) {
    const named = scanFor(keysOf(table))(source.code)
    found = {
      table,
      model: remembered(({ header, body }) => pair(header.last, body.last), (block) => isModelOf(source, block, table)),
      works: remembered(({ first, last }) => pair(first, last), (lines) => worksOn(source, lines, table, named)),
    }
    judgements.set(source, found)
  }
  return found
}

/** Two lines as one number. */
function pair(first: number, last: number): number {
  return first * 0x40_0000 + last
}

/** The function, called only once for all that have a key in common. */
function remembered<Asked, Answer>(keyFor: (asked: Asked) => number, answer: (asked: Asked) => Answer): (asked: Asked) => Answer {
  const known = new Map<number, { readonly answer: Answer }>()
  return (asked) => {
    const key = keyFor(asked)
    let found = known.get(key)
    if (found === undefined) known.set(key, (found = { answer: answer(asked) }))
    return found.answer
  }
}

/** Whether the statement around a line works on the table: names it in a string, or calls something of its model. */
function isInStatement(source: SourceFile, line: number, table: TableSpelling): boolean {
  return judged(source, table).works(statementAround(source, line))
}

/** @param named where the file has words that may name the table */
function worksOn({ code, extension, lines }: SourceFile, { first, last }: Lines, table: TableSpelling, named: readonly Hit[]): boolean {
  const from = lines.lineStart(first)
  const to = lines.lineStart(last + 1)
  for (let at = firstIndex(named.length, (index) => (named[index]?.start ?? from) >= from); at < named.length; at += 1) {
    const { start, end } = named[at] ?? { start: to, end: to }
    if (start >= to) break
    const token = code.slice(start, end)
    if (token !== table.name && !namesModel(token, table)) continue
    const before = code.slice(Math.max(from, start - 60), start)
    const after = code.slice(end, Math.min(end + 20, to))
    // `from("orders")`, `db("orders as o")`.
    if (token === table.name && TAKES_TABLE.test(before) && /^(?:\s+(?:as\s+)?\w+)?\s*["'`]/i.test(after)) return true
    if (SYMBOLS.has(extension) && /(?:^|[\s,([]):$/.test(before) && isNamed(token, table)) return true
    // `prisma.order.findMany(`, `Order.where(`, `db.Orders.Where(`, `from o in Order,`.
    const isModel = /^\p{Lu}/u.test(token)
    if (/^\s*(?:\.|::|->)\s*(?:\p{L}\w*[!?]?)\s*[({.<]/u.test(after) && (isModel || /\b(?:prisma|db|tx|trx|client|database|query|\w*[cC]ontext|repo|models)\.$/.test(before))) return true
    if (isModel && (/\bin\s+$/.test(before) || /\(\s*$/.test(before)) && /^\s*[,)]/.test(after)) return true
    if (/\.(?:from|insert|update|delete|into|innerJoin|leftJoin|rightJoin|fullJoin)\(\s*(?:\w+\.)*$/.test(before)) return true
  }
  return false
}

/** Languages with symbols, which name tables and associations: `joins(:orders)`. */
const SYMBOLS = new Set("rb erb rake cr haml slim jbuilder ex exs eex heex clj cljs cljc".split(" "))

function isNamed(token: string, table: TableSpelling): boolean {
  return token === table.name || namesTable(token, table)
}

/** Calls and keys whose string is the name of a table. */
const TAKES_TABLE =
  /(?:(?:\b(?:from|From|into|Into|in|table|Model|join|Join|innerJoin|leftJoin|rightJoin|fullJoin|selectFrom|insertInto|deleteFrom|updateTable|createTable|define|schema|Entity|tableName|__tablename__|table_name|db_table|ToTable|withTableName)|\w*(?:Table|Enum|[kK]nex|[dD]b|[tT]rx|[tT]x|[dD]atabase|[cC]onnection)|(?:\.|->)(?:[iI]nsert|[uU]pdate|[dD]elete)(?=\())\s*(?:[(=:<]|\s)\s*(?:\{\s*(?:name|tableName)\s*:\s*|\[\s*)?|@@map\s*\(\s*|\b\w*TABLE(?:_NAME)?\s*(?::\s*\w+\s*)?=\s*|\$table\s*=\s*|TableName\(\)\s*string\s*\{\s*return\s*|@Table\s*\([^()]*\bname\s*=\s*)["'`:](?:\w+\.)?$/

const DIESEL = /^::(?:table|dsl|columns|all_columns|[a-z]\w*(?=\s*(?:[,);]|\.[a-z]\w*\()))\b/
const SEA_ORM = /^::(?:Entity|Column|Model|ActiveModel)\b/

/** Methods of models and repositories. */
const QUERIES =
  /^\s*(?:\.|::|->)\s*(?:find\w*|first\w*|create\w*|update\w*|upsert\w*|delete\w*|destroy\w*|count|aggregate|groupBy|where\w*|objects|query|all|insert\w*|select\w*|joins|includes|pluck|exists\??|Where|Add|Find\w*|First\w*|Include)\b/

/** Whether the identifier at a place is the table, or its model. */
export function isRelation(source: SourceFile, { start, end }: Hit, table: TableSpelling): boolean {
  const { text, lines } = source
  if (source.isComment(start)) return false
  const token = text.slice(start, end)
  const { line } = lines.position(start)
  const written = lineOf(source, line)
  if (IMPORTS.test(written)) return false
  const before = text.slice(Math.max(0, start - 120), start)
  const literal = source.stringAt(start)
  if (literal !== undefined && !isInHole(text, literal.from, start)) {
    const whole = text.slice(literal.from, literal.to).trim()
    return token === table.name && (whole === token || whole.endsWith(`.${token}`)) && TAKES_TABLE.test(before)
  }
  if (token === table.name && TAKES_TABLE.test(before)) return true
  // `orders::table`, `orders::region` of Diesel, `order::Entity` of SeaORM.
  if (source.extension === "rs" && namesTable(token, table) && (token === table.name ? DIESEL : SEA_ORM).test(text.slice(end, end + 40))) return true
  if (!namesModel(token, table)) return false
  const after = text.slice(end, end + 40)
  if (/\b(?:class|struct|model|interface|record|defmodule|type)\s+(?:\w+\.)*$/.test(before)) {
    const header = { header: { first: Math.max(1, line), last: line }, body: { first: line + 1, last: line + 60 } }
    return isModelOf(source, header, table) === true
  }
  if (!namesTable(token, table)) return false
  if (/\b(?:prisma|db|tx|trx|client|\w*[cC]ontext|models)\.$/.test(before) && QUERIES.test(after)) return true
  if (/\.(?:from|insert|update|delete|into|innerJoin|leftJoin|rightJoin|fullJoin)\(\s*(?:\w+\.)*$/.test(before)) return true
  return /^\p{Lu}/u.test(token) && QUERIES.test(after) && /\.rb$|\.py$|\.php$/.test(source.path)
}
