/** What arguments in Python say, as far as they are literals. */
import { argumentsOf, elementsOf, type Arguments, type Said } from "../arguments.ts"
import { nameAt } from "../collector.ts"
import { argumentsAt, isOnly, type Range } from "../expression.ts"
import { closing, isSign, isWord, textOf, type Token } from "../tokens.ts"

/** A call or name that is all of an expression: `sa.Column("a", sa.Text())`, `sa.Text`. */
export interface Call {
  /** The last of its names. */
  readonly name: string
  /** Those before it: modules. */
  readonly path: readonly string[]
  readonly args: Arguments
}

export function callAt(tokens: readonly Token[], { from, to }: Range): Call | null {
  const path: string[] = []
  let at = from
  for (; at + 1 < to && tokens[at]?.kind === "word" && isSign(tokens[at + 1], "."); at += 2) path.push(textOf(tokens[at]) ?? "")
  const name = tokens[at]?.kind === "word" ? textOf(tokens[at]) : null
  if (name === null) return null
  // A type may stand without brackets.
  if (at === to - 1) return { name, path, args: argumentsOf(tokens, []) }
  if (!isSign(tokens[at + 1], "(") || closing(tokens, at + 1) !== to - 1) return null
  return { name, path, args: argumentsOf(tokens, argumentsAt(tokens, at + 1).list) }
}

/** What a name is given that the file gives a value once, in a line of its own (`OLD_INDEX = "orders_region"`); anything else as it is. */
export function meantIn(tokens: readonly Token[], range: Range): Range {
  const name = range.to === range.from + 1 && tokens[range.from]?.kind === "word" ? textOf(tokens[range.from]) : null
  if (name === null || /^(?:None|True|False|\d.*)$/.test(name)) return range
  const [at, ...others] = tokens.flatMap((token, index) => (isWord(token, name) && isSign(tokens[index + 1], "=") && !isSign(tokens[index + 2], "=") && (index === 0 || isSign(tokens[index - 1], "\n")) ? [index] : []))
  return at === undefined || others.length > 0 || at >= range.from ? range : lineFrom(tokens, at + 2)
}

/** From a token to the end of its line. */
export function lineFrom(tokens: readonly Token[], from: number): Range {
  const end = tokens.findIndex((token, at) => at >= from && isSign(token, "\n"))
  return { from, to: end < 0 ? tokens.length : end }
}

/** A string, also one that is marked as final or as SQL: `op.f("ix")`, `sa.text("now()")`, or a name that stands for one. */
export function textAt(tokens: readonly Token[], range: Range | null | undefined): Said | null {
  if (range === null || range === undefined) return null
  const text = nameAt(tokens, meantIn(tokens, range))
  if (text !== null) return { text, range }
  const call = callAt(tokens, range)
  return call !== null && /^(?:f|text|quoted_name|literal_column|column)$/.test(call.name) ? textAt(tokens, call.args.given[0]) : null
}

/** The texts of a list; null where one of them is none. */
export function textsAt(tokens: readonly Token[], range: Range | null | undefined): readonly Said[] | null {
  const elements = range === null || range === undefined ? null : elementsOf(tokens, meantIn(tokens, range))
  const all = elements?.map((element) => textAt(tokens, element)) ?? [null]
  return all.some((one) => one === null) ? null : all.flatMap((one) => one ?? [])
}

/** The entries of a dictionary with texts on both sides: `{"a": "gin_trgm_ops"}`. */
export function entriesAt(tokens: readonly Token[], range: Range): ReadonlyMap<string, string> | null {
  const entries = elementsOf(tokens, range)?.map(({ from, to }) => ({ key: textAt(tokens, { from, to: from + 1 }), value: textAt(tokens, { from: from + 2, to }) }))
  if (entries === undefined || entries.some(({ key, value }) => key === null || value === null)) return null
  return new Map(entries.map(({ key, value }) => [key?.text ?? "", value?.text ?? ""]))
}

export function isTrue(tokens: readonly Token[], range: Range | null): boolean {
  return isOnly(tokens, range, "True")
}

export function isFalse(tokens: readonly Token[], range: Range | null): boolean {
  return isOnly(tokens, range, "False")
}

export function isNone(tokens: readonly Token[], range: Range | null): boolean {
  return isOnly(tokens, range, "None")
}

/** A whole number; null for anything else. */
export function numberAt(tokens: readonly Token[], given: Range | null | undefined): string | null {
  const range = given === null || given === undefined ? null : meantIn(tokens, given)
  if (range?.to !== (range?.from ?? 0) + 1) return null
  const word = textOf(tokens[range?.from ?? 0])
  return word !== null && /^\d+$/.test(word) ? word : null
}
