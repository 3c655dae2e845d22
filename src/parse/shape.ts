import type { Tokens } from "../source/tokens.ts"
import { isDigit, isSpace } from "../source/characters.ts"
import { foldIdentifier } from "../source/names.ts"
import { isKeyword, TokenKind } from "../source/tokens.ts"
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
  /** Tokens, counted from the first one, before which something else stands in the text that is no part of this. */
  readonly joints: readonly number[]
  /** An element in the brackets of CREATE TABLE; otherwise a statement. */
  readonly isElement: boolean
}

const STATEMENT: Pick<Shape, "joints" | "isElement"> = { joints: [], isElement: false }

export const FIXED = -1
export const LITERAL = -2

/**
 * Words that mean something where PostgreSQL or our own lowering looks for them, though they are no keywords. A test
 * takes every word that the lowering compares with from its sources and looks for it here.
 */
const MEANINGFUL: ReadonlyMap<string, number> = new Map(
  `a alias arguments attributes base bigserial body bool bpchar btree buffers c case_when_list checks citext cmd_name comparison
  cond connect create_slot current_database cursor_explicit_expr datatype datums dbname default_val deleted dimensions
  dynquery elements elog_level else_body else_stmts elsif_list event_trigger exc_list exceptions excluded expr f f8 fields
  fillfactor float4 float8 generate_series gist hash i int2 int4 int8 internal jsonpath keyword kind list lossy lower
  modulus multirange_type_name n nextval now nulls_ordering number op operations ordering other owned_by p params permanent permissive
  plpgsql plpgsql_funcs predicate public query quote_ident quote_literal quote_nullable recparentno refname regclass
  remainder restrictive reverse search_path sequence_name serial serial2 serial4 serial8 shell slice smallserial span sqlstmt step stmts strategy t
  t_expr tableoid then_body timestamptz timetz typname u unnest upper v var varbit varno volatility writes`.split(/\s+/).map((word, position) => [word, position]),
)

/**
 * Keywords that columns are often called. In quotes they are names like any other: they are none of the words above, and the lowering
 * compares no name with them.
 */
const QUOTABLE: ReadonlySet<string> = new Set(
  `action comment content data day description group hour key label language level location match month name order owner position role
  second source text timestamp type user value values version year`.split(/\s+/),
)

/** Statements whose operations repeat names, literals and places, and hardly anything derived from them. */
const OPENINGS: ReadonlySet<string> = new Set(
  "alter analyze begin comment commit create delete drop grant insert lock refresh reindex reset revoke rollback select set start truncate update vacuum".split(" "),
)

/** PostgreSQL cuts longer names. */
const LONGEST_NAME = 60
/** Longer statements are seldom alike. */
const MOST_TOKENS = 400

// What a shape's key is made of: one UTF-16 unit for each token. Names come by their number, twice: as written without and with quotes;
// what is fixed comes by a number of its own.
const STRING = 0
const INTEGER = 1
const FIRST_NAME = 2
const FIRST_FIXED = FIRST_NAME + 2 * MOST_TOKENS
const MOST_FIXED = 8000

/** What is fixed and not a keyword. Their numbers and those of keywords are the same in every process, so that shapes can be kept. */
const SIGNS = "( ) [ ] , ; . : :: := + - * / % ^ < > = <= >= <> != || -> ->> #> #>> @> <@ ? ?| ?& && ~ ~* !~ !~* @@ => 0 0.0 0.00 \"public\"".split(" ")

