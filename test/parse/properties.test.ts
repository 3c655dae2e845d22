import fc from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseStatements, statementTokens } from "../../src/parse/statements.ts"
import { findSuppressions } from "../../src/source/directives.ts"
import { lex } from "../../src/source/lexer.ts"
import { findSections } from "../../src/source/sections.ts"
import { createSource } from "../../src/source/source.ts"
import { splitStatements } from "../../src/source/split.ts"

beforeAll(loadGrammar)

const FRAGMENTS = [
  "select 1", "alter table t add column c int default 5", "create index concurrently i on t (a)", ";", ";\n", "(", ")",
  "'", '"', "$$", "$tag$", "E'\\'", "U&\"", "--", "-- pgsafe-ignore a -- b\n", "/*", "*/", "\n", "\r\n", "\r",
  " ", "\t",
  "${x}", "${", "}", "{{ y }}", "{{", "{%", ":z", ":'z'", ':"z"', "::", ":=", "[1:n]", "array[", "]", "\\gset\n", "\\;",
  "\\", "copy t from stdin;\n", "\n\\.\n", "1\t2\n", "begin atomic", "end", "case", "create function f() returns int",
  "create rule r as on insert to t do (", "é", "\u{1f600}", "\ud800", "\ufeff", "\u00a0", "1e", ".5", "..", "0x", "$1",
  "-- +goose Up\n", "-- +goose Down\n", "do $$ begin end $$", "\0", "+-", "->>", "?", ",", "\f",
]

const sql = fc.oneof(
  { weight: 5, arbitrary: fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 30 }).map((parts) => parts.join(" ")) },
  { weight: 5, arbitrary: fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 30 }).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
)

const RUNS = { numRuns: 1500 }

/** Plain loops: an expectation for each of millions of numbers would take longer than what is tested. */
function firstDisorder(starts: readonly number[], ends: readonly number[], from: number, to: number): number {
  let before = from
  for (const [i, start] of starts.entries()) {
    const end = ends[i] ?? -1
    if (start < before || end <= start || end > to) return i
    before = end
  }
  return -1
}

describe("whatever the text", () => {
  it("tokens and comments are in order, apart and inside", () => {
    fc.assert(
      fc.property(sql, (text) => {
        const tokens = lex(text)
        expect(firstDisorder(tokens.starts, tokens.ends, 0, text.length)).toBe(-1)
        const starts = tokens.comments.map(({ start }) => start)
        const ends = tokens.comments.map(({ end }) => end)
        expect(firstDisorder(starts, ends, 0, text.length)).toBe(-1)
      }),
      RUNS,
    )
  })
  it("nothing between tokens and comments is more than blanks", () => {
    fc.assert(
      fc.property(sql, (text) => {
        const tokens = lex(text)
        const covered = [...tokens.comments, ...tokens.starts.map((start, i) => ({ start, end: tokens.ends[i] ?? 0 }))]
        covered.sort((a, b) => a.start - b.start)
        let rest = ""
        let at = 0
        for (const { start, end } of covered) {
          rest += text.slice(at, start)
          at = end
        }
        expect((rest + text.slice(at)).replace(/^\ufeff/, "")).toMatch(/^[ \t\n\r\f\v]*$/)
      }),
      RUNS,
    )
  })
  it("masking keeps the length and changes holes only", () => {
    fc.assert(
      fc.property(sql, (text) => {
        const { text: masked, holes } = createSource(text).masked()
        expect(masked).toHaveLength(text.length)
        let at = text.startsWith("\ufeff") ? 1 : 0
        for (const { span, text: content } of holes) {
          expect(text.slice(span.start, span.end)).toBe(content)
          expect(masked.slice(at, span.start)).toBe(text.slice(at, span.start))
          at = span.end
        }
        expect(masked.slice(at)).toBe(text.slice(at))
      }),
      RUNS,
    )
  })
  it("pieces tile the text and hold their statements", () => {
    fc.assert(
      fc.property(sql, (text) => {
        const pieces = splitStatements(createSource(text).maskedTokens())
        let at = 0
        for (const { start, end, statement } of pieces) {
          expect(start).toBe(at)
          at = end
          if (statement === undefined) continue
          expect(statement.start).toBeGreaterThanOrEqual(start)
          expect(statement.end).toBeGreaterThan(statement.start)
          expect(statement.end).toBeLessThanOrEqual(end)
        }
        expect(at).toBe(text.length)
      }),
      RUNS,
    )
  })
  it("statements and errors lie inside the text, in order, apart, and hold their tokens", () => {
    fc.assert(
      fc.property(sql, (text) => {
        const source = createSource(text)
        const { statements, errors } = parseStatements(source)
        const spans = [...statements.map(({ span }) => span), ...errors.map(({ statement }) => statement)]
        spans.sort((a, b) => a.start - b.start)
        expect(firstDisorder(spans.map(({ start }) => start), spans.map(({ end }) => end), 0, text.length)).toBe(-1)
        for (const { span, statement } of errors) {
          expect(span.start).toBeGreaterThanOrEqual(statement.start)
          expect(span.end).toBeLessThanOrEqual(statement.end)
        }
        for (const statement of statements) {
          const tokens = statementTokens(source, statement)
          expect(tokens.starts[0]).toBe(statement.span.start)
          expect(tokens.ends.at(-1)).toBe(statement.span.end)
        }
      }),
      RUNS,
    )
  })
  it("good statements survive among bad ones", () => {
    const bad = fc.constantFrom("selec 1", "create table (", "drop drop", "a b c )", "alter table t add")
    const good = fc.constantFrom("select 'a;b'", "drop table é", "do $$ begin; end $$", "vacuum full t")
    fc.assert(
      fc.property(fc.array(fc.oneof(bad, good), { minLength: 1, maxLength: 12 }), (parts) => {
        const text = parts.join(";\n")
        const { statements, errors } = parseStatements(createSource(text))
        const isGood = (part: string): boolean => /^(?:select |drop table|do|vacuum)/.test(part)
        expect(statements.map(({ span }) => text.slice(span.start, span.end))).toEqual(parts.filter(isGood))
        expect(errors).toHaveLength(parts.filter((part) => !isGood(part)).length)
      }),
      { numRuns: 300 },
    )
  })
  it("sections and suppressions lie inside the text", () => {
    fc.assert(
      fc.property(sql, (text) => {
        const source = createSource(text)
        for (const { span } of [...findSections(source), ...findSuppressions(source)]) {
          expect(span.start).toBeGreaterThanOrEqual(0)
          expect(span.end).toBeGreaterThanOrEqual(span.start)
          expect(span.end).toBeLessThanOrEqual(text.length)
        }
      }),
      RUNS,
    )
  })
})
