/** What arguments in Ruby say, as far as they are literals. */
import { quoteLiteral } from "../../../source/quote.ts"
import { argumentsOf, elementsOf, type Arguments, type Said } from "../arguments.ts"
import { nameAt } from "../collector.ts"
import type { Range } from "../expression.ts"
import { closing, isSign, isWord, textOf, type Token } from "../tokens.ts"

/** The entries of a hash in braces; null for anything else. */
export function hashAt(tokens: readonly Token[], range: Range): Arguments | null {
  const entries = isSign(tokens[range.from], "{") ? elementsOf(tokens, range) : null
  return entries && argumentsOf(tokens, entries)
}

/** A string, symbol or number; null for what only running the code would tell. */
export function textAt(tokens: readonly Token[], range: Range | null | undefined): Said | null {
  if (range === null || range === undefined) return null
  const meant = meantAt(tokens, range)
  const text = nameAt(tokens, meant) ?? numberAt(tokens, meant)
  return text === null ? null : { text, range }
}

/** What a constant of the file is given, in a line of its own and once (`OLD_INDEX = :orders_region`); anything else as it is. */
function meantAt(tokens: readonly Token[], range: Range): Range {
  const name = range.to === range.from + 1 ? textOf(tokens[range.from]) : null
  if (name === null || !/^[A-Z]\w*$/.test(name) || !isWord(tokens[range.from], name)) return range
  const [at, ...others] = tokens.flatMap((token, index) => (isWord(token, name) && isSign(tokens[index + 1], "=") && !isSign(tokens[index + 2], "=") ? [index] : []))
  if (at === undefined || others.length > 0) return range
  const from = at + 2
  const end = isSign(tokens[from], "[") ? closing(tokens, from) + 1 : from + 1
  // `.freeze` changes nothing of it.
  const behind = isSign(tokens[end], ".") && isWord(tokens[end + 1], "freeze") ? end + 2 : end
  return isSign(tokens[behind], "\n") ? { from, to: end } : range
}

/** One text, or a list of texts: `:a`, `[:a, "b"]`, `%i[a b]`. */
export function textsAt(tokens: readonly Token[], given: Range | null | undefined): readonly Said[] | null {
  if (given === null || given === undefined) return null
  const range = meantAt(tokens, given)
  const words = range.to === range.from + 1 ? /^%[iIwW].([^]*).$/.exec(textOf(tokens[range.from]) ?? "")?.[1] : undefined
  if (words !== undefined) return words.split(/\s+/).flatMap((text) => (text === "" ? [] : [{ text, range }]))
  const all = (isSign(tokens[range.from], "[") ? elementsOf(tokens, range) : null)?.map((element) => textAt(tokens, element)) ?? [textAt(tokens, range)]
  return all.some((one) => one === null) ? null : all.flatMap((one) => one ?? [])
}

export function isTrue(tokens: readonly Token[], range: Range | null): boolean {
  return range !== null && range.to === range.from + 1 && isWord(tokens[range.from], "true")
}

export function isFalse(tokens: readonly Token[], range: Range | null): boolean {
  return range !== null && range.to === range.from + 1 && isWord(tokens[range.from], "false")
}

export function isNil(tokens: readonly Token[], range: Range | null): boolean {
  return range !== null && range.to === range.from + 1 && isWord(tokens[range.from], "nil")
}

/** What a literal is in SQL, as a default; undefined for what only running the code would tell. */
export function literalAt(tokens: readonly Token[], range: Range, type: string): string | undefined {
  const isSingle = range.to === range.from + 1
  const word = isSingle ? textOf(tokens[range.from]) : null
  if (word === "nil") return "NULL"
  if (word === "true" || word === "false") return word
  if (isSign(tokens[range.from], "-") && isSign(tokens[range.from + 1], ">")) return textAt(tokens, { from: range.from + 3, to: range.to - 1 })?.text
  const number = numberAt(tokens, range)
  if (number !== null) return /^(?:string|text)$/.test(type) ? `'${number}'` : number
  if (isSign(tokens[range.from], "{")) return range.to === range.from + 2 ? "'{}'" : undefined
  const text = nameAt(tokens, range)
  if (text === null) return listAt(tokens, range, type)
  // Functions are defaults of UUID columns as they are.
  if (type === "uuid" && text.includes("()")) return text
  // Types of their own say how their values are written.
  return /^(?:jsonb?|binary|datetime|timestamp)$/.test(type) ? undefined : quoteLiteral(text)
}

/** The default of an array, or an empty list in JSON. */
function listAt(tokens: readonly Token[], range: Range, type: string): string | undefined {
  const isJson = /^jsonb?$/.test(type)
  const texts = textsAt(tokens, range)
  if (texts === null || (isJson && texts.length > 0)) return undefined
  if (isJson) return "'[]'"
  return texts.some(({ text }) => !/^\w+$/.test(text)) ? undefined : `'{${texts.map(({ text }) => text).join(",")}}'`
}

function numberAt(tokens: readonly Token[], { from, to }: Range): string | null {
  const negative = isSign(tokens[from], "-") && to === from + 2
  const word = negative || to === from + 1 ? textOf(tokens[to - 1]) : null
  return word !== null && /^\d[\d_]*(?:\.\d+)?$/.test(word) ? `${negative ? "-" : ""}${word.replaceAll("_", "")}` : null
}
