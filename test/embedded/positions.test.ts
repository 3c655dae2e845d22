import { Linter } from "eslint"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { evaluate } from "../../src/embedded/evaluate.ts"
import { decodeLiteral } from "../../src/embedded/literal.ts"
import { isNode, type Node } from "../../src/embedded/node.ts"
import { toHost, toHostEdit } from "../../src/embedded/text.ts"

/** Parses with ESLint's own parser, which is not the reader under test. */
function parse(source: string, sourceType: "module" | "script" = "script"): Node {
  const linter = new Linter()
  const messages = linter.verify(source, { languageOptions: { sourceType, ecmaVersion: 2024 } })
  expect(messages).toEqual([])
  const program: unknown = linter.getSourceCode().ast
  if (!isNode(program)) throw new Error("no tree")
  return program
}

/** The expression of `const x = <expression>`, the last statement. */
function initOf(program: Node): Node {
  const body: unknown = program["body"]
  const last: unknown = Array.isArray(body) ? body.at(-1) : undefined
  const declarations: unknown = isNode(last) ? last["declarations"] : undefined
  const declarator: unknown = Array.isArray(declarations) ? declarations[0] : undefined
  const init: unknown = isNode(declarator) ? declarator["init"] : undefined
  if (!isNode(init)) throw new Error("no initializer")
  return init
}

function read(expression: string): { source: string; text: NonNullable<ReturnType<typeof evaluate>> } {
  const source = `const h = 1; const x = ${expression}`
  const text = evaluate(initOf(parse(source)), { source, resolve: () => null })
  if (text === null) throw new Error(`not read: ${expression}`)
  return { source, text }
}

type Quote = "'" | '"' | "`"

const hex = (code: number, length: number): string => code.toString(16).padStart(length, "0")

/** One character of SQL in one of its spellings. */
function spellings(character: string, quote: Quote): string[] {
  const code = character.codePointAt(0) ?? 0
  const found = [`\\u{${hex(code, 1)}}`, `\\u{${hex(code, 6)}}`]
  if (code <= 0xff) found.push(`\\x${hex(code, 2)}`)
  if (code <= 0xffff) found.push(`\\u${hex(code, 4)}`)
  else found.push([...character].flatMap((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)]).map((unit) => `\\u${hex(unit, 4)}`).join(""))
  if (quote !== "`" && code <= 0xff) found.push(`\\${code.toString(8).padStart(3, "0")}`)
  if (character === "\n") return [...found, "\\n", ...(quote === "`" ? ["\n", "\r\n"] : [])]
  if (character === "\t") return [...found, "\\t", "\t"]
  if (character === quote || character === "\\") return [...found, `\\${character}`]
  if (character === "$") return [...found, "\\$"]
  return [character, character, character, ...found, `\\\n${character}`, `\\\r\n${character}`]
}

const characterOf = (quote: Quote): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom("a", "Z", "_", " ", '"', "'", "`", "(", "\n", "\t", "\\", "$", "é", "€", "\u2028", "😀", "𝒳", "%", "{", "}"), fc.nat())
    .map(([character, pick]) => {
      const all = spellings(character, quote)
      return all[pick % all.length] ?? character
    })

const literal = fc.constantFrom<Quote>("'", '"', "`").chain((quote) =>
  fc
    .array(quote === "`" ? fc.oneof({ weight: 9, arbitrary: characterOf(quote) }, { weight: 1, arbitrary: fc.constantFrom("${h}", "${ (h) }", "${h /* } */}") }) : characterOf(quote), { minLength: 1, maxLength: 30 })
    .map((parts) => `${quote}${parts.join("")}${quote}`),
)
const expression = fc.array(literal, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(" + "))

/** What the language itself makes of an expression in which `h` is the spelling of a hole. */
function value(source: string, h: string): string {
  // The language itself is the judge.
  const result: unknown = new Function("h", `return ${source}`)(h)
  if (typeof result !== "string") throw new Error("no text")
  return result
}

describe("positions in literals", () => {
  it("cut out of the source and decoded, a range equals the SQL it stands for (2,000 literals)", () => {
    fc.assert(
      fc.property(expression, fc.nat(), fc.nat(), (written, first, second) => {
        const { source, text } = read(written)
        const spelled = text.sql.replaceAll("${(h)}", "${h}")
        expect(text.sql).toBe(value(written, "${h}"))
        expect(spelled).toBe(text.sql)
        // A span of whole segments or characters, as tokens are.
        const cuts = text.segments.flatMap(({ kind, start, end }) =>
          kind === "plain" ? Array.from({ length: end - start + 1 }, (_, index) => start + index) : [start, end],
        ).filter((cut) => !/^[\udc00-\udfff]/.test(text.sql.slice(cut)))
        const [a = 0, b = 0] = [cuts[first % cuts.length], cuts[second % cuts.length]]
        const span = { start: Math.min(a, b), end: Math.max(a, b) }
        if (span.start === span.end) return
        const place = toHost(text, span)
        if (place === null) throw new Error("declined")
        const hostAt = (offset: number): string => text.segments.find(({ start, end }) => start <= offset && offset < end)?.host?.quote ?? "`"
        const cut = source.slice(place.start, place.end)
        expect(value(`${hostAt(span.start)}${cut}${hostAt(span.end - 1)}`, "${h}")).toBe(text.sql.slice(span.start, span.end))
      }),
      { numRuns: 2_000 },
    )
  })

  it("an edit in the source changes the SQL in the same way, or is declined", () => {
    let made = 0
    fc.assert(
      fc.property(expression, fc.nat(), fc.string({ unit: fc.constantFrom("a", "'", '"', "`", "\\", "$", "{", "\n", "1", "😀"), maxLength: 4 }), (written, pick, inserted) => {
        const { source, text } = read(written)
        const starts = text.segments.map(({ start }) => start)
        const at = starts[pick % starts.length] ?? 0
        const edit = toHostEdit(text, { start: at, end: at }, inserted)
        if (edit === null) return
        made += 1
        const edited = source.slice(0, edit.start) + edit.text + source.slice(edit.end)
        expect(value(edited.slice(edited.indexOf("x = ") + 4), "${h}")).toBe(text.sql.slice(0, at) + inserted + text.sql.slice(at))
      }),
      { numRuns: 1_000 },
    )
    expect(made).toBeGreaterThan(500)
  })
})

describe("reading literals", () => {
  it("reads raw templates without escapes", () => {
    const runs = decodeLiteral("a\\n\r\nb", 0, 6, "raw")
    expect(runs?.map(({ value: text }) => text)).toEqual(["a\\n", "\n", "b"])
  })

  it("declines what is no escape of the language", () => {
    for (const source of ["\\u{110000}", "\\xg0", "\\u12", "\\01"]) expect(decodeLiteral(source, 0, source.length, "template")).toBeNull()
  })

  it("maps joined arrays, and declines the separators", () => {
    const { source, text } = read('["ALTER TABLE a", `ADD ${h} int`].join("\\n  ")')
    expect(text.sql).toBe("ALTER TABLE a\n  ADD ${h} int")
    const table = toHost(text, { start: 12, end: 13 })
    expect(table && source.slice(table.start, table.end)).toBe("a")
    expect(toHost(text, { start: 13, end: 15 })).toBeNull()
  })
})
