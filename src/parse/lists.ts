import type { Tokens } from "../source/tokens.ts"
import type { ConstraintDefinition } from "./constraint.ts"
import type { ColumnDefinition, Operation, OperationOf } from "./operation.ts"
import type { Shape } from "./shape.ts"
import { isKeyword, isSymbol, kindOf, TokenKind } from "../source/tokens.ts"
import { literalOf } from "./plan.ts"
import { shapeOf } from "./shape.ts"

/**
 * A statement that is a list: actions of ALTER TABLE, elements of CREATE TABLE, labels of an enum, rows of VALUES. To the grammar the items
 * have nothing to do with each other, so that what it makes of the whole can be put together from what it makes of each. There are
 * far fewer kinds of items than of lists.
 */
export interface List {
  /** What is to be read; null for a part that shapes do not cover. */
  readonly parts: readonly (Shape | null)[]
  /** The statement's operations, from what the parts mean; null when these do not go together. */
  compose(meanings: readonly unknown[]): readonly Operation[] | null
}

type CreateTable = OperationOf<"create table">

/** What an element of CREATE TABLE means: one of these. */
export interface Element {
  readonly column: ColumnDefinition | null
  readonly constraint: ConstraintDefinition | null
  readonly like: CreateTable["like"][number] | null
}

/** The statement that the tokens `[from, to)` make up as a list; null when it is none, or ALTER TABLE with one action. */
export function listOf(tokens: Tokens, from: number, to: number): List | null {
  if (isKeyword(tokens, from, "alter")) return isKeyword(tokens, from + 1, "table") && hasComma(tokens, from + 3, to) ? actionsOf(tokens, from, to) : null
  if (isKeyword(tokens, from, "create")) {
    return isKeyword(tokens, from + 1, "type") ? labelsOf(tokens, from, to) : elementsOf(tokens, from, to)
  }
  return isKeyword(tokens, from, "insert") ? rowsOf(tokens, from, to) : null
}

/** A stretch of tokens, `[from, to)`. */
interface Range {
  readonly from: number
  readonly to: number
}

/** Actions that ALTER TABLE takes several of; RENAME, SET SCHEMA and ATTACH PARTITION stand alone. */
const LISTED = ["add", "alter", "drop", "validate"]

function actionsOf(tokens: Tokens, from: number, to: number): List | null {
  let first = from + 2
  if (isKeyword(tokens, first, "if") && isKeyword(tokens, first + 1, "exists")) first += 2
  if (isKeyword(tokens, first, "only")) first += 1
  first = behindName(tokens, first)
  if (isSymbol(tokens, first, "*")) first += 1
  const actions = items(tokens, first, to)
  if (actions === null || actions.length < 2 || !actions.every((action) => LISTED.some((word) => isKeyword(tokens, action.from, word)))) return null
  const head = { from, to: first }
  return {
    parts: actions.map((action) => statementOf(tokens, head, action)),
    // What the templates make of a statement are operations.
    compose: (meanings) => (meanings as readonly (readonly Operation[])[]).flat(),
  }
}

const PERSISTENCE = ["global", "local", "temporary", "temp", "unlogged"]
const ELEMENT = { joints: [], isElement: true }

function elementsOf(tokens: Tokens, from: number, to: number): List | null {
  let name = from + 1
  while (!isKeyword(tokens, name, "table")) {
    if (!PERSISTENCE.some((word) => isKeyword(tokens, name, word))) return null
    name++
  }
  name += isKeyword(tokens, name + 1, "if") ? 4 : 1
  const open = behindName(tokens, name)
  const close = closing(tokens, open, to)
  const elements = items(tokens, open + 1, close)
  if (elements === null) return null
  return {
    parts: [statementOf(tokens, { from, to: open + 1 }, { from: close, to }), ...elements.map((element) => shapeOf(tokens, element.from, element.to, ELEMENT))],
    compose([statement, ...meanings]) {
      const [table] = statement as readonly Operation[]
      return table?.op === "create table" ? [tableWith(table, meanings as readonly Element[])] : null
    },
  }
}

function tableWith(table: CreateTable, elements: readonly Element[]): CreateTable {
  const columns: ColumnDefinition[] = []
  const constraints: ConstraintDefinition[] = []
  const likes: CreateTable["like"][number][] = []
  for (const { column, constraint, like } of elements) {
    if (column !== null) columns.push(column)
    if (constraint !== null) constraints.push(constraint)
    if (like !== null) likes.push(like)
  }
  // One expression, as for other objects of which there are many (see `records.ts` of the schema).
  return {
    op: table.op,
    span: table.span,
    table: table.table,
    keyword: table.keyword,
    persistence: table.persistence,
    ifNotExists: table.ifNotExists,
    columns,
    constraints,
    like: likes,
    inherits: table.inherits,
    partitionOf: table.partitionOf,
    partitionBy: table.partitionBy,
    ofType: table.ofType,
    accessMethod: table.accessMethod,
    tablespace: table.tablespace,
    parameters: table.parameters,
    onCommitDrop: table.onCommitDrop,
  }
}

