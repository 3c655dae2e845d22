/** Which SQL an expression of such a language makes. */
import type { EmbeddedText } from "../../embedded/index.ts"
import { closing, isSign, isWord, textOf, type Run, type Token } from "./tokens.ts"

export interface Range {
  /** Indexes of tokens, half-open. */
  readonly from: number
  readonly to: number
}

/** What names are given. */
export interface Constants {
  /** The value of a name at a token; undefined when it is not in sight. */
  get(name: string, at: number): Range | undefined
}

/** The arguments of a call. `open` is what follows its name: a bracket, or the first argument. */
export function argumentsAt(tokens: readonly Token[], open: number): { readonly list: readonly Range[]; readonly end: number } {
  const bracketed = isSign(tokens[open], "(")
  const end = bracketed ? closing(tokens, open) : statementEnd(tokens, open)
  const list: Range[] = []
  let depth = 0
  let from = bracketed ? open + 1 : open
  for (let at = from; at < end; at += 1) {
    const text = tokens[at]?.kind === "sign" ? textOf(tokens[at]) : null
    if (text === "(" || text === "[" || text === "{") depth += 1
    else if (text === ")" || text === "]" || text === "}") depth -= 1
    else if (text === "," && depth === 0) {
      list.push({ from, to: at })
      from = at + 1
    }
  }
  const last = trimmed(tokens, { from, to: end })
  if (last.to > last.from) list.push(last)
  return { list: list.map((range) => trimmed(tokens, range)), end }
}

/** Whether a range is one word, and which. */
export function isOnly(tokens: readonly Token[], range: Range | null, word: string): boolean {
  return range !== null && range.to === range.from + 1 && isWord(tokens[range.from], word)
}

/** Without the line ends around it. */
export function trimmed(tokens: readonly Token[], { from, to }: Range): Range {
  let [first, last] = [from, to]
  while (first < last && isSign(tokens[first], "\n")) first += 1
  while (last > first && isSign(tokens[last - 1], "\n")) last -= 1
  return { from: first, to: last }
}

/** Where a statement without brackets ends: at the line end, unless an operator or a leading period carries it on. */
function statementEnd(tokens: readonly Token[], from: number): number {
  let depth = 0
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at]
    const text = token?.kind === "sign" ? token.text : null
    if (text === "(" || text === "[" || text === "{") depth += 1
    else if (text === ")" || text === "]" || text === "}") {
      if (depth === 0) return at
      depth -= 1
    } else if (depth > 0) continue
    else if (text === ";" || (token?.kind === "word" && /^(?:if|unless|do|rescue|end)$/.test(token.text))) return at
    else if (text === "\n" && !(at > from && /^(?:,|\+|\||<>|&)$/.test(textOf(tokens[at - 1]) ?? "")) && !isSign(tokens[at + 1], ".")) return at
  }
  return tokens.length
}

/** Methods that leave SQL what it is, or fill it in. */
const KEEPS_TEXT = /^(?:format|squish|strip|strip_heredoc|chomp|html_safe|freeze|to_s|lstrip|rstrip|dedent|Trim|ReplaceLineEndings|bindparams|execution_options|params)$/
/** Functions whose first argument is the SQL. */
const WRAPPER = /^(?:text|DDL|dedent|sanitize_sql|sanitize_sql_array|SQL|Literal|textwrap|sprintf|trim)$/
const PRINTF = /%(?:\(\w+\)|<\w+>|\{\w+\})?[-0-9.]*[sdiqI]?|\{\w*\}/g

const DEEPEST = 6

/** Whose placeholders stand in SQL that is given with parameters. */
export type Placeholders = "python" | "php"

/** Placeholders, what is none though it looks like one, and the doubled sign that stands for the sign itself. */
const PLACEHOLDERS: Readonly<Record<Placeholders, RegExp>> = {
  // PEP 249, `paramstyle`.
  python: /%(?:\(\w+\))?s|%%/g,
  // PDO's `??` is the operator of jsonb.
  php: /'(?:[^']|'')*'|"[^"]*"|\?\??/g,
}

/**
 * The SQL of an expression; null when it is not a text, or one that only running the code would tell.
 *
 * @param placeholders Those of the driver that is given parameters for it; null when there are none.
 */
