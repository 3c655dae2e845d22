/** Values that the text of PL/pgSQL code tells: what variables hold, and what expressions over them give. */
import type { A_ArrayExpr, A_Expr, A_Indirection, ColumnRef, FuncCall, Node, TypeCast } from "@pgsql/types"
import { parseSql } from "../grammar/index.ts"
import { quoteIdent } from "../quote-ident.ts"
import { EMPTY } from "./context.ts"
import { lastString, stringOf, stringsOf, valueText } from "./nodes.ts"

/** A text (numbers as PostgreSQL prints them), NULL, an array, or a row with its columns by name. */
export type Constant = string | null | readonly Constant[] | ReadonlyMap<string, Constant>

/** The constants that variables hold. */
export interface Known {
  get(name: string): Constant | undefined
}

/** The value of an expression; undefined when it is not told. */
export function evaluate(expression: string, known: Known): Constant | undefined {
  return valueOf(onlyTarget(`SELECT ${expression}`), known)
}

/** What a query gives to the only function that it calls; null for what is not told, and for all other queries. */
export function givenTo(query: string, known: Known): readonly (string | null)[] | null {
  const target = onlyTarget(query)
  if (target === undefined || !("FuncCall" in target) || target.FuncCall.args?.some((argument) => "NamedArgExpr" in argument) === true) return null
  return (target.FuncCall.args ?? EMPTY).map((argument) => {
    const value = valueOf(argument, known)
    return typeof value === "string" ? value : null
  })
}

/** The expression of a query that has one and reads nothing. */
function onlyTarget(query: string): Node | undefined {
  const outcome = parseSql(query)
  const statement = outcome.ok ? outcome.tree.stmts?.[0]?.stmt : undefined
  const select = statement !== undefined && "SelectStmt" in statement ? statement.SelectStmt : undefined
  const [target, another] = select?.targetList ?? EMPTY
  if (select?.fromClause !== undefined || select?.whereClause !== undefined || another !== undefined) return undefined
  return target !== undefined && "ResTarget" in target ? target.ResTarget.val : undefined
}

/** The value of an expression of the grammar's tree; undefined when it is not told. */
export function valueOf(node: Node | undefined, known: Known): Constant | undefined {
  if (node === undefined) return undefined
  if ("A_Const" in node) return valueOfLiteral(node)
  if ("ColumnRef" in node) return valueOfName(node.ColumnRef, known)
  if ("ParamRef" in node) return known.get(`$${String(node.ParamRef.number ?? 0)}`)
  if ("TypeCast" in node) return cast(node.TypeCast, known)
  if ("A_ArrayExpr" in node) return valueOfArray(node.A_ArrayExpr, known)
  if ("A_Indirection" in node) return valueOfElement(node.A_Indirection, known)
  if ("A_Expr" in node) return valueOfOperator(node.A_Expr, known)
  if ("FuncCall" in node) return valueOfCall(node.FuncCall, known)
  if ("CoalesceExpr" in node) {
    for (const argument of node.CoalesceExpr.args ?? EMPTY) {
      const value = valueOf(argument, known)
      if (value !== null) return value
    }
    return null
  }
  return undefined
}

function valueOfLiteral(node: Extract<Node, { A_Const: unknown }>): Constant | undefined {
  const { isnull, sval, ival, fval } = node.A_Const
  if (isnull === true) return null
  // 1e3 is printed as 1000.
  if (fval !== undefined && !/^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(fval.fval ?? "")) return undefined
  return sval === undefined && ival === undefined && fval === undefined ? undefined : valueText(node)
}

/** `t`, `r.t` */
function valueOfName({ fields }: ColumnRef, known: Known): Constant | undefined {
  const names = stringsOf(fields)
  const [name, field] = names
  if (name === undefined || names.length !== (fields ?? EMPTY).length || names.length > 2) return undefined
  const value = known.get(name)
  if (field === undefined) return value
  return value instanceof Map ? (value as ReadonlyMap<string, Constant>).get(field) : undefined
}

function cast({ arg, typeName }: TypeCast, known: Known): Constant | undefined {
  const value = valueOf(arg, known)
  const type = lastString(typeName?.names)
  if (value === undefined || type === null || typeName?.typmods !== undefined) return undefined
  return coerced(value, type + "[]".repeat(typeName?.arrayBounds?.length ?? 0))
}

const TEXTS: ReadonlySet<string> = new Set(["text", "varchar", "character varying", "name", "citext"])
const INTEGERS: ReadonlySet<string> = new Set(["int", "integer", "int2", "int4", "int8", "smallint", "bigint"])

