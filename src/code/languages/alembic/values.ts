/** What arguments in Python say, as far as they are literals. */
import { keyword, nameAt, positional } from "../collector.ts"
import { argumentsAt, type Range } from "../expression.ts"
import { closing, isSign, isWord, textOf, type Token } from "../tokens.ts"

/** A text of the code with the tokens that say it. */
export interface Said {
  readonly text: string
  readonly range: Range
}

/** The arguments of a call. */
export interface Arguments {
  readonly tokens: readonly Token[]
  /** Those without a name. */
  readonly given: readonly Range[]
  /** The value of a named argument; null where it is not given. */
  option(name: string): Range | null
  /** Whether all arguments are in sight: nothing is spread into them. */
  readonly isWhole: boolean
}

export function argumentsOf(tokens: readonly Token[], list: readonly Range[]): Arguments {
  return {
    tokens,
    given: positional(tokens, list),
    option: (name) => keyword(tokens, list, name),
    isWhole: !list.some(({ from }) => isSign(tokens[from], "*")),
  }
}

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
  for (; tokens[at]?.kind === "word" && isSign(tokens[at + 1], "."); at += 2) path.push(textOf(tokens[at]) ?? "")
  const name = tokens[at]?.kind === "word" ? textOf(tokens[at]) : null
  if (name === null) return null
  // A type may stand without brackets.
  if (at === to - 1) return { name, path, args: argumentsOf(tokens, []) }
  if (!isSign(tokens[at + 1], "(") || closing(tokens, at + 1) !== to - 1) return null
  return { name, path, args: argumentsOf(tokens, argumentsAt(tokens, at + 1).list) }
}

/** A string, also one that is marked as final or as SQL: `op.f("ix")`, `sa.text("now()")`. */
export function textAt(tokens: readonly Token[], range: Range | null | undefined): Said | null {
  if (range === null || range === undefined) return null
  const text = nameAt(tokens, range)
  if (text !== null) return { text, range }
  const call = callAt(tokens, range)
  return call !== null && /^(?:f|text|quoted_name|literal_column|column)$/.test(call.name) ? textAt(tokens, call.args.given[0]) : null
}

/** The texts of a list; null where one of them is none. */
export function textsAt(tokens: readonly Token[], range: Range | null | undefined): readonly Said[] | null {
  const elements = range === null || range === undefined ? null : elementsOf(tokens, range)
  const all = elements?.map((element) => textAt(tokens, element)) ?? [null]
  return all.some((one) => one === null) ? null : all.flatMap((one) => one ?? [])
}

/** What stands between the commas of a list, tuple or dictionary. */
export function elementsOf(tokens: readonly Token[], { from, to }: Range): readonly Range[] | null {
  if (!/^[[({]$/.test(textOf(tokens[from]) ?? "") || closing(tokens, from) !== to - 1) return null
  const elements: Range[] = []
  let depth = 0
  let start = from + 1
  for (let at = from + 1; at < to; at += 1) {
    const text = tokens[at]?.kind === "sign" ? textOf(tokens[at]) : null
    if (at === to - 1 || (text === "," && depth === 0)) {
      if (at > start) elements.push({ from: start, to: at })
      start = at + 1
    } else if (text === "(" || text === "[" || text === "{") depth += 1
    else if (text === ")" || text === "]" || text === "}") depth -= 1
  }
  return elements
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

function isOnly(tokens: readonly Token[], range: Range | null, word: string): boolean {
  return range !== null && range.to === range.from + 1 && isWord(tokens[range.from], word)
}

/** A whole number; null for anything else. */
export function numberAt(tokens: readonly Token[], range: Range | null | undefined): string | null {
  if (range === null || range === undefined || range.to !== range.from + 1) return null
  const word = textOf(tokens[range.from])
  return word !== null && /^\d+$/.test(word) ? word : null
}
