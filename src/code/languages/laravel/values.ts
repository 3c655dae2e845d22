/** What arguments in PHP say, as far as they are literals, and chains of calls. */
import { elementsOf, type Said } from "../arguments.ts"
import { nameAt } from "../collector.ts"
import { argumentsAt, type Range } from "../expression.ts"
import { literal, unknown, type Part } from "../made.ts"
import { isSign, isWord, textOf, type Token } from "../tokens.ts"

/** A call of a chain: `nullable()`. */
export interface Link {
  readonly name: string
  readonly args: readonly Range[]
  /** From the name to behind the bracket. */
  readonly range: Range
}

/** The calls of `$table->string("a")->nullable()`, up to the end of the statement; null for anything else. */
export function chainAt(tokens: readonly Token[], { from, to }: Range): readonly Link[] | null {
  const links: Link[] = []
  let at = from + 1
  while (at < to) {
    const name = textOf(tokens[at + 1])
    if (!isSign(tokens[at], ".") || tokens[at + 1]?.kind !== "word" || name === null || !isSign(tokens[at + 2], "(")) return null
    const { list, end } = argumentsAt(tokens, at + 2)
    if (list.some((one) => isSign(tokens[one.from], "..."))) return null
    links.push({ name, args: list, range: { from: at + 1, to: end + 1 } })
    at = end + 1
  }
  return links.length === 0 ? null : links
}

/** The statements of the body of `function (Blueprint $table) { ... }`, without the name of the parameter; null for anything else. */
export function statementsIn(tokens: readonly Token[], { from, to }: Range): readonly Range[] | null {
  const start = isWord(tokens[from], "static") ? from + 1 : from
  if (!isWord(tokens[start], "function") || !isSign(tokens[start + 1], "(")) return null
  const { list, end } = argumentsAt(tokens, start + 1)
  const [parameter, other] = list
  const name = parameter === undefined ? null : textOf(tokens[parameter.to - 1])
  const open = tokens.findIndex((token, at) => at > end && isSign(token, "{"))
  if (name === null || other !== undefined || open < 0 || open >= to) return null
  const statements: Range[] = []
  let [first, depth] = [open + 1, 0]
  for (let at = open + 1; at < to - 1; at += 1) {
    const sign = tokens[at]?.kind === "sign" ? textOf(tokens[at]) : null
    if (sign === "(" || sign === "[" || sign === "{") depth += 1
    else if (sign === ")" || sign === "]" || sign === "}") depth -= 1
    if (sign !== ";" || depth > 0) continue
    if (at > first) statements.push({ from: first, to: at })
    first = at + 1
  }
  // A block, or a statement that does something else.
  return first < to - 1 || statements.some((one) => !isWord(tokens[one.from], name)) ? null : statements
}

export function textAt(tokens: readonly Token[], range: Range | undefined): Said | null {
  const text = nameAt(tokens, range)
  return text === null || range === undefined || tokens[range.from]?.kind !== "text" ? null : { text, range }
}

/** A text, or those of a list. */
export function textsAt(tokens: readonly Token[], range: Range | undefined): readonly Said[] | null {
  const one = textAt(tokens, range)
  if (one !== null) return [one]
  const elements = range === undefined || !isSign(tokens[range.from], "[") ? null : elementsOf(tokens, range)
  const all = elements?.map((element) => textAt(tokens, element)) ?? [null]
  return all.some((said) => said === null) ? null : all.flatMap((said) => said ?? [])
}

/** A whole number; null for anything else. */
export function numberAt(tokens: readonly Token[], range: Range | undefined): number | null {
  const word = range?.to === (range?.from ?? 0) + 1 ? textOf(tokens[range?.from ?? -1]) : null
  return word !== null && /^\d+$/.test(word) ? Number(word) : null
}

/** True or false; without an argument it is what the method takes. */
export function truthAt(tokens: readonly Token[], range: Range | undefined, otherwise: boolean): boolean | null {
  if (range === undefined) return otherwise
  const word = range.to === range.from + 1 ? textOf(tokens[range.from])?.toLowerCase() : null
  return word === "true" ? true : word === "false" ? false : null
}

export function isNull(tokens: readonly Token[], range: Range | undefined): boolean {
  return range === undefined || (range.to === range.from + 1 && textOf(tokens[range.from])?.toLowerCase() === "null")
}

/** A value as Laravel writes it behind DEFAULT: SQL of `DB::raw()`, or a text of what it is, which may be left open. Null for what may be SQL. */
export function defaultAt(tokens: readonly Token[], range: Range): readonly Part[] | null {
  const text = textAt(tokens, range)
  if (text !== null) return [{ sql: literal(text.text), range }]
  const truth = truthAt(tokens, range, false)
  if (truth !== null) return [{ sql: truth ? "'1'" : "'0'", range }]
  const raw = rawAt(tokens, range)
  if (raw !== null) return [{ sql: raw, range }]
  const words = tokens.slice(range.from, range.to)
  const number = words.map((token) => textOf(token) ?? "?").join("")
  if (/^-?\d+(?:\.\d+)?$/.test(number)) return [{ sql: `'${number}'`, range }]
  // `now()`, `State::Open->value`
  const isValue = words.some((token) => isSign(token, "(") || isSign(token, ".")) && !words.some((token) => /^\$|raw$|Expression$/.test(textOf(token) ?? ""))
  return isValue ? ["'", unknown(range), "'"] : null
}

/** The SQL of `DB::raw("...")` and `new Expression("...")`. */
export function rawAt(tokens: readonly Token[], { from, to }: Range): string | null {
  const isRaw = isSign(tokens[from + 1], ".") && isWord(tokens[from + 2], "raw") && isSign(tokens[from + 3], "(")
  const isExpression = isWord(tokens[from], "new") && /(?:^|\\)Expression$/.test(textOf(tokens[from + 1]) ?? "") && isSign(tokens[from + 2], "(")
  if (!isRaw && !isExpression) return null
  const { list, end } = argumentsAt(tokens, from + (isRaw ? 3 : 2))
  return end === to - 1 ? (textAt(tokens, list[0])?.text ?? null) : null
}