/** The shape of the statement that the tokens `[from, to)` make up; null when it has something that shapes do not cover. */
export function shapeOf(tokens: Tokens, from: number, to: number, { joints, isElement }: Pick<Shape, "joints" | "isElement"> = STATEMENT): Shape | null {
  const { text, kinds, starts, ends } = tokens
  if (to - from > MOST_TOKENS || !(isElement || OPENINGS.has(wordAt(text, starts[from] ?? 0, ends[from] ?? 0).lower))) return null
  const roles: number[] = []
  const names: string[] = []
  const units: number[] = []
  let before = -1
  let quoted = false
  for (let index = from; index < to; index++) {
    const start = starts[index] ?? 0
    const end = ends[index] ?? 0
    const joined = joints.length > 0 && joints.includes(index - from)
    if (!joined && before >= 0 && start > before && !isBlank(text, before, start)) return null
    before = end
    const kind = kinds[index]
    let unit: number
    let role = FIXED
    if (kind === TokenKind.word || kind === TokenKind.quotedName) {
      const word = wordAt(text, start, end)
      if (word.name === null) return null
      if (word.free) {
        role = numberOf(names, word.name)
        unit = FIRST_NAME + 2 * role + (kind === TokenKind.word ? 0 : 1)
        if (keywords.has(word.name)) quoted = true
      } else unit = fixedUnit(word)
    } else if (kind === TokenKind.string) {
      // Two strings in a row may be one that goes on in the next line.
      if (text.charCodeAt(start) !== 39 || kinds[index + 1] === TokenKind.string) return null
      unit = STRING
      role = LITERAL
    } else if (kind === TokenKind.number && isSmallInteger(text, start, end)) {
      unit = INTEGER
      role = LITERAL
    } else if (kind === TokenKind.number || kind === TokenKind.operator || kind === TokenKind.punctuation) {
      unit = fixedUnit(wordAt(text, start, end))
    } else return null
    if (unit < 0) return null
    units.push(unit)
    roles.push(role)
  }
  // The same name with and without quotes would be two.
  if (quoted && names.some((name) => hasWord(tokens, from, to, name))) return null
  const key = String.fromCharCode(...units)
  return { key: isElement ? ELEMENT + key : key, tokens, from, to, roles, names, joints, isElement }
}

function hasWord(tokens: Tokens, from: number, to: number, word: string): boolean {
  for (let index = from; index < to; index++) if (isKeyword(tokens, index, word)) return true
  return false
}

/** The text of a shape without what stands at its joints. */
export function writtenShape({ tokens: { text, starts, ends }, from, to, joints }: Shape): string {
  let written = ""
  for (let index = from; index < to; index++) {
    if (index > from) written += joints.includes(index - from) ? " " : text.slice(ends[index - 1], starts[index])
    written += text.slice(starts[index], ends[index])
  }
  return written
}

/** The unit of a token whose text is part of the key; -1 when there are too many of them. */
function fixedUnit(word: Word): number {
  if (word.unit < 0) {
    const number = lastingNumber(word)
    if (number >= 0) word.unit = FIRST_FIXED + number
    else if (fixed < MOST_FIXED) word.unit = FIRST_FIXED + fixed++
  }
  return word.unit
}

/** The number of what has the same one in every process; -1 for the rest. */
function lastingNumber({ written, lower }: Word): number {
  const sign = SIGNS.indexOf(written)
  if (sign >= 0) return sign
  const meaning = MEANINGFUL.get(lower)
  const position = keywords.get(lower) ?? (meaning === undefined ? -1 : keywords.size + meaning)
  if (position < 0 || (written !== lower && written !== lower.toUpperCase())) return -1
  return SIGNS.length + 2 * position + (written === lower ? 0 : 1)
}

/** No statement that has a shape begins with a bracket. */
const ELEMENT = String.fromCharCode(FIRST_FIXED + SIGNS.indexOf("("))

const LASTING = SIGNS.length + 2 * (keywords.size + MEANINGFUL.size)

/** So many different names are enough for what is kept. */
const LASTING_NAMES = 40
const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"

/** A key as plain ASCII without blanks, two characters for each token; null when it does not mean the same in every process. */
export function lastingKey(key: string): string | null {
  let lasting = ""
  for (let i = 0; i < key.length; i++) {
    let unit = key.charCodeAt(i)
    if (unit >= FIRST_FIXED + LASTING || (unit < FIRST_FIXED && unit >= FIRST_NAME + 2 * LASTING_NAMES)) return null
    if (unit >= FIRST_FIXED) unit -= FIRST_FIXED - FIRST_NAME - 2 * LASTING_NAMES
    lasting += `${DIGITS.charAt(unit >> 6)}${DIGITS.charAt(unit & 63)}`
  }
  return lasting
}

