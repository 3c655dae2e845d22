/** Gathers what a reader of one language finds, and knows which parts of the code revert the migration. */
import type { EmbeddedText } from "../../embedded/index.ts"
import type { Span } from "../../source/span.ts"
import type { Collected, MadeTable, RawCall } from "./collected.ts"
import { sqlOf, type Constants, type Placeholders, type Range } from "./expression.ts"
import { isSign, type Token } from "./tokens.ts"

/** Stretches of tokens with a meaning. */
export interface Regions {
  readonly down: readonly Range[]
  /** Where the tool's transaction does not reach. */
  readonly outside: readonly Range[]
  /** What runs only under a condition. */
  readonly conditional: readonly Range[]
  /** What never runs against the database. */
  readonly ignored: readonly Range[]
}

/** What is known of a call that sends SQL. */
interface SqlOptions {
  readonly down?: boolean
  readonly outside?: boolean
  readonly conditional?: boolean
  readonly at?: number
  /** Where it runs among what runs at the same place, from 0 to 1. */
  readonly order?: number
  /** Those of the driver that is given parameters for it. */
  readonly placeholders?: Placeholders | null
}

interface MadeOptions extends Pick<SqlOptions, "conditional" | "down" | "outside" | "order">, Pick<RawCall, "derived"> {
  /** The tool sends it when the migration is done otherwise. */
  readonly isLast?: boolean
}

export interface Collector {
  /** Whether a token is in a part that is not read at all. */
  isIgnored(at: number): boolean
  /** Whether a token is in a part that runs only under a condition. */
  isConditional(at: number): boolean
  /** The SQL of an argument; counted when only running the code would tell it. */
  sql(range: Range, options?: SqlOptions): void
  /** SQL that a call of the tool's schema builder emits. */
  made(text: EmbeddedText, at: number, options?: MadeOptions): void
  unread(from: number, to: number): void
  /**
   * @param list The arguments of the call. Where the first is no literal, what it changes may be named anywhere else.
   */
  builder(from: number, to: number, list: readonly Range[], options?: Partial<Pick<Collected["builders"][number], "names" | "columns" | "wide" | "file">>): void
  /** A table that the tool makes by its own means. */
  table(name: string, schema: string | null, at: number, maybeOlder: boolean): void
  readonly collected: Collected
}

export function createCollector(tokens: readonly Token[], constants: Constants, regions: Regions): Collector {
  const calls: RawCall[] = []
  const tables: MadeTable[] = []
  const unread: Collected["unread"][number][] = []
  const builders: Collected["builders"][number][] = []
  const within = (ranges: readonly Range[], at: number): boolean => ranges.some(({ from, to }) => from <= at && at < to)
  const spanOf = (from: number, to: number): Span => ({ start: tokens[from]?.start ?? 0, end: tokens[Math.max(to - 1, from)]?.end ?? 0 })
  return {
    collected: { calls, tables, unread, builders },
    isIgnored: (at) => within(regions.ignored, at),
    isConditional: (at) => within(regions.conditional, at),
    sql(range, { down, outside, conditional, at = range.from, order = 0, placeholders = null } = {}) {
      const reverts = down ?? within(regions.down, at)
      // An empty text does nothing.
      const only = range.to === range.from + 1 ? tokens[range.from] : undefined
      if (only?.kind === "text" && only.runs.length === 0) return
      const text = sqlOf(tokens, range, constants, placeholders)
      const span = spanOf(range.from, range.to)
      const facts = { at: (tokens[at]?.start ?? span.start) + order, down: reverts, outside: outside ?? within(regions.outside, at), conditional: conditional ?? within(regions.conditional, at) }
      if (text === null) unread.push({ ...span, ...facts })
      else calls.push({ text, ...facts })
    },
    made(text, at, { conditional, derived, isLast, down, outside, order = 0 } = {}) {
      calls.push({ text, ...(derived === true && { derived }), at: isLast === true ? Number.MAX_SAFE_INTEGER : (tokens[at]?.start ?? 0) + order, down: down ?? within(regions.down, at), outside: outside ?? within(regions.outside, at), conditional: conditional ?? within(regions.conditional, at) })
    },
    unread: (from, to) => unread.push({ ...spanOf(from, to), down: within(regions.down, from) }),
    builder: (from, to, [first], options) => builders.push({ ...spanOf(from, to), down: within(regions.down, from), wide: first !== undefined && !hasName(tokens, first), ...options }),
    table: (name, schema, at, maybeOlder) =>
      tables.push({ name, schema, at: spanOf(at, at + 1), down: within(regions.down, at), maybeOlder: maybeOlder || within(regions.conditional, at) }),
  }
}

/** Whether an argument has a text that is all there, or a symbol. */
function hasName(tokens: readonly Token[], { from, to }: Range): boolean {
  return tokens.slice(from, to).some((token) => (token.kind === "text" ? token.runs.every(({ kind }) => kind !== "hole") : /^:\w/.test(token.text)))
}

/** The value of a keyword argument of Python or C#, or a symbol argument of Ruby. */
export function keyword(tokens: readonly Token[], list: readonly Range[], name: string): Range | null {
  for (const { from, to } of list) {
    const token = tokens[from]
    if (token?.kind !== "word") continue
    const next = tokens[from + 1]
    const named = token.text === name && (isSign(next, "=") || isSign(next, ":"))
    if (named || (token.text === `:${name}` && isSign(next, "=>"))) return { from: from + 2, to }
  }
  return null
}

/** Arguments without a name in front of them. */
export function positional(tokens: readonly Token[], list: readonly Range[]): readonly Range[] {
  return list.filter(({ from, to }) => !(tokens[from]?.kind === "word" && to > from + 1 && (isSign(tokens[from + 1], "=") || isSign(tokens[from + 1], ":") || isSign(tokens[from + 1], "=>"))))
}

/** A string or symbol as a name; null for anything else. */
export function nameAt(tokens: readonly Token[], range: Range | null | undefined): string | null {
  if (range === null || range === undefined || range.to !== range.from + 1) return null
  const token = tokens[range.from]
  if (token?.kind === "word") return /^:\w/.test(token.text) ? token.text.slice(1) : null
  if (token?.kind !== "text" || token.runs.some(({ kind }) => kind === "hole")) return null
  return token.runs.map(({ value }) => value).join("")
}

/** `schema.table` in two. */
export function qualified(name: string): { readonly schema: string | null; readonly name: string } {
  const period = name.indexOf(".")
  return period < 0 ? { schema: null, name } : { schema: name.slice(0, period), name: name.slice(period + 1) }
}
