import { expect } from "vitest"
import type { Collected } from "../../src/code/languages/collected.ts"

/** Each text with how it runs, and what was not read. */
export function summary(source: string, { calls, unread, builders, tables }: Collected) {
  for (const { text } of calls) {
    for (const { start, end, from, to, kind } of text.segments) {
      if (kind === "plain") expect(source.slice(from, to)).toBe(text.sql.slice(start, end))
    }
  }
  const words = ({ down, outside, conditional }: Collected["calls"][number]): string =>
    [down ? "down" : "up", outside ? "outside" : "", conditional ? "perhaps" : ""].filter(Boolean).join(" ")
  return {
    sql: calls.map((call) => `${words(call)}: ${call.text.sql}`),
    unread: unread.map(({ start, end }) => source.slice(start, end)),
    builders: builders.length,
    tables: tables.map(({ schema, name, maybeOlder }) => `${schema === null ? "" : `${schema}.`}${name}${maybeOlder ? "?" : ""}`),
  }
}
