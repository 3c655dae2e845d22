import type { Span } from "./span.ts"
import { TokenKind, tokenText, type Tokens } from "./tokens.ts"

/** What a condition is: true or false where it asks for the database, null where only the tool that fills it in knows. */
type Verdict = boolean | null

/** An `if` of a template that has not ended yet. */
interface Open {
  /** The token of its last `if`, `else if` or `else`; null for what ends in the same way: `range`, `with`, `for`. */
  branch: number | null
  verdict: Verdict
  /** A branch before was taken for certain. */
  taken: boolean
  /** The branches so far, when no condition was known: the first is read, the others are its alternatives. */
  readonly alternatives: Range[]
  known: boolean
}

/** Indexes of tokens, half-open. */
interface Range {
  readonly from: number
  readonly to: number
}

const POSTGRES = /^(?:is|use)?_?(?:postgres|postgresql|pgsql|pg)$/i
const OTHERS =
  /^(?:is|use)?_?(?:mysql|mariadb|sqlite|sqlite3|mssql|sqlserver|oracle|h2|hsqldb|derby|db2|cockroach|cockroachdb|crdb|clickhouse|spanner|duckdb|snowflake|bigquery)$/i

/**
 * Templates of Go, Handlebars and Jinja choose between databases: `{{if .mysql}} ... {{else}} ... {{end}}`, and scripts of psql switch
 * parts off: `\if false ... \endif`. What PostgreSQL never gets becomes part of the template or command, and so do the alternatives
 * inside one statement when nobody knows which of them it gets.
 */
