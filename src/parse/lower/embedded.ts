import type { Operation, Statement } from "../operation.ts"
import type { Source } from "../../source/source.ts"
import type { Span } from "../../source/span.ts"
import type { RawStatement } from "../statements.ts"
import type { Context } from "./context.ts"
import type { LowerNested } from "./create.ts"
import { createSource } from "../../source/source.ts"
import { parseStatements, statementTokens } from "../statements.ts"
import { EMPTY } from "./context.ts"

/** The context of a statement that stands in `source`. */
export function contextOf(source: Source, statement: RawStatement): Context {
  return {
    text: statement.holes.length > 0 ? source.masked().text : source.text,
    span: statement.span,
    at: statement.at,
    lex: () => statementTokens(source, statement),
    tokens: null,
  }
}

/** The statements of a text that stands inside another one; null when the grammar rejects any of them. */
export function lowerText(text: string, lowerNested: LowerNested): readonly Statement[] | null {
  const source = createSource(text)
  const { statements, errors } = parseStatements(source)
  if (errors.length > 0) return null
  return statements.map((statement) => ({
    span: statement.span,
    operations: lowerNested(contextOf(source, statement), statement.node),
    holes: EMPTY,
  }))
}

/** Turns a span of an embedded text into one of the file. */
export type SpanMap = (span: Span) => Span

/** `operations` with every span mapped. */
export function mapOperations(operations: readonly Operation[], map: SpanMap): readonly Operation[] {
  // Mapping keeps the shape of everything.
  return operations.map((operation) => mapSpans(operation, map) as Operation)
}

function mapSpans(value: unknown, map: SpanMap): unknown {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.length === 0 ? value : value.map((item: unknown) => mapSpans(item, map))
  if (isSpan(value)) return map(value)
  const mapped: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value) as [string, unknown][]) mapped[key] = mapSpans(item, map)
  return mapped
}

function isSpan(value: object): value is Span {
  return "start" in value && "end" in value && typeof value.start === "number" && typeof value.end === "number"
}