function labelsOf(tokens: Tokens, from: number, to: number): List | null {
  const as = behindName(tokens, from + 2)
  if (!isKeyword(tokens, as, "as") || !isKeyword(tokens, as + 1, "enum")) return null
  const open = as + 2
  const close = closing(tokens, open, to)
  const labels: string[] = []
  for (const label of items(tokens, open + 1, close) ?? []) {
    const shape = label.to === label.from + 1 && kindOf(tokens, label.from) === TokenKind.string ? shapeOf(tokens, label.from, label.to, ELEMENT) : null
    if (shape === null) return null
    labels.push(literalOf(shape, 0))
  }
  if (labels.length === 0) return null
  return {
    parts: [statementOf(tokens, { from, to: open + 1 }, { from: close, to })],
    compose([statement]) {
      const [type] = statement as readonly Operation[]
      return type?.op === "create enum" ? [{ ...type, labels }] : null
    },
  }
}

/** INSERT of several rows of constants. */
function rowsOf(tokens: Tokens, from: number, to: number): List | null {
  let values = behindName(tokens, from + 2)
  if (isSymbol(tokens, values, "(")) values = closing(tokens, values, to) + 1
  if (!isKeyword(tokens, values, "values")) return null
  let count = 0
  let last = values + 1
  let at = last
  /** By the place in a row: whether some value is NULL, and whether some is not DEFAULT. */
  const isNull: boolean[] = []
  const isGiven: boolean[] = []
  for (;;) {
    const close = closing(tokens, at, to)
    const row = items(tokens, at + 1, close)
    if (row?.every((value) => isConstant(tokens, value)) !== true) return null
    if (count > 0 && row.length !== isNull.length) return null
    for (let place = 0; place < row.length; place++) {
      const value = row[place]?.from ?? at
      isNull[place] = isNull[place] === true || isKeyword(tokens, value, "null")
      isGiven[place] = isGiven[place] === true || !isKeyword(tokens, value, "default")
    }
    last = at
    count += 1
    at = close + 1
    if (!isSymbol(tokens, at, ",")) break
    at += 1
  }
  if (count < 2) return null
  return {
    parts: [statementOf(tokens, { from, to: values + 1 }, { from: last, to })],
    compose([statement]) {
      const [insert] = statement as readonly Operation[]
      return insert?.op === "insert" ? [{ ...insert, rows: count, nulls: placesOf(isNull, true), defaults: placesOf(isGiven, false) }] : null
    },
  }
}

function placesOf(list: readonly boolean[], wanted: boolean): readonly number[] {
  return list.flatMap((is, place) => (is === wanted ? [place] : []))
}

const CONSTANTS = ["null", "true", "false", "default"]

function isConstant(tokens: Tokens, { from, to }: Range): boolean {
  if (to !== from + 1) return false
  const kind = kindOf(tokens, from)
  return kind === TokenKind.number || (kind === TokenKind.string && tokens.text.charCodeAt(tokens.starts[from] ?? 0) === 39) || CONSTANTS.some((word) => isKeyword(tokens, from, word))
}

// ---------------------------------------------------------------------------------------------------------------------
// Tokens

/** Behind a name that may have a schema. */
function behindName(tokens: Tokens, at: number): number {
  return isSymbol(tokens, at + 1, ".") ? behindName(tokens, at + 2) : at + 1
}

/** The bracket that closes the one at `open`; -1 when there is none. */
function closing(tokens: Tokens, open: number, to: number): number {
  if (!isSymbol(tokens, open, "(")) return -1
  let depth = 0
  for (let at = open; at < to; at++) {
    depth += nesting(tokens, at)
    if (depth === 0) return at
  }
  return -1
}

function nesting(tokens: Tokens, at: number): number {
  if (tokens.kinds[at] !== TokenKind.punctuation) return 0
  const code = tokens.text.charCodeAt(tokens.starts[at] ?? 0)
  return code === 40 || code === 91 ? 1 : code === 41 || code === 93 ? -1 : 0
}

/** Whether there is a comma outside of brackets. */
function hasComma(tokens: Tokens, from: number, to: number): boolean {
  let depth = 0
  for (let at = from; at < to; at++) {
    if (depth === 0 && isSymbol(tokens, at, ",")) return true
    depth += nesting(tokens, at)
  }
  return false
}

/** What stands between the commas; null when there is nothing, or nothing between two of them. */
function items(tokens: Tokens, from: number, to: number): readonly Range[] | null {
  const found: Range[] = []
  let start = from
  let depth = 0
  if (from >= to) return null
  for (let at = from; at <= to; at++) {
    if (at < to) depth += nesting(tokens, at)
    if (at < to && !(depth === 0 && isSymbol(tokens, at, ","))) continue
    if (at === start) return null
    found.push({ from: start, to: at })
    start = at + 1
  }
  return found
}

/** The shape of a statement that is made of two stretches of another one. */
function statementOf(tokens: Tokens, head: Range, tail: Range): Shape | null {
  const pick = <T>(list: readonly T[]): T[] => [...list.slice(head.from, head.to), ...list.slice(tail.from, tail.to)]
  const kinds = pick(tokens.kinds)
  const part = { text: tokens.text, count: kinds.length, kinds, starts: pick(tokens.starts), ends: pick(tokens.ends), comments: tokens.comments }
  return shapeOf(part, 0, part.count, { joints: [head.to - head.from], isElement: false })
}
