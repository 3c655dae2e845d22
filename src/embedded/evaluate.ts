/** Works out which SQL an expression of the host language makes. */
import { inQuotes } from "../source/quote.ts"
import { lineEnd } from "../source/scan.ts"
import { verdictOf } from "./condition.ts"
import { decodeLiteral, type LiteralKind } from "./literal.ts"
import { child, children, isNode, nameIn, pathOf, rangeOf, stringOf, textOf, unwrap, type Node } from "./node.ts"
import { isOptional, SQL_TAG } from "./optional.ts"
import type { Host, MappedText, Segment } from "./text.ts"

/** What has to be known about the file that an expression stands in. */
export interface HostFile {
  readonly source: string
  /** The initial value of the constant that an identifier names, or what a call of a function returns, when they are in sight. */
  resolve(node: Node): Node | null
}

/** An expression inside the SQL of which nobody knows the value. */
export interface TextHole {
  readonly start: number
  readonly end: number
  /** The expression chooses between a text and none. */
  readonly optional?: boolean
}

export interface EmbeddedText extends MappedText {
  readonly holes: readonly TextHole[]
  /** The expression in the host file. */
  readonly from: number
  readonly to: number
  /** The file of SQL that the text is all of; it stands in the host file when absent. */
  readonly file?: string
}

/** Functions that put SQL into SQL as it is; so do `SQL_TAG`s. */
const VERBATIM = /(?:^|\.)(?:(?:sql|SQL|Prisma|knex|db)\.(?:raw|unsafe|literalText)|Sequelize\.literal)$/
/** What makes a name of texts: `sql.id("app", "orders")`, `sql.ref("app.orders")`, ``sql.identifier(["app", "orders"])``. */
const NAMES = /(?:^|\.)sql\.(?:id|identifier|ref|table)$/
const PLAIN_TAG = /(?:^|\.)(?:dedent|outdent|stripIndents?|oneLine|html)$/
const UNCHANGED = /^(?:trim|trimStart|trimEnd|toString)$/

const DEEPEST = 12
const LONGEST_HOLE = 40

interface Builder {
  sql: string
  readonly segments: Segment[]
  readonly holes: TextHole[]
}

interface Place {
  readonly from: number
  readonly to: number
}

/** How to read an expression inside of others. */
interface Mode {
  /** Where the whole stands when it was reached over a name, so that it has no place of its own in the text. */
  readonly at: Place | null
  /** The `${..}` that the expression is all of. */
  readonly around: Place | null
  /** Part of a larger text: names are taken for what they stand for where they are used. */
  readonly inside: boolean
  /** A tag turns expressions into parameters, whatever their value. */
  readonly parameters: boolean
  readonly depth: number
}

/** The SQL that an expression makes; null when it is no text at all. */
export function evaluate(node: Node, file: HostFile): EmbeddedText | null {
  const range = rangeOf(node)
  const out: Builder = { sql: "", segments: [], holes: [] }
  if (range === null || !emit(out, node, file, { at: null, around: null, inside: false, parameters: false, depth: 0 })) return null
  return { sql: out.sql, segments: out.segments, holes: out.holes, from: range[0], to: range[1] }
}

/** Adds the text of an expression; false, with nothing added, when its value is not known. */
function emit(out: Builder, given: Node, file: HostFile, mode: Mode): boolean {
  if (mode.depth > DEEPEST) return false
  const node = unwrap(given)
  const deeper = { ...mode, inside: true, depth: mode.depth + 1 }
  switch (node.type) {
    case "Literal":
    case "StringLiteral":
    case "NumericLiteral":
      return emitLiteral(out, node, file, mode)
    case "TemplateLiteral":
      return emitTemplate(out, node, file, "template", deeper)
    case "TaggedTemplateExpression":
      return emitTagged(out, node, file, deeper)
    case "BinaryExpression":
      return textOf(node, "operator") === "+" && emitSum(out, node, file, { ...deeper, around: null })
    case "CallExpression":
      return emitCall(out, node, file, mode) || (mode.inside && emitValue(out, node, file, mode))
    case "ConditionalExpression": {
      const test = child(node, "test")
      const verdict = test === null ? null : verdictOf(test, file.resolve)
      const branch = verdict === null ? null : child(node, verdict ? "consequent" : "alternate")
      return branch !== null && emit(out, branch, file, { ...mode, depth: mode.depth + 1 })
    }
    case "Identifier":
    case "MemberExpression":
      return emitValue(out, node, file, mode)
    default:
      return false
  }
}