/** Whether values of the type are printed as they are written. */
export function isPrinted(type: string): boolean {
  const element = type.replace(/(?:\[\])+$/, "")
  return TEXTS.has(element) || INTEGERS.has(element) || element === "regclass"
}

/** A value as one of that type; undefined where the type may print it in another way. */
export function coerced(value: Constant, type: string): Constant | undefined {
  if (value === null) return null
  if (type.endsWith("[]")) {
    const items = typeof value === "string" ? arrayOf(value) : value
    if (!Array.isArray(items)) return undefined
    const all = (items as readonly Constant[]).map((item) => coerced(item, type.slice(0, type.indexOf("["))))
    return all.includes(undefined) ? undefined : (all as readonly Constant[])
  }
  if (typeof value !== "string") return undefined
  if (INTEGERS.has(type)) return isInteger(value) ? value : undefined
  if (type === "regclass") return printedRelation(value)
  return TEXTS.has(type) && (type !== "name" || (isAscii(value) && value.length <= NAME_LENGTH)) ? value : undefined
}

/** A relation's name as regclass prints it; undefined with a schema, which is left out where the search path has it (PostgreSQL docs 8.19). */
function printedRelation(text: string): string | undefined {
  const [, quoted, plain] = /^(?:"((?:[^"]|"")+)"|([a-z_][a-z0-9_]*))$/i.exec(text) ?? []
  const name = quoted?.replaceAll('""', '"') ?? plain?.toLowerCase()
  return name === undefined ? undefined : quoteIdent(name)
}

/** In bytes (PostgreSQL docs 8.3.1, NAMEDATALEN). */
const NAME_LENGTH = 63

function isInteger(value: Constant | undefined): value is string {
  return typeof value === "string" && /^(?:0|-?[1-9]\d{0,14})$/.test(value)
}

