import { includesOthers } from "../files/includes.ts"
import type { Runner } from "../files/types.ts"
import type { Statement } from "../parse/operation.ts"
import { lex } from "../source/lexer.ts"
import type { Span } from "../source/span.ts"
import { TokenKind, type Tokens } from "../source/tokens.ts"

/**
 * Whether something runs in a part of the file that nobody could read: a statement with a syntax error, a file that is included, a
 * branch of psql or of a template, a query whose rows are run. `statements` are those that could be read.
 */
export function hasUnread(sql: string, { start, end }: Span, statements: readonly Statement[], runner: Runner | null): boolean {
  if (end <= start) return false
  if (runner !== null && includesOthers(sql.slice(start, end), { framework: runner.framework, isPsql: false })) return true
  const tokens = lex(sql, start, end)
  let next = statements.findIndex(({ span }) => span.end > start)
  if (next < 0) next = statements.length
  for (let index = 0; index < tokens.count; index += 1) {
    const at = tokens.starts[index] ?? 0
    while (next < statements.length && (statements[next]?.span.end ?? 0) <= at) next += 1
    const isRead = (statements[next]?.span.start ?? end) <= at
    if (!isRead && !isHarmless(tokens, index)) return true
  }
  return false
}

/** Commands of psql that neither run what stands elsewhere nor decide what runs. */
const HARMLESS = /^\\(?:$|[?!]|(?:a|C|cd|copy|crosstabview|d\S*|echo|encoding|f|g|gdesc|getenv|gset|gx|h|H|l|o|out|p|prompt|pset|qecho|r|restrict|set|setenv|sf|sv|t|T|timing|unrestrict|unset|w|warn|watch|x|z)(?!\w))/

/** Between statements. */
function isHarmless(tokens: Tokens, index: number): boolean {
  const text = tokens.text.slice(tokens.starts[index], tokens.ends[index])
  const kind = tokens.kinds[index]
  return text === ";" || kind === TokenKind.copyData || (kind === TokenKind.metaCommand && HARMLESS.test(text))
}
