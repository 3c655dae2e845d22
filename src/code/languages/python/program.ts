/** What expressions in Python say, as far as they are literals and names that are imported. */
import { callAt, isFalse, isNone, isTrue } from "./values.ts"
import { elementsOf, type Arguments } from "../arguments.ts"
import type { Range } from "../expression.ts"
import { isSign, isWord, textOf, type Token } from "../tokens.ts"
import { literal } from "../made.ts"

/** A file of Python, and what its expressions depend on. */
export interface Python {
  readonly tokens: readonly Token[]
  /** What names stand for that are imported: `models` for `django.db.models`. */
  readonly imports: ReadonlyMap<string, string>
}

/** A call, or a name that is none: `models.CharField(max_length=10)`, `django.utils.timezone.now`. */
export interface Called {
  /** With all of its modules. */
  readonly path: string
  readonly name: string
  readonly args: Arguments
  readonly isCall: boolean
}

/** @param usual What names stand for where nothing else is imported under them. */
export function pythonOf(tokens: readonly Token[], usual: readonly (readonly [string, string])[] = []): Python {
  const imports = new Map(usual)
  for (let at = 0; at < tokens.length; at += 1) {
    if (at > 0 && !isSign(tokens[at - 1], "\n")) continue
    if (isWord(tokens[at], "from")) addFrom(tokens, at + 1, imports)
    else if (isWord(tokens[at], "import")) addImport(tokens, at + 1, imports)
  }
  return { tokens, imports }
}

/** `from a.b import c, d as e` */
function addFrom(tokens: readonly Token[], from: number, imports: Map<string, string>): void {
  let at = from
  let module = ""
  for (; at < tokens.length && !isWord(tokens[at], "import") && !isSign(tokens[at], "\n"); at += 1) module += textOf(tokens[at]) ?? ""
  for (at += 1; at < tokens.length && !isSign(tokens[at], "\n"); at += 1) {
    const name = tokens[at]?.kind === "word" ? textOf(tokens[at]) : null
    if (name === null || name === "as" || isWord(tokens[at - 1], "as")) continue
    imports.set((isWord(tokens[at + 1], "as") ? textOf(tokens[at + 2]) : name) ?? name, `${module}${module.endsWith(".") ? "" : "."}${name}`)
  }
}

/** `import a.b as c`; without another name, the path is written out where it is used. */
function addImport(tokens: readonly Token[], from: number, imports: Map<string, string>): void {
  let path = ""
  for (let at = from; at < tokens.length && !isSign(tokens[at], "\n"); at += 1) {
    if (isWord(tokens[at], "as")) {
      const name = textOf(tokens[at + 1])
      if (name !== null) imports.set(name, path)
    }
    path = isSign(tokens[at], ",") ? "" : path + (textOf(tokens[at]) ?? "")
  }
}

export function calledAt({ tokens, imports }: Python, range: Range | null | undefined): Called | null {
  const call = range === null || range === undefined ? null : callAt(tokens, range)
  if (call === null || range === null || range === undefined) return null
  const [first = call.name, ...rest] = [...call.path, call.name]
  const path = [imports.get(first) ?? first, ...rest].join(".")
  return { path, name: path.slice(path.lastIndexOf(".") + 1), args: call.args, isCall: isSign(tokens[range.to - 1], ")") }
}

/** A string, also one in several pieces; null for anything else. */
export function stringAt({ tokens }: Pick<Python, "tokens">, range: Range | null | undefined): string | null {
  if (range === null || range === undefined || range.to <= range.from) return null
  let text = ""
  for (const token of tokens.slice(range.from, range.to)) {
    if (token.kind !== "text" || token.runs.some(({ kind }) => kind === "hole")) return null
    text += token.runs.map(({ value }) => value).join("")
  }
  return text
}

/** The strings of a list, tuple or set; null where one of them is none. */
export function stringsAt(python: Python, range: Range | null | undefined): readonly string[] | null {
  const elements = listAt(python, range)
  const texts = elements?.map((element) => stringAt(python, element)) ?? [null]
  return texts.some((text) => text === null) ? null : texts.flatMap((text) => text ?? [])
}

/** The elements of a list, tuple or set. */
export function listAt({ tokens }: Pick<Python, "tokens">, range: Range | null | undefined): readonly Range[] | null {
  if (range === null || range === undefined) return null
  const call = callAt(tokens, range)
  // `set([("a", "b")])`
  if (call !== null && /^(?:set|list|tuple|frozenset)$/.test(call.name) && call.path.length === 0) {
    const [first] = call.args.given
    return first === undefined ? [] : listAt({ tokens }, first)
  }
  const elements = elementsOf(tokens, range)
  return elements?.some(({ from }) => isSign(tokens[from], "*")) === true ? null : elements
}

/** The entries of a dictionary with names on the left; null for anything else. */
export function dictionaryAt(python: Python, range: Range | null): ReadonlyMap<string, Range> | null {
  if (range === null) return new Map()
  const { tokens } = python
  const elements = isSign(tokens[range.from], "{") ? elementsOf(tokens, range) : null
  if (elements === null) return null
  const entries = elements.map(({ from, to }) => ({ key: isSign(tokens[from + 1], ":") ? stringAt(python, { from, to: from + 1 }) : null, value: { from: from + 2, to } }))
  return entries.some(({ key }) => key === null) ? null : new Map(entries.map(({ key, value }) => [key ?? "", value]))
}

/** True, False, or null for what only running the code would tell. Without a value it is what Django takes. */
export function truthAt({ tokens }: Pick<Python, "tokens">, range: Range | null, otherwise: boolean): boolean | null {
  if (range === null) return otherwise
  return isTrue(tokens, range) ? true : isFalse(tokens, range) || isNone(tokens, range) ? false : null
}

/** The text of an expression without its blanks and comments, to compare two of them. */
export function spelledAt({ tokens }: Pick<Python, "tokens">, { from, to }: Range): string {
  return tokens.slice(from, to).map((token) => (token.kind === "text" ? JSON.stringify(token.runs.map(({ value }) => value).join("")) : token.text)).join(" ")
}

/** A literal as SQL: what Python sends for it. Null for what is none. */
export function literalAt(python: Python, range: Range): string | null {
  const { tokens } = python
  const text = stringAt(python, range)
  if (text !== null) return literal(text)
  if (isNone(tokens, range)) return "NULL"
  const truth = truthAt(python, range, false)
  if (truth !== null) return String(truth)
  const call = calledAt(python, range)
  if (call?.path === "decimal.Decimal" || call?.path === "Decimal") {
    const digits = stringAt(python, call.args.given[0]) ?? spelledAt(python, call.args.given[0] ?? range)
    return NUMBER.test(digits) ? digits : null
  }
  const number = tokens.slice(range.from, range.to).map((token) => textOf(token) ?? "?").join("").replaceAll("_", "")
  return NUMBER.test(number) ? number : null
}

const NUMBER = /^-?\d+(?:\.\d*)?$/

/** The arguments of an operation or a field by their names, whichever way they are given. */
export function argument({ given, option }: Arguments, name: string, position: number): Range | null {
  return option(name) ?? given[position] ?? null
}
