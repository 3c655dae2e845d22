/** SQL that a call of a schema builder emits, with the places in the code that its parts come from. */
import type { EmbeddedText } from "../../embedded/index.ts"
import { inQuotes } from "../../source/quote.ts"
import type { Said } from "./arguments.ts"
import type { Range } from "./expression.ts"
import type { Token } from "./tokens.ts"

export { quoteLiteral as literal } from "../../source/quote.ts"

/** A stretch of SQL. What is only a text comes from the call as a whole. */
export type Part = string | { readonly sql: string; readonly range: Range; readonly isUnknown?: true }

/** A value that only running the code would tell. */
export function unknown(range: Range): Part {
  return { sql: "${...}", range, isUnknown: true }
}

/** The same, where what comes from no part of it comes from that stretch of the code. */
export function within(range: Range, parts: readonly Part[]): readonly Part[] {
  return parts.map((part) => (typeof part === "string" ? { sql: part, range } : part))
}

export function quoted(name: string): string {
  return name.split(".").map(inQuotes).join(".")
}

/** A name that the code says. */
export function named({ text, range }: Said): Exclude<Part, string> {
  return { sql: quoted(text), range }
}

/** Names with commas between them. */
export function list(names: readonly Said[]): readonly Part[] {
  return joined(names.map((name) => [named(name)]))
}

export function joined(parts: readonly (readonly Part[])[], separator = ", "): Part[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [separator, ...part]))
}

/** @param call The tokens of the call that the user wrote. */
export function madeText(parts: readonly Part[], tokens: readonly Token[], call: Range): EmbeddedText {
  return textOfParts(parts, ({ from, to }) => ({ from: tokens[from]?.start ?? 0, to: tokens[Math.max(to - 1, from)]?.end ?? 0 }), call)
}

/** @param placeOf Where in the file a range of the code stands. */
export function textOfParts(parts: readonly Part[], placeOf: (range: Range) => Range, call: Range): EmbeddedText {
  const whole = placeOf(call)
  let sql = ""
  const segments: EmbeddedText["segments"][number][] = []
  const holes: EmbeddedText["holes"][number][] = []
  for (const part of parts) {
    const text = typeof part === "string" ? part : part.sql
    if (text === "") continue
    const start = sql.length
    sql += text
    const isUnknown = typeof part !== "string" && part.isUnknown === true
    segments.push({ start, end: sql.length, ...(typeof part === "string" ? whole : placeOf(part.range)), kind: isUnknown ? "hole" : "fixed", host: null })
    if (isUnknown) holes.push({ start, end: sql.length })
  }
  return { sql, segments, holes, ...whole }
}
