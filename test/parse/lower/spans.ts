import type { Statement } from "../../../src/parse/operation.ts"
import { identifierName, lex } from "../../../src/source/lexer.ts"

/** PostgreSQL cuts identifiers to 63 bytes (NAMEDATALEN - 1); the source keeps them whole. */
const NAME_BYTES = 63

/** What is wrong with the spans of a statement that was read from `sql`: nothing, when each part stands where it says. */
export function misplaced(sql: string, statement: Statement): readonly string[] {
  const problems: string[] = []
  const { span } = statement
  for (const operation of statement.operations) {
    if (!isWithin(operation.span, span)) problems.push(`operation ${operation.op}`)
    visit(operation, operation.op)
  }
  return problems

  function visit(value: unknown, path: string): void {
    if (typeof value !== "object" || value === null) return
    for (const [key, item] of Object.entries(value) as [string, unknown][]) {
      if (key === "span") check(value as Named, path)
      else visit(item, `${path}.${key}`)
    }
  }

  function check(part: Named, path: string): void {
    const text = sql.slice(part.span.start, part.span.end)
    if (!isWithin(part.span, span)) problems.push(`${path} is outside its statement`)
    if (!path.endsWith("body") && (text === "" || text !== text.trim())) problems.push(`${path} is "${text}"`)
    if (isName(part) && lastName(text) !== part.name) problems.push(`${path} is "${text}", not "${part.name}"`)
  }
}

interface Span {
  readonly start: number
  readonly end: number
}

interface Named {
  readonly span: Span
  readonly name?: unknown
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.start <= inner.end && inner.end <= outer.end
}

/** Identifiers and dotted names; types and calls have a text of their own. */
function isName(part: Named): part is Named & { readonly name: string } {
  return typeof part.name === "string" && !("dimensions" in part) && !("arguments" in part) && !("op" in part)
}

function lastName(text: string): string | undefined {
  const tokens = lex(text)
  const name = identifierName(tokens, tokens.count - 1) ?? text
  const bytes = Buffer.from(name)
  return bytes.length <= NAME_BYTES ? name : bytes.subarray(0, NAME_BYTES).toString()
}