/** What a name, or a call of a function in sight, stands for. */
function emitValue(out: Builder, node: Node, file: HostFile, mode: Mode): boolean {
  const value = valueOf(node, file)
  const at = mode.inside ? (mode.at ?? mode.around ?? placeOf(node)) : null
  return value !== null && emit(out, value, file, { ...mode, at, around: null, depth: mode.depth + 1 })
}

function emitLiteral(out: Builder, node: Node, file: HostFile, { at }: Mode): boolean {
  const place = placeOf(node)
  const value = node["value"]
  if (place === null) return false
  if (typeof value === "number") {
    add(out, String(value), at ?? place, "fixed", null)
    return true
  }
  if (typeof value !== "string") return false
  const quote = file.source.charAt(place.from)
  const exact = at === null && (quote === "'" || quote === '"') && addRuns(out, file, place.from + 1, place.to - 1, "string", quote, value)
  if (!exact) add(out, value, at ?? place, "fixed", null)
  return true
}

function emitTagged(out: Builder, node: Node, file: HostFile, mode: Mode): boolean {
  const tag = pathOf(child(node, "tag"))
  const quasi = child(node, "quasi")
  if (tag === null || quasi === null || isAppended(node, file)) return false
  if (tag === "String.raw") return emitTemplate(out, quasi, file, "raw", mode)
  if (PLAIN_TAG.test(tag)) return emitTemplate(out, quasi, file, "template", mode)
  return (!mode.inside || SQL_TAG.test(tag)) && emitTemplate(out, quasi, file, "template", { ...mode, parameters: true })
}

/** A template that a tag of the user's choice marks as SQL. */
export function evaluateTagged(node: Node, file: HostFile): EmbeddedText | null {
  const quasi = child(node, "quasi")
  const range = rangeOf(node)
  const out: Builder = { sql: "", segments: [], holes: [] }
  const raw = pathOf(child(node, "tag")) === "String.raw"
  if (quasi === null || range === null || isAppended(node, file)) return null
  if (!emitTemplate(out, quasi, file, raw ? "raw" : "template", { at: null, around: null, inside: true, parameters: !raw, depth: 0 })) return null
  return { sql: out.sql, segments: out.segments, holes: out.holes, from: range[0], to: range[1] }
}

/**
 * Whether more is appended to a template, or it to another (sql-template-strings), so that it is a piece of a statement. For trees whose nodes
 * know their parents.
 */
function isAppended(node: Node, { source }: HostFile): boolean {
  const around = child(node, "parent")
  if (around?.type === "VariableDeclarator") {
    const name = nameIn(around, "id")
    return name !== null && source.includes(`${name}.append(`)
  }
  const callee = around?.type === "CallExpression" ? child(around, "callee") : around
  const property = callee?.type === "MemberExpression" ? child(callee, "property") : null
  return property !== null && textOf(property, "name") === "append"
}

function emitTemplate(out: Builder, node: Node, file: HostFile, kind: LiteralKind, mode: Mode): boolean {
  const expressions = children(node, "expressions")
  const quasis = children(node, "quasis")
  const place = placeOf(node)
  if (place === null) return false
  const bounds = mode.at === null ? chunksOf(file.source, place, expressions) : null
  for (const [index, quasi] of quasis.entries()) {
    const value = quasi["value"]
    if (typeof value !== "object" || value === null || !("cooked" in value) || !("raw" in value)) return false
    const text = kind === "raw" ? value.raw : value.cooked
    if (typeof text !== "string") return false
    const chunk = bounds?.[index]
    const exact = chunk !== undefined && addRuns(out, file, chunk.from, chunk.to, kind, "`", text)
    if (!exact) add(out, text, mode.at ?? place, "fixed", null)
    const expression = expressions[index]
    if (expression === undefined) continue
    const next = bounds?.[index + 1]
    const around = chunk === undefined || next === undefined ? null : { from: chunk.to, to: next.from }
    emitOrHole(out, expression, file, { ...mode, around })
  }
  return true
}

function emitSum(out: Builder, node: Node, file: HostFile, mode: Mode): boolean {
  const terms = termsOf(node)
  // What stands before the first text is added up as numbers.
  const first = terms.findIndex(({ term }) => hasText(term, file))
  if (first < 0) return false
  for (const [index, { term, sum }] of terms.entries()) {
    if (index >= first) emitOrHole(out, term, file, mode)
    else if (index === first - 1) emitOrHole(out, sum, file, mode)
  }
  return true
}