export function withoutDeadBranches(tokens: Tokens): Tokens {
  if (!/\{\{-?\s*#?if\b|\{%-?\s*if\b|\\if\b/.test(tokens.text)) return tokens
  const dead = deadBranches(tokens)
  return dead.length === 0 ? tokens : merged(tokens, dead)
}

function deadBranches(tokens: Tokens): readonly Range[] {
  const dead: Range[] = []
  const stack: Open[] = []
  const close = (open: Open, at: number): void => {
    if (open.branch === null) return
    const range = { from: open.branch, to: at }
    if (open.verdict === false || open.taken) dead.push(range)
    else open.alternatives.push(range)
    open.taken ||= open.verdict === true
  }
  for (let at = 0; at < tokens.count; at++) {
    const control = controlAt(tokens, at)
    if (control === null) continue
    const open = stack.at(-1)
    if (control.kind === "if" || control.kind === "other") {
      const verdict = control.kind === "if" ? control.verdict : null
      stack.push({ branch: control.kind === "if" ? at : null, verdict, taken: false, alternatives: [], known: verdict !== null })
    } else if (open === undefined) return []
    else {
      close(open, at)
      if (control.kind === "end") {
        stack.pop()
        if (!open.known && open.alternatives.length > 1 && !endsStatement(tokens, open.alternatives)) dead.push(...open.alternatives.slice(1))
      } else if (open.branch !== null) {
        open.branch = at
        if (control.kind === "else if") {
          open.verdict = control.verdict
          open.known ||= open.verdict !== null
        } else open.verdict = open.alternatives.length > 0 ? null : true
      }
    }
  }
  return stack.length > 0 ? [] : dead
}

type Control =
  | { readonly kind: "if" | "else if"; readonly verdict: Verdict }
  | { readonly kind: "else" | "end" | "other" }

function controlAt(tokens: Tokens, at: number): Control | null {
  switch (tokens.kinds[at]) {
    case TokenKind.template:
      return templateControl(tokenText(tokens, at))
    case TokenKind.metaCommand:
      return psqlControl(tokenText(tokens, at))
    default:
      return null
  }
}

function psqlControl(command: string): Control | null {
  const [, keyword, condition = ""] = /^\\(if|elif|else|endif)\b\s*'?([^\s']*)/.exec(command) ?? []
  switch (keyword) {
    case "if":
      return { kind: "if", verdict: psqlBoolean(condition) }
    case "elif":
      return { kind: "else if", verdict: psqlBoolean(condition) }
    case "else":
      return { kind: "else" }
    case "endif":
      return { kind: "end" }
    default:
      return null
  }
}

/** A boolean as psql reads it: the beginning of a word will do. Variables and what the shell prints are not known. */
function psqlBoolean(value: string): Verdict {
  if (/^(?:t(?:r(?:u(?:e)?)?)?|y(?:e(?:s)?)?|on|1)$/i.test(value)) return true
  return /^(?:f(?:a(?:l(?:s(?:e)?)?)?)?|n(?:o)?|off?|0)$/i.test(value) ? false : null
}

function templateControl(template: string): Control | null {
  const [, inner] = /^\{[{%]-?\s*([\s\S]*?)\s*-?[}%]\}$/.exec(template) ?? []
  if (inner === undefined) return null
  const [, keyword = "", rest = ""] = /^#?(else\s+if|elif|elseif|if|else|end\w*|\/\w+|unless|with|range|each|for|define|block|macro|call|filter|set)\b\s*([\s\S]*)$/.exec(inner) ?? []
  if (keyword === "") return null
  if (keyword === "if") return { kind: "if", verdict: verdictOf(rest) }
  if (/^el.*if$/.test(keyword)) return { kind: "else if", verdict: verdictOf(rest) }
  if (keyword === "else") return { kind: "else" }
  if (keyword.startsWith("end") || keyword.startsWith("/")) return { kind: "end" }
  // In Jinja `set x = 1` has no end.
  return keyword === "set" && rest.includes("=") ? null : { kind: "other" }
}

/** `.postgres`, `not .mysql`, `or .postgres .sqlite`, `eq .Dialect "mysql"`, `dialect == 'mysql' and x`. */
function verdictOf(condition: string): Verdict {
  if (/[()|]/.test(condition)) return null
  const words = condition.match(/[A-Za-z_]\w*|[=!]=|!/g) ?? []
  const has = (pattern: RegExp): boolean => words.some((word) => pattern.test(word))
  const names = words.filter((word) => !/^(?:and|or|not|eq|ne|[=!]=|!)$/.test(word))
  const verdicts = names.map((name): Verdict => (POSTGRES.test(name) ? true : OTHERS.test(name) ? false : null))
  const [isOr, isAnd, isNegated, isComparison] = [has(/^or$/), has(/^and$/), has(/^(?:not|ne|!=|!)$/), has(/^(?:eq|ne|[=!]=)$/)]
  if (isOr || isAnd) {
    if (isNegated || isComparison || (isOr && isAnd)) return null
    if (verdicts.includes(isOr)) return isOr
    return verdicts.includes(null) ? null : !isOr
  }
  const known = verdicts.filter((verdict) => verdict !== null)
  const [verdict] = known
  if (verdict === undefined || known.length > 1 || (!isComparison && verdicts.length > 1)) return null
  return verdict !== isNegated
}

/** Whole statements may all be sent, one time or another. */
function endsStatement(tokens: Tokens, ranges: readonly Range[]): boolean {
  return ranges.some(({ from, to }) => {
    for (let at = from; at < to; at++) if (tokens.kinds[at] === TokenKind.punctuation && tokenText(tokens, at) === ";") return true
    return false
  })
}

/** Each range as one token: the template or command that opens it, as long as the whole branch. */
function merged(tokens: Tokens, ranges: readonly Range[]): Tokens {
  const ordered = [...ranges].sort((one, other) => one.from - other.from)
  const kinds: TokenKind[] = []
  const starts: number[] = []
  const ends: number[] = []
  const gone: Span[] = []
  let at = 0
  const copy = (until: number): void => {
    for (; at < until; at++) {
      kinds.push(tokens.kinds[at] ?? TokenKind.invalid)
      starts.push(tokens.starts[at] ?? 0)
      ends.push(tokens.ends[at] ?? 0)
    }
  }
  for (const { from, to } of ordered) {
    // Branches inside a dead branch are gone with it.
    if (from < at) continue
    copy(from)
    const span = { start: tokens.starts[from] ?? 0, end: tokens.starts[to] ?? tokens.text.length }
    kinds.push(tokens.kinds[from] ?? TokenKind.template)
    starts.push(span.start)
    ends.push(span.end)
    gone.push(span)
    at = to
  }
  copy(tokens.count)
  const comments = tokens.comments.filter(({ start }) => !gone.some((span) => span.start <= start && start < span.end))
  return { text: tokens.text, count: kinds.length, kinds, starts, ends, comments }
}
