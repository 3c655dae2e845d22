import { includesOthers } from "../files/includes.ts"
import type { Runner } from "../files/types.ts"
import type { Statement } from "../parse/operation.ts"
import { firstIndex } from "../source/first-index.ts"
import { lex } from "../source/lexer.ts"
import type { Span } from "../source/span.ts"
import { TokenKind, type Tokens } from "../source/tokens.ts"

/**
 * Whether something runs in a part of the file that nobody could read: a statement with a syntax error, a file that is included, a
 * branch of psql or of a template, a query whose rows are run. `statements` are those that could be read.
 */
export function hasUnread(sql: string, { start, end }: Span, statements: readonly Statement[], runner: Runner | null): boolean {
  if (end <= start) return false
  const { places, includes } = memories.get(statements) ?? remember(sql, statements, runner)
  if (includes && runner !== null && mayInclude(sql.slice(start, end), runner)) return true
  return (places[firstIndex(places.length, (index) => (places[index] ?? start) >= start)] ?? end) < end
}

/** What a file has that could not be read; found out once, for many statements may ask for it. */
interface Unread {
  /** Where it stands, in the order of the text. */
  readonly places: readonly number[]
  /** Somewhere another file may be included. */
  readonly includes: boolean
}

const memories = new WeakMap<readonly Statement[], Unread>()

function remember(sql: string, statements: readonly Statement[], runner: Runner | null): Unread {
  const unread = { places: placesIn(sql, statements), includes: runner !== null && mayInclude(sql, runner) }
  memories.set(statements, unread)
  return unread
}

function mayInclude(sql: string, { framework }: Runner): boolean {
  return includesOthers(sql, { framework, isPsql: false })
}

function placesIn(sql: string, statements: readonly Statement[]): readonly number[] {
  const places: number[] = []
  const tokens = lex(sql)
  let next = 0
  for (let index = 0; index < tokens.count; index += 1) {
    const at = tokens.starts[index] ?? 0
    while (next < statements.length && (statements[next]?.span.end ?? 0) <= at) next += 1
    const isRead = (statements[next]?.span.start ?? Infinity) <= at
    if (!isRead && !isHarmless(tokens, index)) places.push(at)
  }
  return places
}

/** Commands of psql that neither run what stands elsewhere nor decide what runs. */
const HARMLESS = /^\\(?:$|[?!]|(?:a|C|cd|copy|crosstabview|d\S*|echo|encoding|f|g|gdesc|getenv|gset|gx|h|H|l|o|out|p|prompt|pset|qecho|r|restrict|set|setenv|sf|sv|t|T|timing|unrestrict|unset|w|warn|watch|x|z)(?!\w))/

/** Between statements. */
function isHarmless(tokens: Tokens, index: number): boolean {
  const text = tokens.text.slice(tokens.starts[index], tokens.ends[index])
  const kind = tokens.kinds[index]
  return text === ";" || kind === TokenKind.copyData || (kind === TokenKind.metaCommand && HARMLESS.test(text))
}
