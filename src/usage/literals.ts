/** Comments and strings of source files in many languages: enough to find SQL, not to understand the language. */
import type { Span } from "../source/span.ts"
import { templateAt } from "./template-literal.ts"

/** A quoted text: the whole with its quotes, and what is between them. */
export interface Literal {
  readonly start: number
  readonly end: number
  readonly from: number
  readonly to: number
  /** What stands in a template and is no text: its expressions, without the templates in them. */
  readonly expressions?: readonly Span[]
}

export interface Literals {
  readonly comments: readonly Span[]
  readonly strings: readonly Literal[]
}

interface Language {
  readonly line: RegExp | null
  readonly block: boolean
  /** A single quote holds one character, not a string. */
  readonly characters: boolean
  readonly backticks: boolean
  /** A text between backticks may hold expressions: `${...}`. */
  readonly templates: boolean
  readonly heredocs: boolean
  /** What opens a string that a bracket or bar of the user's choice ends: `%q{...}` of Ruby, `~s(...)` of Elixir. */
  readonly sigil: RegExp | null
}

const SLASHES: Language = { line: /\/\//y, block: true, characters: true, backticks: false, templates: false, heredocs: false, sigil: null }
const SCRIPT: Language = { ...SLASHES, characters: false, backticks: true, templates: true }
const HASHES: Language = { line: /#/y, block: false, characters: false, backticks: false, templates: false, heredocs: true, sigil: null }
const DASHES: Language = { ...HASHES, line: /--/y, heredocs: false }

const LANGUAGES: Readonly<Record<string, Language>> = {
  ...each("js mjs cjs jsx ts mts cts tsx vue svelte astro prisma", SCRIPT),
  ...each("java kt kts scala c cc cpp h hpp cs swift rs", SLASHES),
  ...each("go", { ...SLASHES, backticks: true }),
  ...each("dart groovy gradle", { ...SLASHES, characters: false }),
  ...each("php", { ...SCRIPT, backticks: false, line: /\/\/|#(?!\[)/y, heredocs: true }),
  ...each("py jl r pl pm sh bash zsh yml yaml toml graphql graphqls gql coffee", HASHES),
  ...each("rb erb rake cr", { ...HASHES, sigil: /(?<![\w)\]}])%[qQ]?(?=[({[|<])/y }),
  ...each("ex exs eex", { ...HASHES, sigil: /~[sS](?=[({[|</])/y }),
  ...each("hs lua elm", DASHES),
  ...each("clj cljs cljc", { ...HASHES, line: /;/y, heredocs: false }),
}

function each(extensions: string, language: Language): Record<string, Language> {
  return Object.fromEntries(extensions.split(" ").map((extension) => [extension, language]))
}

export function literalsOf(text: string, extension: string): Literals {
  const language = LANGUAGES[extension] ?? SCRIPT
  const comments: Span[] = []
  const strings: Literal[] = []
  const interesting = /["'`]|\/[/*]|#|--|;|<<|[%~]/g
  for (let match = interesting.exec(text); match !== null; match = interesting.exec(text)) {
    const end = endOf(match[0], match.index, text, language, comments, strings)
    interesting.lastIndex = Math.max(end, match.index + 1)
  }
  return { comments, strings }
}

/** Reads what starts at a place, if anything does, and gives its end. */
function endOf(sign: string, at: number, text: string, language: Language, comments: Span[], strings: Literal[]): number {
  if (sign === "/*" && language.block) return put(comments, at, text.indexOf("*/", at + 2), 2, text)
  if (language.line !== null) {
    language.line.lastIndex = at
    if (language.line.test(text) && !isInterpolation(text, at)) return put(comments, at, lineEnd(text, at), 0, text)
  }
  if (sign === "%" || sign === "~") return language.sigil === null ? at + 1 : delimited(text, at, language.sigil, strings)
  if (sign === "<<") return language.heredocs ? heredoc(text, at, strings) : at + 2
  const quote = sign.charAt(0)
  if (quote !== '"' && quote !== "'" && quote !== "`") return at + 1
  if (quote === "`" && !language.backticks) return at + 1
  const tripled = quote.repeat(3)
  if (quote !== "`" && text.startsWith(tripled, at)) {
    const close = text.indexOf(tripled, at + 3)
    const to = close < 0 ? text.length : close
    strings.push({ start: at, end: Math.min(to + 3, text.length), from: at + 3, to })
    return to + 3
  }
  if (quote === "'" && language.characters) {
    const character = /'(?:\\.[^'\n]{0,8}|[^'\\\n])'/y
    character.lastIndex = at
    return character.test(text) ? character.lastIndex : at + 1
  }
  const template = quote === "`" && language.templates ? templateAt(text, at) : null
  if (template === null) return quoted(text, at, quote, strings)
  strings.push(template)
  return template.end
}

/** `#{...}` of Ruby and Elixir, and colours such as `#fff` in a text are no comments; they only look like one. */
function isInterpolation(text: string, at: number): boolean {
  return text.charAt(at) === "#" && text.charAt(at + 1) === "{"
}

function quoted(text: string, at: number, quote: string, strings: Literal[]): number {
  // Raw strings of Rust and C# escape nothing, and go over lines.
  const before = text.slice(Math.max(0, at - 4), at)
  const raw = quote === '"' ? (/\br(#*)$/.exec(before) ?? (/[@$]$/.test(before) && before.includes("@") ? [""] : null)) : null
  const close = quote + (raw?.[1] ?? "")
  const doubles = raw !== null && raw.length === 1
  for (let end = at + 1; end < text.length; end += 1) {
    const character = text.charAt(end)
    if (raw === null && quote !== "`" && character === "\n" && text.charAt(end - 1) !== "\\") return at + 1
    if (raw === null && character === "\\") end += 1
    else if (doubles && character === quote && text.charAt(end + 1) === quote) end += 1
    else if (character === quote && text.startsWith(close, end)) {
      strings.push({ start: at, end: end + close.length, from: at + 1, to: end })
      return end + close.length
    }
  }
  return at + 1
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "{": "}", "[": "]", "<": ">" }

/** A string between brackets, of which those inside come in pairs, or between two of the same sign. */
function delimited(text: string, at: number, sigil: RegExp, strings: Literal[]): number {
  sigil.lastIndex = at
  if (!sigil.test(text)) return at + 1
  const from = sigil.lastIndex + 1
  const open = text.charAt(from - 1)
  const close = CLOSING[open] ?? open
  let depth = 1
  for (let end = from; end < text.length; end += 1) {
    const character = text.charAt(end)
    if (character === "\\") end += 1
    else if (character === close) depth -= 1
    else if (character === open) depth += 1
    if (depth > 0) continue
    strings.push({ start: at, end: end + 1, from, to: end })
    return end + 1
  }
  return at + 1
}

function heredoc(text: string, at: number, strings: Literal[]): number {
  const opened = /<<[<~-]?\s?(["']?)([A-Za-z_]\w*)\1[^\n]*\n/y
  opened.lastIndex = at
  const [, , tag = ""] = opened.exec(text) ?? []
  if (tag === "") return at + 2
  const from = opened.lastIndex
  const close = new RegExp(`^[ \\t]*${tag}\\b`, "gm")
  close.lastIndex = from
  const found = close.exec(text)
  if (found === null) return at + 2
  strings.push({ start: at, end: close.lastIndex, from, to: found.index })
  return close.lastIndex
}

function put(comments: Span[], start: number, close: number, more: number, text: string): number {
  const end = close < 0 ? text.length : close + more
  comments.push({ start, end })
  return end
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at)
  return end < 0 ? text.length : end
}

/** The last of sorted ranges that starts at or before a place, if it also holds it. */
export function around<Range extends Span>(ranges: readonly Range[], at: number): Range | undefined {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[middle]?.start ?? Infinity) <= at) low = middle + 1
    else high = middle
  }
  const found = ranges[low - 1]
  return found !== undefined && at < found.end ? found : undefined
}

/** The text with some ranges blanked, line ends kept, so that places stay the same. */
export function blanked(text: string, ranges: readonly Span[]): string {
  let result = ""
  let at = 0
  for (const { start, end } of ranges) {
    const inner = text.slice(start, end)
    result += text.slice(at, start) + (inner.includes("\n") ? inner.replace(/[^\n]/g, " ") : " ".repeat(end - start))
    at = end
  }
  return at === 0 ? text : result + text.slice(at)
}
