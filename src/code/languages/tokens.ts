/** Tokens of languages whose migrations are read for their raw SQL only. A lexer for each language makes them. */

/** A stretch of a string: what it stands for, and where it is written. */
export interface Run {
  readonly value: string
  readonly from: number
  readonly to: number
  /** `escape`: written otherwise. `hole`: an expression; the value is its text. */
  readonly kind: "plain" | "escape" | "hole"
}

export type Token =
  /** A name, keyword, number, symbol (`:users`) or attribute (`@flag`). */
  | { readonly kind: "word"; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: "text"; readonly runs: readonly Run[]; readonly start: number; readonly end: number }
  /** Brackets, operators, and line ends as `\n`. */
  | { readonly kind: "sign"; readonly text: string; readonly start: number; readonly end: number }

export type Lexer = (source: string) => readonly Token[]

/** The text of a sign or word; null for a string, and for what is not there. */
export function textOf(token: Token | undefined): string | null {
  return token === undefined || token.kind === "text" ? null : token.text
}

export function isWord(token: Token | undefined, text?: string): boolean {
  return token?.kind === "word" && (text === undefined || token.text === text)
}

export function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === "sign" && token.text === text
}

/** Blanks in front of the line that an offset is on. */
function indentOf(source: string, offset: number): number {
  const start = source.lastIndexOf("\n", offset - 1) + 1
  let at = start
  while (source.charCodeAt(at) === 32 || source.charCodeAt(at) === 9) at += 1
  return at - start
}

/** The index of the bracket that closes the one at `open`; the number of tokens when none does. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let at = open; at < tokens.length; at += 1) {
    const text = tokens[at]?.kind === "sign" ? textOf(tokens[at]) : null
    if (text === "(" || text === "[" || text === "{") depth += 1
    else if ((text === ")" || text === "]" || text === "}") && --depth === 0) return at
  }
  return tokens.length
}

/** The index of the first token behind the indented block that the token at `at` opens. */
export function blockEnd(tokens: readonly Token[], at: number, source: string): number {
  const indent = indentOf(source, tokens[at]?.start ?? 0)
  let depth = 0
  for (let next = at + 1; next < tokens.length; next += 1) {
    const token = tokens[next]
    if (token === undefined) break
    const text = token.kind === "sign" ? token.text : ""
    if (text === "(" || text === "[" || text === "{") depth += 1
    else if (text === ")" || text === "]" || text === "}") depth -= 1
    const startsLine = isSign(tokens[next - 1], "\n") && text !== "\n"
    if (startsLine && depth <= 0 && indentOf(source, token.start) <= indent) return next
  }
  return tokens.length
}

const CHARACTERS: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", s: " ", "0": "\0", e: "\u001b", a: "\u0007", b: "\b", f: "\f", v: "\v" }

/** What an interpolation looks like: where its expression ends, counted from its first character; -1 when none starts here. */
export type Hole = (source: string, at: number, end: number) => number

/**
 * The runs of what stands between the quotes of a string.
 *
 * @param escapes `all`: a backslash starts an escape sequence. `known`: only before what PHP has a sequence for, and the quote. `quote`: only
 * before the quote and itself. `none`: it is a character.
 */
export function runsOf(source: string, from: number, to: number, escapes: "all" | "known" | "quote" | "none", hole: Hole | null, quote = ""): Run[] {
  const runs: Run[] = []
  let plain = from
  const flush = (until: number): void => {
    if (until > plain) runs.push({ value: source.slice(plain, until), from: plain, to: until, kind: "plain" })
  }
  let at = from
  while (at < to) {
    const end = hole === null ? -1 : hole(source, at, to)
    if (end > at) {
      flush(at)
      runs.push(holeOf(source.slice(at, end), at, end))
      at = plain = end
      continue
    }
    const next = source.charAt(at + 1)
    if (source.charAt(at) === "\\" && at + 1 < to && isEscape(next, escapes, quote)) {
      flush(at)
      const unicode = escapes !== "quote" ? /^\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2}))/i.exec(source.slice(at, at + 12)) : null
      const code = unicode === null ? null : Number.parseInt(unicode[1] ?? unicode[2] ?? unicode[3] ?? "0", 16)
      const length = unicode?.[0].length ?? (next === "\r" && source.charAt(at + 2) === "\n" ? 3 : 2)
      // A backslash at the end of a line joins it with the next one.
      const joins = next === "\n" || next === "\r"
      const value = code !== null ? String.fromCodePoint(Math.min(code, 0x10ffff)) : joins ? "" : escapes === "quote" ? next : (CHARACTERS[next] ?? next)
      if (value !== "") runs.push({ value, from: at, to: at + length, kind: "escape" })
      at = plain = at + length
      continue
    }
    at += 1
  }
  flush(to)
  return runs
}

