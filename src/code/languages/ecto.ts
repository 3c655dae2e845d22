/** Raw SQL in migrations of Ecto. */
import type { Span } from "../../source/span.ts"
import type { Collected } from "./collected.ts"
import { constantsOf } from "./constants.ts"
import { createCollector, keyword, nameAt } from "./collector.ts"
import { lexElixir } from "./elixir.ts"
import { argumentsAt, type Constants, type Range } from "./expression.ts"
import { blockEnd, closing, isSign, isWord, textOf, type Token } from "./tokens.ts"

const BUILDER = /^(?:create|create_if_not_exists|drop|drop_if_exists|alter|rename)$/

export function readEcto(source: string): Collected {
  const tokens = lexElixir(source)
  const variables = constantsOf(tokens, source, (at) => argumentsAt(tokens, at).end)
  const attributes = new Map(attributesOf(tokens))
  const constants: Constants = { get: (name, at) => attributes.get(name) ?? variables.get(name, at) }
  const collector = createCollector(tokens, constants, {
    down: regions(tokens, source, (at) => /^defp?$/.test(textOf(tokens[at]) ?? "") && /^(?:down|rollback\w*|revert\w*)$/.test(textOf(tokens[at + 1]) ?? "")),
    outside: [],
    conditional: regions(tokens, source, (at) => /^(?:if|unless|case|cond)$/.test(textOf(tokens[at]) ?? "") && (at === 0 || isSign(tokens[at - 1], "\n"))),
    ignored: [],
  })
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word" || /^defp?$/.test(textOf(tokens[at - 1]) ?? "")) continue
    const after = isSign(tokens[at - 1], ".")
    if (token.text === "execute" && !after) {
      const { list } = argumentsAt(tokens, at + 1)
      for (const [index, argument] of list.slice(0, 2).entries()) {
        // The second argument reverts the first one.
        if (index === 1 && isKeywords(tokens, argument)) continue
        const down = index === 1 ? { down: true, at } : { at }
        for (const text of listed(tokens, argument)) if (!isFunction(tokens, text)) collector.sql(text, down)
      }
      continue
    }
    if (/^query(?:_many)?!?$/.test(token.text) && after && /^(?:repo|Repo|SQL)$/i.test(textOf(before(tokens, at)) ?? "")) {
      const { list } = argumentsAt(tokens, at + 1)
      const argument = list.find(({ from, to }) => tokens.slice(from, to).some(({ kind }) => kind === "text")) ?? list[0]
      if (argument !== undefined) collector.sql(argument, { at })
      continue
    }
    if (after || !BUILDER.test(token.text) || !(at === 0 || isSign(tokens[at - 1], "\n") || isWord(tokens[at - 1], "do") || isSign(tokens[at - 1], ":"))) continue
    const { list, end } = argumentsAt(tokens, at + 1)
    if (list.length === 0) continue
    collector.builder(at, end, list)
    const [first] = list
    const called = first === undefined ? null : first.from
    if (!/^create/.test(token.text) || called === null || !isWord(tokens[called], "table")) continue
    const inner = argumentsAt(tokens, called + 1).list
    const name = nameAt(tokens, inner[0])
    const prefix = nameAt(tokens, keyword(tokens, inner, "prefix"))
    if (name !== null) collector.table(name, prefix, at, token.text === "create_if_not_exists")
  }
  return inTheirTurn(collector.collected, tokens, source)
}

/**
 * `after_begin` runs before everything else and `before_commit` after it, wherever they stand, and neither without a transaction. Source:
 * lib/ecto/migration/runner.ex.
 */
function inTheirTurn(collected: Collected, tokens: readonly Token[], source: string): Collected {
  if (!/\bdef (?:after_begin|before_commit)\b/.test(source)) return collected
  const spans = (name: string): Span[] =>
    regions(tokens, source, (at) => isWord(tokens[at], "def") && isWord(tokens[at + 1], name)).map(({ from, to }) => ({ start: tokens[from]?.start ?? 0, end: tokens[to - 1]?.end ?? source.length }))
  const [first, last] = [spans("after_begin"), spans("before_commit")]
  const isIn = (own: readonly Span[], at: number): boolean => own.some(({ start, end }) => start <= at && at < end)
  const never = /^\s*@disable_ddl_transaction\s+true\b/m.test(source)
  const calls = collected.calls.flatMap((call) => {
    const turn = isIn(first, call.at) ? -1 : isIn(last, call.at) ? 1 : 0
    return turn === 0 ? [call] : never ? [] : [{ ...call, at: call.at + turn * source.length }]
  })
  return { ...collected, calls }
}

/** `repo().query!`: the name in front of the period. */
function before(tokens: readonly Token[], at: number): Token | undefined {
  return isSign(tokens[at - 2], ")") ? tokens[at - 4] : tokens[at - 2]
}

function isKeywords(tokens: readonly Token[], { from }: Range): boolean {
  return tokens[from]?.kind === "word" && isSign(tokens[from + 1], ":")
}

function isFunction(tokens: readonly Token[], { from }: Range): boolean {
  return isWord(tokens[from], "fn") || isSign(tokens[from], "&")
}

/** The elements of a list; anything else by itself. */
function listed(tokens: readonly Token[], range: Range): readonly Range[] {
  if (!isSign(tokens[range.from], "[")) return [range]
  const end = closing(tokens, range.from)
  const out: Range[] = []
  let from = range.from + 1
  for (let at = from; at <= end; at += 1) {
    if (!isSign(tokens[at], ",") && at !== end) continue
    const element = { from, to: at }
    if (tokens.slice(from, at).some(({ kind }) => kind !== "sign")) out.push(element)
    from = at + 1
  }
  return out
}

/** `@sql "..."`, `@table :orders`: attributes of the module that hold a text or an atom. */
function attributesOf(tokens: readonly Token[]): (readonly [string, Range])[] {
  return tokens.flatMap((token, at) => {
    const isDefined = token.kind === "word" && token.text.startsWith("@") && isValue(tokens[at + 1]) && (at === 0 || isSign(tokens[at - 1], "\n"))
    return isDefined ? [[token.text, { from: at + 1, to: argumentsAt(tokens, at + 1).end }] as const] : []
  })
}

function isValue(token: Token | undefined): boolean {
  return token?.kind === "text" || (token?.kind === "word" && /^:[^:]/.test(token.text))
}

function regions(tokens: readonly Token[], source: string, starts: (at: number) => boolean): Range[] {
  const found: Range[] = []
  for (let at = 0; at < tokens.length; at += 1) if (starts(at)) found.push({ from: at, to: blockEnd(tokens, at, source) })
  return found
}