export function sqlOf(tokens: readonly Token[], { from, to }: Range, constants: Constants, placeholders: Placeholders | null = null): EmbeddedText | null {
  const runs: Run[] = []
  if (!collect(tokens, { from, to }, constants, runs, 0, null) || !runs.some(({ kind }) => kind !== "hole")) return null
  const [start, end] = [tokens[from]?.start ?? 0, tokens[to - 1]?.end ?? 0]
  return embeddedText(placeholders === null ? runs : cut(runs, PLACEHOLDERS[placeholders], (run) => [filledIn(run)]), start, end)
}

/** What a driver makes of a placeholder, or of what looks like one. */
function filledIn(run: Run): Run {
  if (run.value === "%%" || run.value === "??") return { ...run, value: run.value.charAt(0), kind: "escape" }
  return /^[%?]/.test(run.value) ? { ...run, kind: "hole" } : run
}

function collect(tokens: readonly Token[], { from, to }: Range, constants: Constants, out: Run[], depth: number, at: { from: number; to: number } | null): boolean {
  if (depth > DEEPEST) return false
  const own: Run[] = []
  const place = (run: Run): Run => (at === null ? run : { ...run, from: at.from, to: at.to, kind: run.kind === "plain" ? "escape" : run.kind })
  // What an argument puts into a format, where that is known: the names of parameters and their texts.
  const valueOf: ValueOf = (argument, run) => {
    const name = isSign(tokens[argument.from + 1], "=") ? textOf(tokens[argument.from]) : null
    const inner: Run[] = []
    const range = name === null ? argument : { from: argument.from + 2, to: argument.to }
    const isKnown = collect(tokens, range, constants, inner, depth + 1, at ?? run) && inner.every(({ kind }) => kind !== "hole")
    return { name, runs: isKnown ? inner : null }
  }
  for (let index = from; index < to; index += 1) {
    const token = tokens[index]
    if (token === undefined) break
    if (token.kind === "text") {
      for (const run of token.runs) {
        const known = run.kind === "hole" ? constants.get(run.value.replace(/^(?:#\{|\$?\{)\s*|\s*\}+$/g, ""), index) : undefined
        const inner: Run[] = []
        if (known !== undefined && collect(tokens, known, constants, inner, depth + 1, at ?? run)) own.push(...inner)
        else own.push(place(run))
      }
      continue
    }
    const { text } = token
    if (token.kind === "sign") {
      if (/^(?:\+|<>|\n|\||\|>)$/.test(text)) continue
      if (text === "(") {
        const end = closing(tokens, index)
        if (!collect(tokens, { from: index + 1, to: end }, constants, own, depth + 1, at)) return false
        index = end
        continue
      }
      if (text === ".") {
        const method = textOf(tokens[index + 1]) ?? ""
        const call = isSign(tokens[index + 2], "(")
        const end = call ? closing(tokens, index + 2) : index + 1
        if (method === "format") spread(own, call ? argumentsAt(tokens, index + 2).list : [], valueOf)
        else if (!KEEPS_TEXT.test(method)) return false
        index = end
        continue
      }
      if (text === "%") {
        const tuple = isSign(tokens[index + 1], "(") && closing(tokens, index + 1) === to - 1
        spread(own, tuple ? argumentsAt(tokens, index + 1).list : [{ from: index + 1, to }], valueOf)
        break
      }
      return false
    }
    // An atom or symbol, in a text.
    if (depth > 0 && /^:[^:]/.test(text)) {
      own.push(place({ value: text.slice(1), from: token.start + 1, to: token.end, kind: "plain" }))
      continue
    }
    // A chain of names, perhaps with a call at its end. A constant whose text a method fills in or leaves as it is stands by itself.
    let last = index
    const isText = constants.get(text, index) !== undefined && isSign(tokens[index + 1], ".") && KEEPS_TEXT.test(textOf(tokens[index + 2]) ?? "")
    while (!isText && isSign(tokens[last + 1], ".") && tokens[last + 2]?.kind === "word" && last + 2 < to) last += 2
    const name = textOf(tokens[last]) ?? ""
    const called = isSign(tokens[last + 1], "(") && last + 1 < to
    const end = called ? closing(tokens, last + 1) : last
    if (/^(?:if|unless|else|for|or|and|in|not|lambda|fn|do)$/.test(text)) return false
    if (called && WRAPPER.test(name)) {
      const [first, ...rest] = argumentsAt(tokens, last + 1).list
      const inner: Run[] = []
      if (first === undefined || !collect(tokens, first, constants, inner, depth + 1, at)) return false
      if (name === "sprintf") printed(inner, rest, valueOf)
      own.push(...inner)
    } else {
      const value = called || last !== index ? undefined : constants.get(name, index)
      const here = { from: token.start, to: tokens[end]?.end ?? token.end }
      const whole = index === from && (isText || end === to - 1)
      if (value === undefined || !collect(tokens, value, constants, own, depth + 1, whole ? at : (at ?? here))) {
        if (value !== undefined) return false
        own.push({ value: sourceLike(tokens, index, end), from: (at ?? here).from, to: (at ?? here).to, kind: "hole" })
      }
    }
    index = end
  }
  out.push(...own)
  return true
}

function sourceLike(tokens: readonly Token[], from: number, to: number): string {
  return tokens.slice(from, to + 1).map((token) => textOf(token) ?? "...").join("")
}

/** The name of a parameter, if it has one, and the text that it stands for; null when only running the code would tell. */
type ValueOf = (argument: Range, place: Run) => { readonly name: string | null; readonly runs: readonly Run[] | null }

/** Placeholders of a format become what the arguments put there, or else holes. */
function spread(runs: Run[], list: readonly Range[], valueOf: ValueOf): void {
  let position = 0
  const filled = (placeholder: string, place: Run): readonly Run[] | null => {
    const values = list.map((argument) => valueOf(argument, place))
    const key = /^\{(\w*)\}$/.exec(placeholder)?.[1] ?? (/^%[sd]$/.test(placeholder) ? "" : null)
    if (key === null) return null
    if (key === "") return values.filter(({ name }) => name === null)[position++]?.runs ?? null
    return (/^\d+$/.test(key) ? values[Number(key)] : values.find(({ name }) => name === key))?.runs ?? null
  }
  const result = cut(runs, PRINTF, (run) => {
    if (run.value === "%") return [run]
    const hole: Run = { ...run, kind: "hole" }
    return filled(run.value, hole) ?? [hole]
  })
  runs.length = 0
  runs.push(...result)
}

/** The format of PHP's sprintf: what each argument puts there, or else a hole. */
function printed(runs: Run[], list: readonly Range[], valueOf: ValueOf): void {
  let position = 0
  const result = cut(runs, /%(?:(\d+)\$)?[-+0-9.]*[a-zA-Z]|%%/g, (run) => {
    if (run.value === "%%") return [{ ...run, value: "%", kind: "escape" }]
    const hole: Run = { ...run, kind: "hole" }
    const [, key] = /^%(\d+)\$/.exec(run.value) ?? []
    const argument = list[key === undefined ? position++ : Number(key) - 1]
    return (argument === undefined ? null : valueOf(argument, hole).runs) ?? [hole]
  })
  runs.length = 0
  runs.push(...result)
}

/** Runs in which something else stands for what a pattern matches in plain text. */
function cut(runs: readonly Run[], pattern: RegExp, replacing: (match: Run) => readonly Run[]): Run[] {
  return runs.flatMap((run): readonly Run[] => {
    if (run.kind !== "plain") return [run]
    const parts: Run[] = []
    let copied = 0
    const part = (start: number, end: number): Run => ({ ...run, value: run.value.slice(start, end), from: run.from + start, to: run.from + end })
    for (const { index, 0: match } of run.value.matchAll(pattern)) {
      if (index > copied) parts.push(part(copied, index))
      parts.push(...replacing(part(index, index + match.length)))
      copied = index + match.length
    }
    if (copied < run.value.length) parts.push({ ...run, value: run.value.slice(copied), from: run.from + copied })
    return parts
  })
}

const LONGEST_HOLE = 40

/** How messages write a hole. */
function spelled(value: string): string {
  const inner = value.replace(/^(?:#\{|\$?\{)|\}+$/g, "").replace(/^\$/, "").replace(/\s+/g, " ").trim()
  return inner === "" || inner.length > LONGEST_HOLE || /[{}'"`\\]/.test(inner) ? "${...}" : `\${${inner}}`
}

/** The SQL that runs make. `from`, `to`: where it stands. */
export function embeddedText(runs: readonly Run[], from: number, to: number): EmbeddedText {
  let sql = ""
  const segments: EmbeddedText["segments"][number][] = []
  const holes: EmbeddedText["holes"][number][] = []
  for (const run of runs) {
    const value = run.kind === "hole" ? spelled(run.value) : run.value
    if (value === "") continue
    const start = sql.length
    sql += value
    segments.push({ start, end: sql.length, from: run.from, to: run.to, kind: run.kind, host: null })
    if (run.kind === "hole") holes.push({ start, end: sql.length })
  }
  return { sql, segments, holes, from, to }
}