function isEscape(next: string, escapes: "all" | "known" | "quote" | "none", quote: string): boolean {
  if (escapes === "all" || escapes === "none") return escapes === "all"
  return next === quote || next === "\\" || (escapes === "known" && /[nrtvef$0xu]/.test(next))
}

/** What is put in. `#{' '}`, with which RuboCop keeps blanks at the end of a line, is known. */
function holeOf(value: string, from: number, to: number): Run {
  const literal = /^#\{\s*(["'])([^"'\\#]*)\1\s*\}$/.exec(value)
  return literal === null ? { value, from, to, kind: "hole" } : { value: literal[2] ?? "", from, to, kind: "escape" }
}

/** `#{...}` of Ruby and Elixir. */
export const hashHole: Hole = (source, at, end) => (source.startsWith("#{", at) ? braceEnd(source, at + 1, end) : -1)

/** `{x}` of Python and C#; doubled braces are taken for holes first, and then put right (see `undoubled`). */
export const bracesHole: Hole = (source, at, end) => {
  if (source.startsWith("{{", at) || source.startsWith("}}", at)) return at + 2
  return source.charAt(at) === "{" ? braceEnd(source, at, end) : -1
}

/** Where braces, or the quotes of C#, are doubled, they stand for one. */
export function undoubled(run: Run): Run {
  return run.kind === "hole" && /^(?:\{\{|\}\}|"")$/.test(run.value) ? { ...run, value: run.value.charAt(0), kind: "escape" } : run
}

/** Behind the brace that closes the one at `open`. */
export function braceEnd(source: string, open: number, end: number): number {
  let depth = 0
  for (let at = open; at < end; at += 1) {
    const character = source.charAt(at)
    if (character === "{") depth += 1
    else if (character === "}" && --depth === 0) return at + 1
    else if (character === '"' || character === "'") {
      const close = source.indexOf(character, at + 1)
      if (close > 0 && close < end && !source.slice(at, close).includes("\n")) at = close
    }
  }
  return -1
}

/** Takes the same number of blanks from the start of each line. */
export function dedented(runs: readonly Run[], indent: number, bodyStart: number): Run[] {
  if (indent === 0) return [...runs]
  const out: Run[] = []
  let startsLine = true
  for (const run of runs) {
    if (run.kind !== "plain") {
      out.push(run)
      startsLine = false
      continue
    }
    let at = 0
    while (at < run.value.length) {
      const end = run.value.indexOf("\n", at) + 1 || run.value.length
      const blanks = /^[ \t]*/.exec(run.value.slice(at, end))?.[0].length ?? 0
      const skip = (startsLine || run.from + at === bodyStart) ? Math.min(indent, blanks) : 0
      if (end > at + skip) out.push({ value: run.value.slice(at + skip, end), from: run.from + at + skip, to: run.from + end, kind: "plain" })
      startsLine = run.value.charAt(end - 1) === "\n"
      at = end
    }
  }
  return out
}

/** The smallest indentation of the lines of a text that are not blank. */
export function smallestIndent(text: string): number {
  let smallest = Number.POSITIVE_INFINITY
  for (const line of text.split("\n")) {
    if (line.trim() !== "") smallest = Math.min(smallest, /^[ \t]*/.exec(line)?.[0].length ?? 0)
  }
  return Number.isFinite(smallest) ? smallest : 0
}