/** How many different texts of tokens have become part of a key, and how many numbers are given already. */
let fixed = LASTING

function isBlank(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isSpace(text.charCodeAt(i))) return false
  return true
}

function numberOf(names: string[], name: string): number {
  const known = names.indexOf(name)
  return known >= 0 ? known : names.push(name) - 1
}

/** The text of a token, and what it means as a word or quoted name. */
interface Word {
  readonly written: string
  readonly lower: string
  /** As PostgreSQL folds it; null for what is not plain ASCII or so long that PostgreSQL cuts it. */
  readonly name: string | null
  /** Any other free name could stand in its place. */
  readonly free: boolean
  unit: number
}

/**
 * The same words come again and again, and each of them is one string from here on, which maps of names compare by identity. They are
 * found by the characters of the text, without cutting them out of it.
 */
let words: Word[] = []
const SLOTS = 1 << 16
const MOST_WORDS = SLOTS / 2
/** By hash, the position in `words` plus one; zero: free. */
const slots = new Int32Array(SLOTS)
/** Words of one character: commas and parentheses are the commonest tokens of all. */
const single: (Word | undefined)[] = []

function wordAt(text: string, start: number, end: number): Word {
  if (end - start === 1) {
    const code = text.charCodeAt(start)
    if (code < 128) return (single[code] ??= readWord(text.slice(start, end)))
  }
  let slot = slotOf(text, start, end)
  for (let at = slots[slot] ?? 0; at > 0; at = slots[slot] ?? 0) {
    const word = words[at - 1]
    if (word !== undefined && isWritten(word.written, text, start, end)) return word
    slot = (slot + 1) & (SLOTS - 1)
  }
  const word = readWord(text.slice(start, end))
  if (words.length === MOST_WORDS) forgetWords()
  else {
    words.push(word)
    slots[slot] = words.length
  }
  return word
}

/** Where to begin to look for a word. */
function slotOf(text: string, start: number, end: number): number {
  let hash = end - start
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return (hash ^ (hash >>> 15)) & (SLOTS - 1)
}

function isWritten(written: string, text: string, start: number, end: number): boolean {
  if (written.length !== end - start) return false
  for (let i = start; i < end; i++) if (written.charCodeAt(i - start) !== text.charCodeAt(i)) return false
  return true
}

/** Only names are forgotten: the numbers of what is fixed are in the keys of templates. */
function forgetWords(): void {
  const kept = words.filter(({ unit }) => unit >= 0)
  words = []
  slots.fill(0)
  for (const word of kept) {
    let slot = slotOf(word.written, 0, word.written.length)
    while ((slots[slot] ?? 0) > 0) slot = (slot + 1) & (SLOTS - 1)
    words.push(word)
    slots[slot] = words.length
  }
}

function readWord(text: string): Word {
  // A copy: a part of a text keeps all of it in memory.
  const written = ` ${text}`.slice(1)
  const lower = written.toLowerCase()
  if (written.length > LONGEST_NAME || !/^(?:[\w$]+|"[ !#-~]+")$/.test(written)) return { written, lower, name: null, free: false, unit: -1 }
  const name = written.startsWith('"') ? written.slice(1, -1) : foldIdentifier(written)
  const isQuotable = written.startsWith('"') && QUOTABLE.has(name)
  const free = !((keywords.has(name) && !isQuotable) || MEANINGFUL.has(name) || name.startsWith("pg_"))
  return { written, lower, name, free, unit: -1 }
}

/** Without a leading zero, and small enough for PostgreSQL's integer. */
function isSmallInteger(text: string, start: number, end: number): boolean {
  if (end - start > 9 || (end - start > 1 && text.charCodeAt(start) === 48)) return false
  for (let i = start; i < end; i++) if (!isDigit(text.charCodeAt(i))) return false
  return true
}
