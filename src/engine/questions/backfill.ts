import type { Conjunct, Expression } from "../../parse/expression.ts"
import type { OperationOf } from "../../parse/operation.ts"
import { batchDelete, batchUpdate, type Step } from "../../playbook/index.ts"
import type { Relation } from "../../schema/catalog.ts"
import type { RuleContext } from "../rule.ts"

/**
 * How much of a table an UPDATE or DELETE touches, as far as its WHERE tells: "some rows" have a value in a column
 * that is not known to be a key.
 */
export type Reach = "all rows" | "many rows" | "some rows" | "few rows"

/** Column names that pick single rows in tables that the catalog does not know. */
const KEY_NAME = /^(?:id|uuid|guid|key|code|slug|name|email|version)$|(?:_id|_key|_code|_uuid|_name|_slug)$|Id$/

/** A WHERE that no row fulfils: the statement changes nothing. */
const NEVER_TRUE = /^[\s(]*(?:false|null|1\s*=\s*0|0\s*=\s*1)[\s)]*$/i

export function reachOf(operation: OperationOf<"update"> | OperationOf<"delete">, context: RuleContext): Reach {
  const { where } = operation
  if (where !== null && where.constant && NEVER_TRUE.test(context.text(where.span))) return "few rows"
  if (where === null || where.constant) return "all rows"
  const relation = context.catalog.relation(operation.table)
  const { conditional, repeated } = context.current
  const byVariable = (conditional || repeated) && readsVariable(operation, where, relation, context)
  if (operation.query.limited) return context.current.accumulates ? "many rows" : "few rows"
  if (isRange(where, byVariable) || looksUpRows(where, byVariable, relation, context) || listsRows(operation, where, relation, context)) return "few rows"
  return where.conjuncts.some(isEquality) ? "some rows" : "many rows"
}

