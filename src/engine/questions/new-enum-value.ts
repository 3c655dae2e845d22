import type { Operation, Statement } from "../../parse/operation.ts"
import type { Relation, UserType } from "../../schema/catalog.ts"
import { identifierName, lex } from "../../source/lexer.ts"
import { quoteLiteral } from "../../source/quote.ts"
import type { Span } from "../../source/span.ts"
import { isKeyword, isSymbol, spanOf, TokenKind, tokenText, type Tokens } from "../../source/tokens.ts"
import { restOfTransaction } from "./later.ts"
import type { RuleContext } from "../rule.ts"
import { holdsLocks } from "../transaction.ts"

/** Where the transaction that adds a value to an enum goes on to use it. */
export interface EnumValueUse {
  readonly statement: Statement
  readonly span: Span
}

/**
 * The first certain use of an enum's new value before the transaction that adds it commits, which fails with 55P04 (docs:
 * ALTER TYPE, Notes; from 17 on it may be used when the type was created in the same transaction, too).
 */
export function useOfNewValue(
  type: Extract<UserType, { kind: "enum" }>,
  value: string,
  context: RuleContext,
): EnumValueUse | null {
  const { current, pgVersion } = context
  if (pgVersion >= 17 && type.created?.transaction === current.transaction.id) return null
  const made: WrittenColumn[] = []
  for (const statement of statementsBehind(context)) {
    // What the transaction makes meanwhile has columns of the type, too.
    for (const operation of statement.operations) made.push(...columnsOf(operation, type, context))
    const span = useIn(statement, type, value, made, context)
    if (span !== null) return { statement, span }
  }
  return null
}

/** Those that run behind the current one, in its code and in its transaction. */
function statementsBehind(context: RuleContext): readonly Statement[] {
  const { current, earlier } = context
  const { within } = current
  if (within === null) return holdsLocks(current.transaction) ? restOfTransaction(context) : []
  const inside = current.beside.filter(({ span, conditional }) => span.start > current.statement.span.start && !conditional)
  const around = earlier.findLast(({ statement }) => statement === within)?.transaction
  return [...inside.map((statement) => ({ ...statement, holes: within.holes })), ...(around !== undefined && holdsLocks(around) ? restOfTransaction(context) : [])]
}

interface WrittenColumn {
  readonly table: string
  readonly column: string
}

/** The columns of the type that an operation makes. */
function columnsOf(operation: Operation, type: UserType, { catalog }: RuleContext): WrittenColumn[] {
  const [table, columns] =
    operation.op === "create table" ? [operation.table, operation.columns] : operation.op === "add column" ? [operation.relation, [operation.column]] : [null, []]
  if (table === null) return []
  return columns.flatMap((one) => (one.type.dimensions === 0 && catalog.type(one.type)?.id === type.id ? [{ table: table.name, column: one.name.name }] : []))
}

function useIn(statement: Statement, type: UserType, value: string, made: readonly WrittenColumn[], context: RuleContext): Span | null {
  const { catalog, text } = context
  const literal = quoteLiteral(value)
  const sql = text(statement.span)
  if (!sql.includes(literal)) return null
  const isType = (name: Parameters<typeof catalog.type>[0]): boolean => catalog.type(name)?.id === type.id
  for (const operation of statement.operations) {
    if (operation.op === "add column" && isType(operation.column.type) && operation.column.default?.literal === value)
      return operation.column.default.span
    if (operation.op !== "create table") continue
    const column = operation.columns.find((one) => isType(one.type) && one.default?.literal === value)
    if (column?.default != null) return column.default.span
  }
  const tokens = lex(sql)
  const columns = enumColumns(tokens, type, made, context)
  const inserted = insertedColumns(statement, context)
  for (let index = 0; index < tokens.count; index++) {
    if (tokens.kinds[index] !== TokenKind.string || tokenText(tokens, index) !== literal) continue
    const isCast = tokenText(tokens, index + 1) === "::" && identifierName(tokens, castName(tokens, index + 2)) === type.name
    const certain =
      isCast || isCompared(tokens, index, columns) || isInserted(tokens, index, inserted, columns) || isDefault(tokens, index, columns)
    const { start, end } = spanOf(tokens, index)
    if (certain) return { start: statement.span.start + start, end: statement.span.start + end }
  }
  return null
}

