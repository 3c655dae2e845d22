/** Migrations of EF Core: raw SQL, and what its operations make. */
import type { Collected } from "../collected.ts"
import { createCollector, keyword, nameAt, positional } from "../collector.ts"
import { lexCsharp } from "../csharp.ts"
import { argumentsAt, type Constants, type Range } from "../expression.ts"
import { madeText } from "../made.ts"
import { closing, isSign, isWord, textOf, type Token } from "../tokens.ts"
import { statementsOf } from "./operations.ts"
import { callAt } from "./values.ts"

/** Statements with names that conventions make, which may be others in the database. */
const DERIVED = /^DROP INDEX | DROP CONSTRAINT /

export function readEfcore(source: string): Collected {
  const tokens = lexCsharp(source)
  const collector = createCollector(tokens, constantsOf(tokens), {
    down: bodies(tokens, (at) => isWord(tokens[at], "Down") && isSign(tokens[at + 1], "(")),
    outside: [],
    conditional: bodies(tokens, (at) => isWord(tokens[at], "if") && isSign(tokens[at + 1], "(")),
    ignored: [],
  })
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word" || !isSign(tokens[at - 1], ".") || textOf(tokens[at - 2])?.toLowerCase() !== "migrationbuilder") continue
    // A call with the types of its columns: `AddColumn<string>(`.
    const open = isSign(tokens[at + 1], "<") ? tokens.findIndex((one, index) => index > at && isSign(one, "(")) : at + 1
    if (!isSign(tokens[open], "(")) continue
    const { list, end } = argumentsAt(tokens, open)
    if (token.text === "Sql") {
      const given = positional(tokens, list)
      const sql = keyword(tokens, list, "sql") ?? given[0]
      const switched = keyword(tokens, list, "suppressTransaction") ?? given[1]
      if (sql !== undefined) collector.sql(sql, { at, outside: switched !== undefined && isWord(tokens[switched.from], "true") })
      continue
    }
    if (/^(?:IsNpgsql|IsSqlServer|IsSqlite|ActiveProvider)$/.test(token.text)) continue
    const call = callAt(tokens, at)
    const statements = call === null ? null : statementsOf(call)
    if (call !== null && statements !== null) {
      for (const { parts, outside } of statements) {
        const text = madeText(parts, tokens, { from: at - 2, to: call.range.to })
        collector.made(text, at, { ...(outside === true && { outside }), ...(DERIVED.test(text.sql) && { derived: true }) })
      }
      continue
    }
    collector.builder(at - 2, end + 1, list)
    const name = token.text === "CreateTable" ? nameAt(tokens, keyword(tokens, list, "name") ?? list[0]) : null
    if (name !== null) collector.table(name, nameAt(tokens, keyword(tokens, list, "schema")), at, false)
  }
  return collector.collected
}

/** The blocks behind a head that ends with `)`. */
function bodies(tokens: readonly Token[], starts: (at: number) => boolean): Range[] {
  const found: Range[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    if (!starts(at)) continue
    const head = closing(tokens, at + 1)
    if (isSign(tokens[head + 1], "{")) found.push({ from: at, to: closing(tokens, head + 1) })
    else found.push({ from: at, to: tokens.findIndex((token, index) => index > head && isSign(token, ";")) })
  }
  return found
}

/** `const string Sql = "...";` and local variables that are given a text once. */
function constantsOf(tokens: readonly Token[]): Constants {
  const values = new Map<string, Range | null>()
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word" || !isSign(tokens[at + 1], "=") || tokens[at + 2]?.kind !== "text" || tokens[at - 1]?.kind !== "word") continue
    const to = tokens.findIndex((one, index) => index > at && isSign(one, ";"))
    values.set(token.text, values.has(token.text) || to < 0 ? null : { from: at + 2, to })
  }
  return { get: (name) => values.get(name) ?? undefined }
}