/** Whether a MERGE may update or delete many rows: how many match shows only when it runs. */
export function changesManyRows({ clauses, span }: OperationOf<"merge">, context: RuleContext): boolean {
  // The sign of a batch, or rows that are written in the statement.
  return clauses.some(({ action }) => action === "update" || action === "delete") && !/\b(?:limit|fetch\s+(?:first|next))\b|\busing\s*\(\s*values\b/i.test(context.text(span))
}

/** A range of keys with both ends, the other sign of a batch, also over the variables of a loop. */
function isRange(where: Expression, byVariable: boolean): boolean {
  const bounds = where.operators.map((operator) => operator.charAt(0))
  if (byVariable && bounds.includes(">") && bounds.includes("<")) return true
  const bounded = where.conjuncts.flatMap((conjunct) => (conjunct.kind === "comparison" ? [conjunct] : []))
  return bounded.some(
    ({ column, operator }) =>
      operator.startsWith(">") &&
      bounded.some((other) => other.column === column && other.operator.startsWith("<") && other.operator !== "<>"),
  )
}

/** Rows picked by the value of a key; a value from a placeholder, a parameter or a loop's record counts as one. */
function looksUpRows(where: Expression, byVariable: boolean, relation: Relation | undefined, context: RuleContext): boolean {
  const { current } = context
  if (current.statement.holes.some(({ start }) => start >= where.span.start && start < where.span.end)) return true
  if (byVariable && where.operators.includes("=")) return true
  // `$1`: the code sends the statement row by row, with the values of each.
  if (current.within === null && /(?:(?<![<>!])=(?:\s*any\s*\()?|\bin\s*\()\s*\$\d/i.test(context.text(where.span))) return true
  const given = where.conjuncts.filter(isEquality).map(({ column }) => column)
  if (given.some((column) => KEY_NAME.test(column))) return true
  const keys = relation === undefined ? [] : uniqueKeys(relation, context)
  const isKey = keyTest(relation, context)
  if (keys.some((key) => key.every((column) => given.includes(column)))) return true
  // `id = 1 OR id = 2`, `id = ANY ('{1,2}')`: keys only, each compared with something that is not a column.
  const { columns, operators, relations } = where
  const onlyKeys =
    columns.length > 0 &&
    columns.every(({ column }) => isKey(column)) &&
    operators.every((operator) => operator === "=")
  const compared = new Set(columns.map(({ table, column }) => `${table ?? ""}.${column}`))
  return onlyKeys && compared.size <= operators.length && relations.length === 0
}

/**
 * Rows that the statement lists, or the one of a sub-query that stands for a value: `FROM (VALUES (1, 'a')) AS v (id, name) WHERE v.id =
 * t.id`, `id IN (VALUES (1))`, `id = (SELECT ...)`.
 */
function listsRows(
  operation: OperationOf<"update"> | OperationOf<"delete">,
  where: Expression,
  relation: Relation | undefined,
  context: RuleContext,
): boolean {
  if (where.operators.some((operator) => operator !== "=")) return false
  const isKey = keyTest(relation, context)
  if (/\(\s*values\b/i.test(context.text(operation.span))) return where.columns.some(({ column }) => isKey(column))
  const text = context.text(where.span)
  const [, column] = /^\s*(?:"?\w+"?\.)?"?(\w+)"?\s*=\s*\(\s*select\b/i.exec(text) ?? []
  // One that reads the row that is changed finds another row for each.
  const [, ...others] = where.columns
  const isOwn = others.every(({ table }) => table === null || (table !== operation.table.name && where.relations.some(({ name }) => name === table)))
  return column !== undefined && isKey(column) && isOwn && !/\bor\b/i.test(text)
}

/** Whether the value of a column picks one row of the table. */
function keyTest(relation: Relation | undefined, context: RuleContext): (column: string) => boolean {
  const keys = relation === undefined ? [] : uniqueKeys(relation, context)
  return (column) => KEY_NAME.test(column) || keys.some((key) => key.length === 1 && key[0] === column)
}

/**
 * Whether the WHERE of a statement in a block may read a variable, such as a loop's record or a parameter: what is not a column of the
 * statement's relations.
 */
function readsVariable(
  operation: OperationOf<"update"> | OperationOf<"delete">,
  where: Expression,
  relation: Relation | undefined,
  context: RuleContext,
): boolean {
  const { table, query, span } = operation
  // The variable may be in a sub-query or CTE that picks the rows.
  if (/\$\d/.test(context.text(where.span)) || query.aliases.some((one) => one.table === null)) return true
  const behind = context.text({ start: table.span.end, end: span.end })
  const [, alias = table.name] = /^\s+(?:as\s+)?"?(\w+)"?\s+(?:set|using|where)\b/i.exec(behind) ?? []
  const relations = new Set([table.name, alias.toLowerCase(), ...query.reads.map(({ name }) => name), ...query.aliases.map((one) => one.alias)])
  if (where.columns.some((column) => column.table !== null && !relations.has(column.table))) return true
  // Something must be a column: of two names of which nothing is known, one may be a variable.
  const compared = new Set(where.conjuncts.flatMap((conjunct) => ("column" in conjunct ? [conjunct.column] : [])))
  const isColumn = (name: string): boolean =>
    compared.has(name) || (relation !== undefined && context.catalog.column(relation, name) !== undefined)
  const unknown = new Set(where.columns.filter(({ table: qualifier, column }) => qualifier === null && !isColumn(column)).map(({ column }) => column))
  const isOnlyColumn = relation?.known !== true && where.columns.every((column) => column.table === null)
  return unknown.size > (isOnlyColumn ? 1 : 0)
}

/** A column compared with values that are not the halves of a boolean. */
function isEquality(conjunct: Conjunct): conjunct is Extract<Conjunct, { kind: "comparison" | "in" }> {
  if (conjunct.kind === "in") return true
  return conjunct.kind === "comparison" && conjunct.operator === "=" && !/^(?:t|f|true|false)$/i.test(conjunct.value)
}

/** Columns whose values, all of them together, no two rows share. */
function uniqueKeys(relation: Relation, { catalog }: RuleContext): (readonly string[])[] {
  const indexes = catalog.indexesOf(relation.id).flatMap(({ unique, columns }) => {
    const plain = columns.filter((column) => column !== null)
    return unique && plain.length === columns.length ? [plain] : []
  })
  const constraints = catalog.constraintsOf(relation.id).filter(({ kind }) => kind === "primary key" || kind === "unique")
  return [...indexes, ...constraints.map(({ columns }) => columns)].filter(({ length }) => length > 0)
}

/** Parameters, and what readers of code write for values that only running it would tell. */
const UNTOLD = /\$\d|\$\{\.\.\.\}/

/**
 * The same change in batches; none for a statement inside a block or function body, or with values that only the code tells, as these and
 * variables mean nothing outside of it.
 */
export function batchSteps(operation: OperationOf<"update"> | OperationOf<"delete">, context: RuleContext): readonly Step[] {
  if (context.current.within !== null || UNTOLD.test(context.text(operation.span))) return []
  return operation.op === "update" ? batchUpdate(operation, context) : batchDelete(operation, context)
}
