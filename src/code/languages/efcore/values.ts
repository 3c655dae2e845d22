/** What arguments in C# say, as far as they are literals. */
import { elementsOf, type Arguments, type Said } from "../arguments.ts"
import { keyword, nameAt } from "../collector.ts"
import { argumentsAt, isOnly, type Range } from "../expression.ts"
import { closing, isSign, isWord, textOf, type Token } from "../tokens.ts"
import { literal } from "../made.ts"

/** A call with the annotations that are chained to it: `.Annotation("Npgsql:IndexMethod", "gin")`. */
export interface Call {
  readonly name: string
  /** The type in angle brackets, without its question mark. */
  readonly type: string | null
  readonly args: Arguments
  readonly annotations: ReadonlyMap<string, Range>
  readonly oldAnnotations: ReadonlyMap<string, Range>
  /** From the name to the end of the chain. */
  readonly range: Range
}

/** The call of the method that a token names; null for anything else, and for a chain with other methods. */
export function callAt(tokens: readonly Token[], at: number): Call | null {
  const open = openOf(tokens, at + 1)
  const name = textOf(tokens[at])
  if (open < 0 || name === null) return null
  const { list, end: close } = argumentsAt(tokens, open)
  const annotations = new Map<string, Range>()
  const oldAnnotations = new Map<string, Range>()
  let end = close
  while (isSign(tokens[end + 1], ".") && isSign(tokens[end + 3], "(")) {
    const { list: given, end: behind } = argumentsAt(tokens, end + 3)
    const [key, value] = [nameAt(tokens, given[0]), given[1]]
    const known = isWord(tokens[end + 2], "Annotation") ? annotations : isWord(tokens[end + 2], "OldAnnotation") ? oldAnnotations : null
    if (known === null || key === null || value === undefined) return null
    known.set(key, value)
    end = behind
  }
  return { name, type: typeIn(tokens, at + 1, open), args: argumentsIn(tokens, list), annotations, oldAnnotations, range: { from: at, to: end + 1 } }
}

/** Only a colon names an argument: `x => x.Id` has no name. */
function argumentsIn(tokens: readonly Token[], list: readonly Range[]): Arguments {
  return { tokens, given: list.filter(({ from }) => !(tokens[from]?.kind === "word" && isSign(tokens[from + 1], ":"))), option: (name) => keyword(tokens, list, name), isWhole: true }
}

/** The bracket that opens the arguments, perhaps behind a type: `<List<string>>(`. */
function openOf(tokens: readonly Token[], from: number): number {
  let depth = 0
  for (let at = from; at < tokens.length; at += 1) {
    if (isSign(tokens[at], "<")) depth += 1
    else if (isSign(tokens[at], ">")) depth -= 1
    else if (depth === 0) return isSign(tokens[at], "(") ? at : -1
  }
  return -1
}

function typeIn(tokens: readonly Token[], from: number, to: number): string | null {
  if (!isSign(tokens[from], "<")) return null
  return tokens.slice(from + 1, to - 1).map((token) => textOf(token) ?? "").join("").replace(/\?$/, "")
}

export function textAt(tokens: readonly Token[], range: Range | null | undefined): Said | null {
  const text = nameAt(tokens, range)
  return text === null || range === null || range === undefined || tokens[range.from]?.kind !== "text" ? null : { text, range }
}

/** The texts of `new[] { "a", "b" }` and `["a", "b"]`; null where one of them is none. */
export function textsAt(tokens: readonly Token[], range: Range | null | undefined): readonly Said[] | null {
  const elements = range === null || range === undefined ? null : itemsAt(tokens, range)
  const all = elements?.map((element) => textAt(tokens, element)) ?? [null]
  return all.some((one) => one === null) ? null : all.flatMap((one) => one ?? [])
}

/** What stands between the brackets of an array. */
export function itemsAt(tokens: readonly Token[], { from, to }: Range): readonly Range[] | null {
  const open = tokens.findIndex((token, at) => at >= from && at < to && (isSign(token, "{") || (isSign(token, "[") && at === from)))
  // `new bool[0]`
  if (open < 0) return isWord(tokens[from], "new") && isSign(tokens[to - 1], "]") && textOf(tokens[to - 2]) === "0" ? [] : null
  return closing(tokens, open) === to - 1 ? elementsOf(tokens, { from: open, to }) : null
}

export function isTrue(tokens: readonly Token[], range: Range | null): boolean {
  return isOnly(tokens, range, "true")
}

