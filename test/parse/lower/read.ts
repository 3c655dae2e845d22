import { expect } from "vitest"
import type { Operation } from "../../../src/parse/operation.ts"
import { loadGrammar } from "../../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../../src/parse/index.ts"
import type { Span } from "../../../src/source/span.ts"

/** Plain data in which every span is the text it covers. */
export type Shown = null | string | number | boolean | readonly Shown[] | { readonly [key: string]: Shown }

export function show(sql: string, value: unknown, text: (span: Span) => string = ({ start, end }) => sql.slice(start, end)): Shown {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value
  if (Array.isArray(value)) return value.map((item: unknown) => show(sql, item, text))
  if (typeof value !== "object") throw new TypeError(`an operation is plain data, not ${typeof value}`)
  if (isSpan(value)) return text(value)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, show(sql, item, text)]))
}

function isSpan(value: object): value is Span {
  return "start" in value && "end" in value && typeof value.start === "number" && typeof value.end === "number"
}

/** The operations of `sql`, which must parse, with every span shown as text. */
export function read(sql: string): readonly Shown[] {
  return show(sql, operationsOf(sql)) as readonly Shown[]
}

/** The only operation of `sql`, shown. */
export function readOne(sql: string): Shown {
  const operations = read(sql)
  expect(operations).toHaveLength(1)
  return operations[0] ?? null
}

export function operationsOf(sql: string): readonly Operation[] {
  loadGrammar()
  const { statements, errors } = parseFile(sql)
  expect(errors).toEqual([])
  return statements.flatMap((statement) => statement.operations)
}