/** The terms of `a + b + c`, each with the sum up to it. A text may be put together from hundreds of lines: each is no level deeper. */
function termsOf(node: Node): readonly { readonly term: Node; readonly sum: Node }[] {
  const terms: { readonly term: Node; readonly sum: Node }[] = []
  for (let sum = unwrap(node); ; ) {
    const left = child(sum, "left")
    const right = child(sum, "right")
    if (sum.type !== "BinaryExpression" || textOf(sum, "operator") !== "+" || left === null || right === null) {
      terms.push({ term: sum, sum })
      return terms.reverse()
    }
    terms.push({ term: right, sum })
    sum = unwrap(left)
  }
}

/** `"a".concat(b)`; arrays have a method of the same name. */
function emitConcat(out: Builder, parts: readonly Node[], file: HostFile, mode: Mode): boolean {
  const [first] = parts
  if (first === undefined || !hasText(first, file) || parts.some(({ type }) => type === "SpreadElement")) return false
  for (const part of parts) emitOrHole(out, part, file, mode)
  return true
}

function hasText(given: Node, file: HostFile, depth = 0): boolean {
  const node = unwrap(given)
  if (node.type === "TemplateLiteral" || stringOf(node) !== null) return true
  if (depth > DEEPEST) return false
  if (node.type === "BinaryExpression") {
    const terms = termsOf(node)
    return terms.length > 1 && terms.some(({ term }) => hasText(term, file, depth + 1))
  }
  const value = node.type === "Identifier" || node.type === "MemberExpression" ? valueOf(node, file) : null
  return value !== null && hasText(value, file, depth + 1)
}

function emitName(out: Builder, call: Node, file: HostFile, mode: Mode): boolean {
  const given = children(call, "arguments")
  const [first] = given
  const parts = first?.type === "ArrayExpression" ? children(first, "elements") : given
  const texts = parts.map((part) => knownText(part, file, mode.depth + 1))
  const place = mode.at ?? mode.around ?? placeOf(call)
  if (place === null || texts.length === 0 || texts.includes(null)) return false
  const isDotted = /\.(?:ref|table)$/.test(pathOf(child(call, "callee")) ?? "")
  const names = texts.flatMap((text) => (isDotted ? (text?.split(".") ?? []) : [text ?? ""]))
  add(out, names.map(inQuotes).join("."), place, "fixed", null)
  return true
}

/** A text all of which is known. */
function knownText(node: Node, file: HostFile, depth: number): string | null {
  const out: Builder = { sql: "", segments: [], holes: [] }
  const isKnown = emit(out, node, file, { at: null, around: null, inside: true, parameters: false, depth })
  return isKnown && out.holes.length === 0 ? out.sql : null
}

function emitCall(out: Builder, node: Node, file: HostFile, mode: Mode): boolean {
  const callee = child(node, "callee")
  const [first] = children(node, "arguments")
  const deeper = { ...mode, depth: mode.depth + 1 }
  const path = pathOf(callee)
  if (path !== null && VERBATIM.test(path)) return first !== undefined && emit(out, first, file, { ...deeper, parameters: false })
  if (path !== null && NAMES.test(path)) return emitName(out, node, file, mode)
  if (callee?.type !== "MemberExpression") return false
  const object = child(callee, "object")
  const property = child(callee, "property")
  const method = property === null ? null : textOf(property, "name")
  if (object === null || method === null) return false
  if (UNCHANGED.test(method)) return emit(out, object, file, deeper)
  if (method === "concat") return emitConcat(out, [object, ...children(node, "arguments")], file, { ...deeper, around: null, inside: true })
  const known = unwrap(object)
  const list = known.type === "Identifier" ? unwrap(file.resolve(known) ?? known) : known
  if (method !== "join" || list.type !== "ArrayExpression") return false
  const separator = first === undefined ? "," : stringOf(first)
  const elements = children(list, "elements")
  if (separator === null || elements.some(({ type }) => type === "SpreadElement")) return false
  for (const [index, element] of elements.entries()) {
    if (index > 0) out.sql += separator
    emitOrHole(out, element, file, { ...deeper, around: null, inside: true })
  }
  return true
}