/** Behind a schema, if the type's name has one. */
function castName(tokens: Tokens, index: number): number {
  return isSymbol(tokens, index + 1, ".") ? index + 2 : index
}

/** Columns of the type, of the relations whose names are in the statement. */
function enumColumns(tokens: Tokens, type: UserType, made: readonly WrittenColumn[], { catalog }: RuleContext): ReadonlySet<string> {
  const known = catalog.usersOfType(type.id).flatMap(({ relation, column }) => (column.type.dimensions === 0 ? [{ table: relation.name, column: column.name }] : []))
  const found = new Set<string>()
  for (const { table, column } of [...known, ...made]) {
    for (let index = 0; index < tokens.count; index++) if (identifierName(tokens, index) === table) found.add(column)
  }
  return found
}

/** `column = 'value'`, of a SET or a condition, `column IN ('other', 'value')`, or `column = ANY (ARRAY['other', 'value'])`. */
function isCompared(tokens: Tokens, index: number, columns: ReadonlySet<string>): boolean {
  const operator = tokenText(tokens, index - 1)
  if (operator === "=" || operator === "<>" || operator === "!=") return columns.has(identifierName(tokens, index - 2) ?? "")
  let at = index - 1
  while (isSymbol(tokens, at, ",") && tokens.kinds[at - 1] === TokenKind.string) at -= 2
  if (isSymbol(tokens, at, "[")) return isKeyword(tokens, at - 1, "array") && isSymbol(tokens, at - 2, "(") && isQuantified(tokens, at - 3, columns)
  if (!isSymbol(tokens, at, "(") || !isKeyword(tokens, at - 1, "in")) return false
  return columns.has(identifierName(tokens, at - (isKeyword(tokens, at - 2, "not") ? 3 : 2)) ?? "")
}

/** `column = ANY`, `column <> ALL`. */
function isQuantified(tokens: Tokens, index: number, columns: ReadonlySet<string>): boolean {
  const quantified = ["any", "all", "some"].some((word) => isKeyword(tokens, index, word))
  return quantified && ["=", "<>", "!="].includes(tokenText(tokens, index - 1)) && columns.has(identifierName(tokens, index - 2) ?? "")
}

/** `ALTER COLUMN column SET DEFAULT 'value'`. */
function isDefault(tokens: Tokens, index: number, columns: ReadonlySet<string>): boolean {
  return (
    isKeyword(tokens, index - 1, "default") &&
    isKeyword(tokens, index - 2, "set") &&
    columns.has(identifierName(tokens, index - 3) ?? "")
  )
}

/** The columns that an INSERT fills, in their order; null for other statements, or when they are not known. */
function insertedColumns({ operations }: Statement, { catalog }: RuleContext): readonly string[] | null {
  const [insert] = operations
  if (insert?.op !== "insert" || insert.rows === 0) return null
  if (insert.columns.length > 0) return insert.columns.map(({ name }) => name)
  const relation: Relation | undefined = catalog.relation(insert.table)
  return relation?.known === true ? relation.columns.map(({ name }) => name) : null
}

/** A whole value of a VALUES row, for a column of the type. */
function isInserted(
  tokens: Tokens,
  index: number,
  inserted: readonly string[] | null,
  columns: ReadonlySet<string>,
): boolean {
  if (inserted === null || (!isSymbol(tokens, index + 1, ",") && !isSymbol(tokens, index + 1, ")"))) return false
  if (!isSymbol(tokens, index - 1, ",") && !isSymbol(tokens, index - 1, "(")) return false
  let position = 0
  let depth = 0
  let at = index - 1
  for (; at >= 0; at--) {
    if (isSymbol(tokens, at, ")")) depth++
    else if (isSymbol(tokens, at, "(") && depth-- === 0) break
    else if (depth === 0 && isSymbol(tokens, at, ",")) position++
  }
  const opensRow = isKeyword(tokens, at - 1, "values") || (isSymbol(tokens, at - 1, ",") && isSymbol(tokens, at - 2, ")"))
  return opensRow && columns.has(inserted[position] ?? "")
}