/** The elements of an array literal without quotes: `{a,b}`. */
function arrayOf(text: string): readonly string[] | undefined {
  const inner = /^\{([^{}"\\]*)\}$/.exec(text)?.[1]
  if (inner === undefined) return undefined
  const items = inner.trim() === "" ? [] : inner.split(",").map((item) => item.trim())
  return items.some((item) => item === "" || item.toLowerCase() === "null") ? undefined : items
}

/** Nested arrays are one list of elements, as FOREACH and unnest() see them. */
function valueOfArray({ elements }: A_ArrayExpr, known: Known): Constant | undefined {
  const values: Constant[] = []
  for (const element of elements ?? EMPTY) {
    const value = valueOf(element, known)
    if (value === undefined) return undefined
    if (Array.isArray(value)) values.push(...(value as readonly Constant[]))
    else values.push(value)
  }
  return values
}

/** `names[1]` */
function valueOfElement({ arg, indirection }: A_Indirection, known: Known): Constant | undefined {
  const [first, another] = indirection ?? EMPTY
  if (first === undefined || another !== undefined || !("A_Indices" in first) || first.A_Indices.is_slice === true) return undefined
  const array = valueOf(arg, known)
  const index = valueOf(first.A_Indices.uidx, known)
  return Array.isArray(array) && isInteger(index) ? ((array as readonly Constant[])[Number(index) - 1] ?? null) : undefined
}

function valueOfOperator({ kind, name, lexpr, rexpr }: A_Expr, known: Known): Constant | undefined {
  const operator = lastString(name)
  const right = valueOf(rexpr, known)
  if (kind !== "AEXPR_OP" || right === undefined || lexpr === undefined) return undefined
  const left = valueOf(lexpr, known)
  if (left === undefined) return undefined
  if (operator === "||") return joined(left, right)
  if (!isInteger(left) || !isInteger(right)) return undefined
  const result = operator === "+" ? Number(left) + Number(right) : operator === "-" ? Number(left) - Number(right) : operator === "*" ? Number(left) * Number(right) : NaN
  return Number.isSafeInteger(result) ? String(result) : undefined
}

function joined(left: Constant, right: Constant): Constant | undefined {
  if (typeof left === "string" && typeof right === "string") return left + right
  if (Array.isArray(left) && Array.isArray(right)) return [...(left as readonly Constant[]), ...(right as readonly Constant[])]
  return (left === null && typeof right === "string") || (right === null && typeof left === "string") ? null : undefined
}

function valueOfCall({ args, funcname, func_variadic, agg_order, agg_filter, over }: FuncCall, known: Known): Constant | undefined {
  const name = lastString(funcname) ?? ""
  const [schema] = funcname ?? EMPTY
  if (!Object.hasOwn(FUNCTIONS, name) || ((funcname ?? EMPTY).length > 1 && stringOf(schema) !== "pg_catalog")) return undefined
  if (func_variadic === true || agg_order !== undefined || agg_filter !== undefined || over !== undefined) return undefined
  const values: Constant[] = []
  for (const argument of args ?? EMPTY) {
    const value = valueOf(argument, known)
    if (value === undefined) return undefined
    values.push(value)
  }
  return FUNCTIONS[name]?.(values)
}

/** Functions by name, for arguments that are all known; undefined where they fail or give what is not told. */
const FUNCTIONS: Readonly<Record<string, (values: readonly Constant[]) => Constant | undefined>> = {
  array_length: ([array, dimension]) => (Array.isArray(array) && dimension === "1" ? (array.length === 0 ? null : String(array.length)) : undefined),
  array_to_string: ([array, delimiter, nulls]) =>
    Array.isArray(array) && typeof delimiter === "string" && nulls === undefined && (array as readonly Constant[]).every(isText) ? array.join(delimiter) : undefined,
  btrim: (values) => ofText(values, 1, (text) => text.replace(/^ +| +$/g, "")),
  cardinality: ([array]) => (Array.isArray(array) ? String(array.length) : undefined),
  concat: (values) => (values.every((value) => value === null || isText(value)) ? values.map((value) => value ?? "").join("") : undefined),
  concat_ws: ([delimiter, ...values]) =>
    isText(delimiter) && values.every((value) => value === null || isText(value)) ? values.filter((value) => value !== null).join(delimiter) : undefined,
  format: ([template, ...values]) => (isText(template) ? formatted(template, values) : undefined),
  left: ([text, length]) => (isText(text) && isInteger(length) && Number(length) >= 0 ? [...text].slice(0, Number(length)).join("") : undefined),
  lower: (values) => ofText(values, 1, (text) => (isAscii(text) ? text.toLowerCase() : undefined)),
  lpad: ([text, length, fill = " "]) =>
    isText(text) && isText(fill) && fill !== "" && isInteger(length) ? text.slice(0, Math.max(Number(length), 0)).padStart(Math.min(Number(length), MOST_CHARACTERS), fill) : undefined,
  quote_ident: (values) => ofText(values, 1, quoteIdent),
  quote_literal: (values) => ofText(values, 1, quoteLiteral),
  quote_nullable: ([value]) => (value === null ? "NULL" : isText(value) ? quoteLiteral(value) : undefined),
  replace: ([text, from, to]) => (isText(text) && isText(from) && isText(to) ? (from === "" ? text : text.replaceAll(from, () => to)) : undefined),
  split_part: ([text, delimiter, position]) =>
    isText(text) && isText(delimiter) && delimiter !== "" && isInteger(position) && Number(position) > 0 ? (text.split(delimiter)[Number(position) - 1] ?? "") : undefined,
  string_to_array: ([text, delimiter, nulls]) => (isText(text) && isText(delimiter) && delimiter !== "" && text !== "" && nulls === undefined ? text.split(delimiter) : undefined),
  upper: (values) => ofText(values, 1, (text) => (isAscii(text) ? text.toUpperCase() : undefined)),
}

const MOST_CHARACTERS = 1_000

function isText(value: Constant | undefined): value is string {
  return typeof value === "string"
}

/** Strict functions of one text: of NULL they give NULL. */
function ofText(values: readonly Constant[], count: number, apply: (text: string) => string | undefined): Constant | undefined {
  const [value] = values
  if (values.length !== count) return undefined
  return value === null ? null : isText(value) ? apply(value) : undefined
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text)
}

const SPECIFIER = /%(?:%|(?:(\d+)\$)?([sIL]))/g

/** PostgreSQL's format(); undefined when a value is missing, no text, or formatted to a width (PostgreSQL docs 9.4.1). */
function formatted(template: string, values: readonly Constant[]): string | undefined {
  let next = 0
  let failed = template.replace(SPECIFIER, "").includes("%")
  const text = template.replace(SPECIFIER, (specifier: string, position: string | undefined, kind: string | undefined) => {
    if (kind === undefined) return "%"
    const index = position === undefined ? next : Number(position) - 1
    next = index + 1
    const value = values[index]
    if (isText(value)) return kind === "I" ? quoteIdent(value) : kind === "L" ? quoteLiteral(value) : value
    if (value === null && kind !== "I") return kind === "L" ? "NULL" : ""
    failed = true
    return specifier
  })
  return failed ? undefined : text
}

function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`
  return text.includes("\\") ? `E${quoted}` : quoted
}
