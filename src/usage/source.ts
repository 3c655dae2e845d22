/** A source file as the judgement needs it: lines, blocks by their indentation, statements. */
import { createLineMap, type LineMap } from "../source/text.ts"
import { around, blanked, literalsOf, type Literal } from "./literals.ts"

export interface SourceFile {
  readonly path: string
  readonly text: string
  /** The text without comments, at equal length. */
  readonly code: string
  /** The same without the contents of strings. */
  readonly bare: string
  readonly strings: readonly Literal[]
  readonly lines: LineMap
  readonly extension: string
  /** The name of some mapper of rows, or of a driver, is in it. */
  readonly mapsRows: boolean
  readonly layout: Layout
  isComment(at: number): boolean
  stringAt(at: number): Literal | undefined
}

/** What the indentation of a file's lines says, by line. */
interface Layout {
  /** How far a line is indented; a blank line has no indentation. */
  readonly indents: Float64Array
  /** The line above that is indented less; 0 for none. */
  readonly parents: Int32Array
  /** The last line below that is indented as far or further. */
  readonly ends: Int32Array
}

/** A range of lines, from 1, both included. */
export interface Lines {
  readonly first: number
  readonly last: number
}

const MAPPER =
  /drizzle|prisma|typeorm|mikro-?orm|sequelize|kysely|knex|objection|bookshelf|sqlalchemy|sqlmodel|django\.db|models\.Model|peewee|tortoise|\bdb\.(?:Model|Column)\b|mapped_column|ApplicationRecord|ActiveRecord|gorm\b|\bsqlx\b|diesel|sea_orm|persistence\.|hibernate|org\.jooq|exposed\.|Ecto\.|EntityFramework|DataAnnotations|Doctrine|Eloquent|Illuminate.Database|\bpgx|database\/sql|`(?:[^`]*\s)?(?:db|bun|pg):"|FromRow|node-postgres|slonik|[pP]ostgres|psycopg|Npgsql|Dapper|LinqToDB|FluentKit|import Fluent\b|springframework\.data|data\.annotation|r2dbc|ktorm|komapper|\b(?:doobie|skunk|slick|scalikejdbc|anorm|quill|magnum|augustnagro)\b/

export function openSource(path: string, text: string): SourceFile {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase()
  const { comments, strings } = literalsOf(text, extension)
  const code = blanked(text, comments)
  const lines = createLineMap(text)
  let bare: string | null = null
  let mapsRows: boolean | null = null
  let layout: Layout | null = null
  return {
    path,
    text,
    code,
    get bare() {
      return (bare ??= blanked(code, strings.map(({ from, to }) => ({ start: from, end: to }))))
    },
    strings,
    lines,
    extension,
    get mapsRows() {
      return (mapsRows ??= MAPPER.test(text))
    },
    get layout() {
      return (layout ??= layoutOf(code, lines))
    },
    isComment: (at) => around(comments, at) !== undefined,
    stringAt: (at) => {
      const found = around(strings, at)
      return found !== undefined && found.from <= at && at < found.to ? found : undefined
    },
  }
}

/** A line of the code, without comments. */
export function lineOf(source: SourceFile, line: number): string {
  return source.code.slice(source.lines.lineStart(line), source.lines.lineStart(line + 1))
}

export function textOf(source: SourceFile, { first, last }: Lines): string {
  return source.code.slice(source.lines.lineStart(first), source.lines.lineStart(last + 1))
}

function layoutOf(code: string, lines: LineMap): Layout {
  const count = lines.lineCount
  const indents = new Float64Array(count + 1)
  const parents = new Int32Array(count + 1)
  const ends = new Int32Array(count + 1)
  const written: number[] = []
  for (let line = 1; line <= count; line += 1) {
    const indent = indentIn(code, lines.lineStart(line), lines.lineStart(line + 1))
    indents[line] = indent
    if (indent !== Infinity) written.push(line)
  }
  /** The nearest line in the order of the walk that is indented less. */
  const nearest = (line: number, passed: number[]): number => {
    for (let top = passed.at(-1); top !== undefined; top = passed.at(-1)) {
      if ((indents[top] ?? 0) < (indents[line] ?? 0)) break
      passed.pop()
    }
    const found = passed.at(-1) ?? 0
    passed.push(line)
    return found
  }
  const above: number[] = []
  for (const line of written) parents[line] = nearest(line, above)
  const below: number[] = []
  const previous = new Int32Array(count + 1)
  for (const [index, line] of written.entries()) previous[line] = written[index - 1] ?? 0
  for (let index = written.length - 1; index >= 0; index -= 1) {
    const line = written[index] ?? 0
    const next = nearest(line, below)
    ends[line] = next === 0 ? (written.at(-1) ?? 0) : (previous[next] ?? 0)
  }
  return { indents, parents, ends }
}