export function isFalse(tokens: readonly Token[], range: Range | null): boolean {
  return isOnly(tokens, range, "false")
}

export function isNull(tokens: readonly Token[], range: Range | null): boolean {
  return range === null || isOnly(tokens, range, "null")
}

/** The last of the names of `ReferentialAction.Cascade`. */
export function memberAt(tokens: readonly Token[], range: Range): string | null {
  return isSign(tokens[range.to - 2], ".") ? textOf(tokens[range.to - 1]) : null
}

/** The properties that a lambda names: `x => x.Id`, `x => new { x.Id, x.Name }`; null for anything else. */
export function propertiesAt(tokens: readonly Token[], range: Range | null | undefined): readonly Said[] | null {
  if (range === null || range === undefined || !isSign(tokens[range.from + 1], "=") || !isSign(tokens[range.from + 2], ">")) return null
  const body = { from: range.from + 3, to: range.to }
  const parts = isWord(tokens[body.from], "new") ? itemsAt(tokens, body) : [body]
  const all = parts?.map(({ from, to }) => {
    const text = to === from + 3 && isSign(tokens[from + 1], ".") ? textOf(tokens[from + 2]) : null
    return text === null ? null : { text, range: { from: from + 2, to } }
  }) ?? [null]
  return all.some((one) => one === null) ? null : all.flatMap((one) => one ?? [])
}

/** A value as Npgsql writes it into SQL; null for what only running the code would tell. */
export function literalAt(tokens: readonly Token[], range: Range): string | null {
  const text = textAt(tokens, range)
  if (text !== null) return literal(text.text)
  if (isTrue(tokens, range) || isFalse(tokens, range)) return isTrue(tokens, range) ? "TRUE" : "FALSE"
  // `(byte)0`
  if (isSign(tokens[range.from], "(") && closing(tokens, range.from) === range.from + 2 && range.to > range.from + 3) return literalAt(tokens, { from: range.from + 3, to: range.to })
  if (isWord(tokens[range.from], "new")) return madeAt(tokens, { from: range.from + 1, to: range.to })
  if (memberAt(tokens, range) === "Empty" && isWord(tokens[range.from], "Guid")) return literal("00000000-0000-0000-0000-000000000000")
  const number = /^(-?\d[\d_]*(?:\.\d+)?)(?:[mMlLfFdDuU]|[uU][lL])?$/.exec(tokens.slice(range.from, range.to).map((token) => textOf(token) ?? "?").join(""))?.[1]
  return number === undefined ? null : number.replaceAll("_", "")
}

/** `new Guid("...")`, `new DateTime(2024, 1, 31, ...)`, `new byte[0]`. */
function madeAt(tokens: readonly Token[], { from, to }: Range): string | null {
  const type = textOf(tokens[from])
  if (isSign(tokens[from + 1], "[")) return type === "byte" && textOf(tokens[from + 2]) === "0" ? literal("\\x") : textOf(tokens[from + 2]) === "0" ? literal("{}") : null
  const open = openOf(tokens, from + 1)
  if (open < 0 || closing(tokens, open) !== to - 1) return null
  const { list } = argumentsAt(tokens, open)
  const [first] = list
  if (type === "List" && list.length === 0) return literal("{}")
  if (type === "Guid" && first !== undefined) {
    const said = textAt(tokens, first)
    return said && literal(said.text)
  }
  if (type === "DateTimeOffset" && first !== undefined && isWord(tokens[first.from], "new")) return madeAt(tokens, { from: first.from + 1, to: first.to })
  const numbers = list.map((one) => (one.to === one.from + 1 ? textOf(tokens[one.from]) : null)).map((digits) => (digits !== null && /^\d+$/.test(digits) ? Number(digits) : null))
  if (type === "TimeSpan") return numbers.length > 0 && numbers.every((number) => number === 0) ? literal("00:00:00") : null
  const [year, month, day, ...time] = numbers
  if ((type !== "DateTime" && type !== "DateOnly") || year == null || month == null || day == null) return null
  if (year === 1 && month === 1 && day === 1) return literal("-infinity")
  const two = (number: number): string => String(number).padStart(2, "0")
  const [hour, minute, second] = time
  const clock = hour == null || minute == null || second == null ? "" : ` ${two(hour)}:${two(minute)}:${two(second)}`
  return literal(`${String(year).padStart(4, "0")}-${two(month)}-${two(day)}${clock}`)
}
