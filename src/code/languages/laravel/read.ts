/** Migrations of Laravel: raw SQL, and what its schema builder makes. */
import type { Collected } from "../collected.ts"
import { createCollector, nameAt, qualified, type Collector } from "../collector.ts"
import { argumentsAt, type Range } from "../expression.ts"
import { madeText, named, quoted, type Part } from "../made.ts"
import { lexPhp } from "../php.ts"
import { bodiesOf, flowOf, isGiven, methodsOf, phpConstants } from "../php-code.ts"
import { isSign, isWord, textOf, type Token } from "../tokens.ts"
import { blueprintSql, type Statement } from "./blueprint.ts"
import { modelQuery } from "./models.ts"
import { changesRows, linksBehind, rowsSql } from "./rows.ts"
import { statementsIn, textAt, textsAt } from "./values.ts"

/** Methods of the connection that take SQL. Those that only read leave nothing behind. */
const RAW = /^(?:statement|unprepared|affectingStatement|insert|update|delete)$/
const CONNECTION = /^(?:\\?(?:[\w\\]+\\)?DB|\$this->(?:connection|db)|\$(?:connection|conn|db))$/
/** Methods of the schema builder that change nothing. */
const ASKS = /^(?:has\w+|get\w+|connection|setConnection|defaultStringLength|\w+ForeignKeyConstraints|morphUsing\w+|useNativeSchemaOperations\w*)$/

const NEWEST = 12

/**
 * Source: src/Illuminate/Database/Connection.php of laravel/framework 12.
 *
 * @param major That of Laravel.
 */
export function readLaravel(source: string, major = NEWEST): Collected {
  const tokens = lexPhp(source)
  const methods = methodsOf(tokens)
  const collector = createCollector(tokens, phpConstants(tokens, methods), {
    down: bodiesOf(tokens, methods, /^down$/i),
    outside: [],
    ...flowOf(tokens, source, methods),
  })
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word" || !isSign(tokens[at - 1], ".") || !isSign(tokens[at + 1], "(") || collector.isIgnored(at)) continue
    const receiver = receiverOf(tokens, at)
    const { list, end } = argumentsAt(tokens, at + 1)
    const [first, bindings] = list
    if (CONNECTION.test(receiver)) {
      if (RAW.test(token.text) && first !== undefined) collector.sql(first, { at, placeholders: isGiven(tokens, bindings) ? "php" : null })
      else if (token.text === "table" && first !== undefined) addRows(tokens, collector, at, first)
    } else if (/^\\?(?:[\w\\]+\\)?Schema$/.test(receiver) && !ASKS.test(token.text)) {
      const statements = madeBy(tokens, token.text, list, major)
      if (statements !== null) {
        for (const { parts, isDerived, place = { from: at - 2, to: end + 1 } } of statements) collector.made(madeText(parts, tokens, place), at, isDerived === true ? { derived: true } : {})
        continue
      }
      collector.builder(at - 2, end + 1, list)
      const name = token.text === "create" ? nameAt(tokens, first) : null
      if (name === null) continue
      const table = qualified(name)
      collector.table(table.name, table.schema, at, false)
    } else addModelRows(tokens, collector, at)
  }
  return collector.collected
}

/** Takes down what a chain changes in rows. `at`: the call that names the table. */
function addRows(tokens: readonly Token[], collector: Collector, at: number, table: Range): void {
  const { end } = argumentsAt(tokens, at + 1)
  const links = linksBehind(tokens, end + 1)
  if (!changesRows(links)) return
  addChange(tokens, collector, { from: at - 2, to: links.at(-1)?.range.to ?? end + 1 }, rowsSql(tokens, textAt(tokens, table), links), {})
}

/** The same for a query on a model. `at`: its first call. */
function addModelRows(tokens: readonly Token[], collector: Collector, at: number): void {
  const { list, end } = argumentsAt(tokens, at + 1)
  const all = [{ name: textOf(tokens[at]) ?? "", args: list, range: { from: at, to: end + 1 } }, ...linksBehind(tokens, end + 1)]
  const query = modelQuery(tokens, at, all)
  if (query === null || !changesRows(query.links)) return
  // Which table a model has may be said elsewhere.
  addChange(tokens, collector, { from: at - 2, to: all.at(-1)?.range.to ?? end + 1 }, query.mayMark ? null : rowsSql(tokens, query.table, query.links), { derived: true })
}

function addChange(tokens: readonly Token[], collector: Collector, place: Range, parts: readonly Part[] | null, options: { readonly derived?: true }): void {
  if (parts === null) collector.builder(place.from, place.to, [place], { columns: [], wide: false })
  else collector.made(madeText(parts, tokens, place), place.from + 2, options)
}

/** The statements of a call of the schema builder; null for what only running the code would tell. */
function madeBy(tokens: readonly Token[], method: string, [first, second]: readonly Range[], major: number): readonly Statement[] | null {
  const table = textAt(tokens, first)
  if (table === null) return null
  if (method === "create" || method === "table") {
    const body = second === undefined ? null : statementsIn(tokens, second)
    return body && blueprintSql(tokens, table, body, { creates: method === "create", major })
  }
  if (method === "drop" || method === "dropIfExists") return [{ parts: [method === "drop" ? "drop table " : "drop table if exists ", named(table)] }]
  const to = method === "rename" ? textAt(tokens, second) : null
  if (to !== null) return [{ parts: ["alter table ", named(table), " rename to ", named(to)] }]
  const columns = method === "dropColumns" ? textsAt(tokens, second) : null
  return columns && [{ parts: ["alter table ", named(table), " ", columns.map(({ text }) => `drop column ${quoted(text)}`).join(", ")] }]
}

/** The class or variable that a chain of calls begins with: that of `DB::connection("x")->statement(...)`. */
function receiverOf(tokens: readonly Token[], at: number): string {
  let first = at - 2
  if (isSign(tokens[first], ")")) {
    let depth = 0
    do {
      if (isSign(tokens[first], ")")) depth += 1
      else if (isSign(tokens[first], "(")) depth -= 1
      first -= 1
    } while (first > 0 && depth > 0)
    if (!/^(?:connection|getConnection)$/.test(textOf(tokens[first]) ?? "")) return ""
    // What a connection of the schema builder is called with is SQL.
    if (isWord(tokens[first], "getConnection")) return "DB"
    first -= 2
  }
  return textOf(tokens[first]) ?? ""
}