function indentIn(code: string, start: number, end: number): number {
  let width = 0
  for (let at = start; at < end; at += 1) {
    const character = code.charAt(at)
    if (character === " ") width += 1
    else if (character === "\t") width += 4
    else return character === "\n" || character === "\r" ? Infinity : width
  }
  return Infinity
}

/** A block: the lines that open it, annotations included, and those inside of it. */
export interface Block {
  readonly header: Lines
  readonly body: Lines
}

/** How far up a block's start is looked for; longer ones are generated, or no code. */
const FARTHEST = 1500

/** The blocks around a line, the innermost first, as far as the indentation shows them. */
export function* blocksAround(source: SourceFile, line: number): Generator<Block> {
  const { indents, parents, ends } = source.layout
  if (indents[line] === Infinity) return
  let inner = line
  for (let at = parents[line] ?? 0; at > 0 && line - at < FARTHEST; at = parents[at] ?? 0) {
    yield { header: { first: headerStart(source, at), last: at }, body: { first: at + 1, last: ends[inner] ?? line } }
    inner = at
  }
}

/** The first line of what opens a block: a bracket of its own belongs to the line before, and annotations come before both. */
function headerStart(source: SourceFile, line: number): number {
  const { indents } = source.layout
  const indent = indents[line] ?? 0
  let first = line
  for (let at = line - 1; at >= 1 && line - at < 25; at -= 1) {
    const own = indents[at] ?? 0
    if (own === Infinity || own < indent) break
    const current = lineOf(source, first).trim()
    const text = lineOf(source, at).trim()
    const annotates = own === indent && (/^(?:@|#\[|\[[A-Z]|#\[)/.test(text) || /^[)\]}]+[,)\]]*$/.test(text))
    const continues = /^[{)\]}>]/.test(current) || own > indent
    if (own === indent && !annotates && !continues) break
    // The end of the block before, not the end of an annotation.
    if (own === indent && /^(?:\}|end\b)/.test(text) && !/^\}\)/.test(text)) break
    if (own === indent) first = at
  }
  return first
}

/** How far a statement is followed in both directions. */
const LONGEST = 40

/** The lines of the statement around a line: as long as brackets, commas and dots say that it goes on. */
export function statementAround(source: SourceFile, line: number): Lines {
  let first = line
  while (first > 1 && line - first < LONGEST && goesOn(source, first - 1, first)) first -= 1
  let last = line
  while (last < source.lines.lineCount && last - line < LONGEST && goesOn(source, last, last + 1)) last += 1
  return { first, last }
}

/** Languages without commas: a map goes on with its next key. */
const LISPS = new Set(["clj", "cljs", "cljc"])

/** Whether the statement of a line continues on the next one. */
function goesOn(source: SourceFile, line: number, next: number): boolean {
  const { bare, extension, lines } = source
  const text = bare.slice(lines.lineStart(line), lines.lineStart(next)).trim()
  const following = bare.slice(lines.lineStart(next), lines.lineStart(next + 1)).trim()
  if (following === "" || text === "") return false
  if (LISPS.has(extension) && following.startsWith(":")) return true
  if (/^(?:\?\.|\.|\|>|->|::|&&|\|\||[)\]}+,])/.test(following)) return true
  if (/;$/.test(text) || opensCode(text)) return false
  return /[([{,.=+&|\\]$|\b(?:and|or|in|from|return|await)$|->$|=>$/.test(text)
}

/** Whether a line opens a block of statements, rather than an object or a list. */
function opensCode(text: string): boolean {
  return /(?:=>|\)(?:\s*(?::|->)\s*[\w<>[\]., |?*]+)?|\b(?:else|try|do|finally|class\b.*|struct|interface\b.*|enum\b.*|model\b.*|module\b.*|namespace\b.*)|\bdo\s*\|[^|]*\|)\s*\{$/.test(text) || /\bdo(?:\s*\|[^|]*\|)?$/.test(text)
}