/** What a name stands for: a constant, or the property of a constant object. */
function valueOf(node: Node, file: HostFile): Node | null {
  if (node.type !== "MemberExpression") return file.resolve(node)
  const object = child(node, "object")
  const property = child(node, "property")
  if (object === null || property === null) return null
  const key = node["computed"] === true ? stringOf(property) : textOf(property, "name")
  const inner = unwrap(object)
  if (inner.type === "ThisExpression") return key === null ? null : file.resolve({ type: "Identifier", name: `this.${key}` })
  const owner = inner.type === "Identifier" ? file.resolve(inner) : null
  const value = unwrap(owner ?? inner)
  if (key !== null && value.type === "TSEnumDeclaration") {
    const member = children(value, "members").find((one) => nameIn(one, "id") === key)
    return member === undefined ? null : child(member, "initializer")
  }
  if (key === null || value.type !== "ObjectExpression") return null
  const named = children(value, "properties").filter((one) => nameOf(one) === key)
  // A spread may bring the same property again.
  const spread = children(value, "properties").some(({ type }) => type === "SpreadElement")
  return named.length === 1 && !spread ? child(named[0] ?? value, "value") : null
}

function nameOf(property: Node): string | null {
  return property["computed"] === true ? null : nameIn(property, "key")
}

/** Adds what is known of a part of a text. */
function emitOrHole(out: Builder, node: Node, file: HostFile, mode: Mode): void {
  const mark = { sql: out.sql, segments: out.segments.length, holes: out.holes.length }
  if (!(mode.parameters && isParameter(node)) && emit(out, node, file, mode)) return
  out.sql = mark.sql
  out.segments.length = mark.segments
  out.holes.length = mark.holes
  const start = out.sql.length
  add(out, spellingOf(node, file), mode.at ?? mode.around ?? placeOf(node) ?? { from: 0, to: 0 }, "hole", null)
  out.holes.push({ start, end: out.sql.length, ...(isOptional(node, (name) => valueOf(name, file)) && { optional: true }) })
}

/** In a tagged template only nested SQL is text; everything else travels as a parameter or is made a name by a helper. */
function isParameter(given: Node): boolean {
  const node = unwrap(given)
  if (node.type === "TaggedTemplateExpression") return false
  const path = node.type === "CallExpression" ? pathOf(child(node, "callee")) : null
  return path === null || !(VERBATIM.test(path) || NAMES.test(path))
}

/** How messages write a hole: as the user did, if that is short. */
function spellingOf(node: Node, { source }: HostFile): string {
  const place = placeOf(node)
  const text = place === null ? "" : source.slice(place.from, place.to).replace(/\s+/g, " ")
  return text.length === 0 || text.length > LONGEST_HOLE || /[{}'"`\\]/.test(text) ? "${...}" : `\${${text}}`
}

function addRuns(out: Builder, { source }: HostFile, from: number, to: number, kind: LiteralKind, quote: string, expected: string): boolean {
  const runs = decodeLiteral(source, from, to, kind)
  // Another reading than the parser's would put findings in the wrong place.
  if (runs === null || runs.map(({ value }) => value).join("") !== expected) return false
  const host: Host = { quote, raw: kind === "raw" }
  for (const run of runs) add(out, run.value, run, run.escape ? "escape" : "plain", host)
  return true
}

function add(out: Builder, text: string, { from, to }: Place, kind: Segment["kind"], host: Host | null): void {
  if (text === "") return
  const start = out.sql.length
  out.sql += text
  out.segments.push({ start, end: out.sql.length, from, to, kind, host })
}

/** Where the texts of a template stand between its expressions; null when that cannot be told. */
function chunksOf(source: string, { from, to }: Place, expressions: readonly Node[]): readonly Place[] | null {
  const chunks: Place[] = []
  let start = from + 1
  for (const expression of expressions) {
    const place = placeOf(expression)
    const open = place === null ? -1 : openingOf(source, start, place.from)
    const close = place === null ? -1 : closingBrace(source, place.to)
    if (open < 0 || close < 0) return null
    chunks.push({ from: start, to: open })
    start = close + 1
  }
  chunks.push({ from: start, to: to - 1 })
  return chunks
}

/** The `${` that comes first and is not escaped. */
function openingOf(source: string, start: number, limit: number): number {
  for (let i = start; i < limit; i++) {
    if (source.charCodeAt(i) === 92) i++
    else if (source.startsWith("${", i)) return i
  }
  return -1
}

/** The `}` behind an expression and its comments and parentheses. */
function closingBrace(source: string, start: number): number {
  let at = start
  while (at < source.length) {
    if (source.startsWith("//", at)) at = lineEnd(source, at, source.length)
    else if (source.startsWith("/*", at)) {
      const close = source.indexOf("*/", at + 2)
      if (close < 0) return -1
      at = close + 2
    } else if (source.charAt(at) === "}") return at
    else if (/[\s)]/.test(source.charAt(at))) at++
    else return -1
  }
  return -1
}

function placeOf(node: Node): Place | null {
  const range = isNode(node) ? rangeOf(node) : null
  return range === null ? null : { from: range[0], to: range[1] }
}
