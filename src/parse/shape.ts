import type { Tokens } from "../source/tokens.ts"
import { isDigit, isSpace } from "../source/characters.ts"
import { foldIdentifier } from "../source/names.ts"
import { TokenKind } from "../source/tokens.ts"
import { keywords } from "./keywords.ts"

/**
 * What a statement's text has in common with others: the same tokens, except that plain names may be other names (equal
 * ones stay equal), plain strings other strings and small integers other integers, with blanks of any length between.
 */
export interface Shape {
  /** Equal for statements of the same shape, and only for them. */
  readonly key: string
  readonly tokens: Tokens
  /** The statement's tokens are `[from, to)`. */
  readonly from: number
  readonly to: number
  /** For each token: the number of its name in `names`, LITERAL, or FIXED when its text is part of the key. */
  readonly roles: readonly number[]
  /** The different names, folded as PostgreSQL does, in the order in which they first appear. */
  readonly names: readonly string[]
}

export const FIXED = -1
export const LITERAL = -2

/**
 * Words that mean something where PostgreSQL or our own lowering looks for them, though they are no keywords. A test
 * takes every word that the lowering compares with from its sources and looks for it here.
 */
const MEANINGFUL: ReadonlySet<string> = new Set(
  `a alias arguments attributes base bigserial body bool bpchar btree buffers c case_when_list checks comparison cond
  connect create_slot current_database cursor_explicit_expr datums dbname default_val deleted dynquery elements
  else_body else_stmts elsif_list event_trigger exc_list exceptions excluded expr f f8 fillfactor float4 float8 gist
  hash i int2 int4 int8 internal jsonpath keyword kind list lossy lower modulus n nextval now nulls_ordering number op
  operations ordering other owned_by p params permanent plpgsql plpgsql_funcs predicate public query quote_ident
  quote_literal quote_nullable regclass remainder serial serial2 serial4 serial8 shell smallserial span sqlstmt step
  stmts strategy t t_expr tableoid then_body timestamptz timetz u upper v varbit volatility writes`.split(/\s+/),
)

/** Statements whose operations repeat names, literals and places, and hardly anything derived from them. */
const OPENINGS: ReadonlySet<string> = new Set(["alter", "comment", "create", "delete", "drop", "grant", "insert", "revoke", "select", "update"])

/** PostgreSQL cuts longer names. */
const LONGEST_NAME = 60
/** Longer statements are seldom alike. */
const MOST_TOKENS = 400

// Control characters are in no token that becomes part of a key.
const ADJACENT = "\u0001"
const APART = "\u0002"
const NAME = "\u0003"
const QUOTED = "\u0004"
const STRING = "\u0005"
const INTEGER = "\u0006"

/** The shape of the statement that the tokens `[from, to)` make up; null when it has something that shapes do not cover. */
export function shapeOf(tokens: Tokens, from: number, to: number): Shape | null {
  const { text, kinds, starts, ends } = tokens
  if (to - from > MOST_TOKENS || !OPENINGS.has(text.slice(starts[from], ends[from]).toLowerCase())) return null
  const roles: number[] = []
  const names: string[] = []
  let key = ""
  let before = -1
  for (let index = from; index < to; index++) {
    const start = starts[index] ?? 0
    const end = ends[index] ?? 0
    if (before >= 0 && start > before && !isBlank(text, before, start)) return null
    key += start === before ? ADJACENT : APART
    before = end
    let role = FIXED
    switch (kinds[index]) {
      case TokenKind.word:
      case TokenKind.quotedName: {
        const written = text.slice(start, end)
        const word = wordOf(written)
        if (word === null) return null
        if (word.free) key += (kinds[index] === TokenKind.word ? NAME : QUOTED) + String.fromCharCode((role = numberOf(names, word.name)))
        else key += written
        break
      }
      case TokenKind.string:
        // Two strings in a row may be one that goes on in the next line.
        if (text.charCodeAt(start) !== 39 || kinds[index + 1] === TokenKind.string) return null
        key += STRING
        role = LITERAL
        break
      case TokenKind.number:
        if (isSmallInteger(text, start, end)) {
          key += INTEGER
          role = LITERAL
        } else key += text.slice(start, end)
        break
      case TokenKind.operator:
      case TokenKind.punctuation:
        key += text.slice(start, end)
        break
      default:
        return null
    }
    roles.push(role)
  }
  return { key, tokens, from, to, roles, names }
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isSpace(text.charCodeAt(i))) return false
  return true
}

function numberOf(names: string[], name: string): number {
  const known = names.indexOf(name)
  return known >= 0 ? known : names.push(name) - 1
}

/** A word or quoted name as it is written. */
interface Word {
  readonly name: string
  /** Any other free name could stand in its place. */
  readonly free: boolean
}

/** The same words come again and again. */
const words = new Map<string, Word | null>()
const MOST_WORDS = 20_000

function wordOf(written: string): Word | null {
  const known = words.get(written)
  if (known !== undefined) return known
  const word = readWord(written)
  if (words.size < MOST_WORDS) words.set(written, word)
  return word
}

/** Null for what is not plain ASCII or so long that PostgreSQL cuts it. */
function readWord(written: string): Word | null {
  if (written.length > LONGEST_NAME || !/^(?:[\w$]+|"[ !#-~]+")$/.test(written)) return null
  const name = written.startsWith('"') ? written.slice(1, -1) : foldIdentifier(written)
  return { name, free: !(keywords.has(name) || MEANINGFUL.has(name) || name.startsWith("pg_")) }
}

/** Without a leading zero, and small enough for PostgreSQL's integer. */
function isSmallInteger(text: string, start: number, end: number): boolean {
  if (end - start > 9 || (end - start > 1 && text.charCodeAt(start) === 48)) return false
  for (let i = start; i < end; i++) if (!isDigit(text.charCodeAt(i))) return false
  return true
}
