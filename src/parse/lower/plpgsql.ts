import type { CodeBody, DecodedText, EmbeddedStatement } from "../operation.ts"
import type { Span } from "../../source/span.ts"
import type { Tokens } from "../../source/tokens.ts"
import type { LowerNested } from "./create.ts"
import type { SpanMap } from "./embedded.ts"
import type { Fields } from "./guards.ts"
import type { Places } from "./places.ts"
import type { Signature } from "./plpgsql-tree.ts"
import { lex } from "../../source/lexer.ts"
import { TokenKind, isKeyword, isSymbol, spanOf, tokenIndexAt } from "../../source/tokens.ts"
import { EMPTY } from "./context.ts"
import { resolveDynamic } from "./dynamic-sql.ts"
import { lowerText, mapOperations } from "./embedded.ts"
import { fieldsOf, itemsOf, textOf } from "./guards.ts"
import { bodyMap, decodedBody, locate, placed, shifted } from "./places.ts"
import { readPlPgSql } from "./plpgsql-tree.ts"

interface Walk extends Places {
  readonly lowerNested: LowerNested
  /** The body itself, when it has escapes. */
  readonly decoded: readonly DecodedText[]
  /** A RETURN that may have run stands before: what follows may not run. */
  mayHaveReturned: boolean
  readonly statements: EmbeddedStatement[]
  readonly dynamic: Span[]
}

/** Reads a PL/pgSQL body; null when it cannot be read. */
export function lowerPlPgSql(
  body: CodeBody,
  signature: Signature,
  lowerNested: LowerNested,
): { readonly statements: readonly EmbeddedStatement[]; readonly dynamic: readonly Span[] } | null {
  const tree = readPlPgSql(body.text, signature)
  if (tree === null) return null
  const { root, text } = tree
  const walk: Walk = {
    body,
    tokens: lex(text),
    lowerNested,
    toFile: bodyMap(body),
    decoded: decodedBody(body),
    cursor: 0,
    mayHaveReturned: false,
    statements: [],
    dynamic: [],
  }
  for (const datum of itemsOf(root["datums"])) visitDatum(walk, datum)
  walk.cursor = 0
  visitStatement(walk, root["action"], { conditional: false, guarded: false, repeated: false })
  return { statements: walk.statements, dynamic: walk.dynamic }
}

interface Place {
  /** Under IF, CASE, a loop or an exception handler. */
  readonly conditional: boolean
  /** Inside BEGIN ... EXCEPTION. */
  readonly guarded: boolean
  /** In the body of a loop. */
  readonly repeated: boolean
}

function visitDatum(walk: Walk, datum: unknown): void {
  const variable = fieldsOf(fieldsOf(datum)?.["PLpgSQL_var"])
  const place = { conditional: false, guarded: false, repeated: false }
  visitExpression(walk, variable?.["default_val"], place)
  const cursor = queryOf(variable?.["cursor_explicit_expr"])
  if (cursor !== undefined) addStatement(walk, cursor, place)
}

function visitAll(walk: Walk, statements: unknown, place: Place): void {
  for (const statement of itemsOf(statements)) visitStatement(walk, statement, place)
}

function queryOf(expression: unknown): string | undefined {
  return textOf(fieldsOf(fieldsOf(expression)?.["PLpgSQL_expr"])?.["query"])
}

function visitStatement(walk: Walk, node: unknown, place: Place): void {
  const statement = fieldsOf(node)
  if (statement === undefined) return
  for (const kind in statement) {
    const fields = fieldsOf(statement[kind])
    if (fields !== undefined) visitKind(walk, kind, fields, place)
    return
  }
}

function visitKind(walk: Walk, kind: string, fields: Fields, place: Place): void {
  const maybe: Place = place.conditional ? place : { ...place, conditional: true }
  switch (kind) {
    case "PLpgSQL_stmt_block":
      return visitBlock(walk, fields, place)
    case "PLpgSQL_stmt_if":
      visitExpression(walk, fields["cond"], place)
      visitAll(walk, fields["then_body"], maybe)
      for (const branch of itemsOf(fields["elsif_list"])) {
        const elsif = fieldsOf(fieldsOf(branch)?.["PLpgSQL_if_elsif"])
        visitExpression(walk, elsif?.["cond"], maybe)
        visitAll(walk, elsif?.["stmts"], maybe)
      }
      return visitAll(walk, fields["else_body"], maybe)
    case "PLpgSQL_stmt_case":
      visitExpression(walk, fields["t_expr"], place)
      for (const branch of itemsOf(fields["case_when_list"])) {
        const when = fieldsOf(fieldsOf(branch)?.["PLpgSQL_case_when"])
        visitExpression(walk, when?.["expr"], maybe)
        visitAll(walk, when?.["stmts"], maybe)
      }
      return visitAll(walk, fields["else_stmts"], maybe)
    case "PLpgSQL_stmt_fors":
      visitSql(walk, fields["query"], place)
      return visitAll(walk, fields["body"], inLoop(maybe))
    case "PLpgSQL_stmt_dynfors":
      visitDynamic(walk, fields["query"], place)
      return visitAll(walk, fields["body"], inLoop(maybe))
    case "PLpgSQL_stmt_loop":
    case "PLpgSQL_stmt_while":
    case "PLpgSQL_stmt_fori":
    case "PLpgSQL_stmt_forc":
    case "PLpgSQL_stmt_foreach_a":
      for (const field of ["cond", "lower", "upper", "step", "expr"]) visitExpression(walk, fields[field], place)
      return visitAll(walk, fields["body"], inLoop(maybe))
    case "PLpgSQL_stmt_execsql":
      return visitSql(walk, fields["sqlstmt"], place)
    case "PLpgSQL_stmt_call":
      return visitSql(walk, fields["expr"], place)
    case "PLpgSQL_stmt_perform":
      return visitPerform(walk, fields["expr"], place)
    case "PLpgSQL_stmt_dynexecute":
      return visitDynamic(walk, fields["query"], place)
    case "PLpgSQL_stmt_return_query":
    case "PLpgSQL_stmt_open":
      visitSql(walk, fields["query"], place)
      return visitDynamic(walk, fields["dynquery"], place)
    case "PLpgSQL_stmt_assign":
      return visitAssignment(walk, fields["expr"], place)
    case "PLpgSQL_stmt_return":
      visitExpression(walk, fields["expr"], place)
      if (place.conditional) walk.mayHaveReturned = true
      return
    case "PLpgSQL_stmt_commit":
      return addTransactionEnd(walk, "commit", fields, place)
    case "PLpgSQL_stmt_rollback":
      return addTransactionEnd(walk, "rollback", fields, place)
    default:
      visitExpression(walk, fields["expr"] ?? fields["cond"], place)
      for (const parameter of itemsOf(fields["params"])) visitExpression(walk, parameter, place)
  }
}

function inLoop(place: Place): Place {
  return { ...place, repeated: true }
}

function visitBlock(walk: Walk, fields: Fields, place: Place): void {
  const exceptions = fieldsOf(fieldsOf(fields["exceptions"])?.["PLpgSQL_exception_block"])
  visitAll(walk, fields["body"], exceptions === undefined ? place : { ...place, guarded: true })
  for (const handler of itemsOf(exceptions?.["exc_list"])) {
    const action = fieldsOf(fieldsOf(handler)?.["PLpgSQL_exception"])?.["action"]
    visitAll(walk, action, { ...place, conditional: true })
  }
}

function visitSql(walk: Walk, expression: unknown, place: Place): void {
  const query = queryOf(expression)
  if (query !== undefined) addStatement(walk, query, place)
}

/** A statement as the parser gives it: letter for letter, with INTO and its targets blanked. */
function addStatement(walk: Walk, query: string, place: Place): void {
  const start = locate(walk, lex(query))
  addText(walk, query, shifted(walk, start), placed(walk, start, query.length), place)
}

/** PERFORM comes back as SELECT. */
function visitPerform(walk: Walk, expression: unknown, place: Place): void {
  const query = queryOf(expression)
  if (query === undefined) return
  const words = lex(query)
  const start = locate(walk, lex(`PERFORM${query.slice(SELECT.length)}`))
  const longer = "PERFORM".length - SELECT.length
  const shift = shifted(walk, start)
  const map: SpanMap = (span) =>
    shift({ start: span.start + (span.start > 0 ? longer : 0), end: span.end + (span.end > 0 ? longer : 0) })
  addText(walk, query, map, placed(walk, start, (words.ends[words.count - 1] ?? 0) + longer), place)
}

const SELECT = "SELECT"

/** Only expressions that may call a function or hold a sub-query are statements of their own. */
function visitExpression(walk: Walk, expression: unknown, place: Place): void {
  const query = queryOf(expression)
  if (query !== undefined) addExpression(walk, query, place)
}

function addExpression(walk: Walk, expression: string, place: Place): void {
  if (!expression.includes("(") || expression.includes("__Case__Variable_")) return
  const start = locate(walk, lex(expression))
  const prefix = SELECT.length + 1
  const shift = shifted(walk, start)
  const map: SpanMap = (span) => shift({ start: Math.max(span.start - prefix, 0), end: Math.max(span.end - prefix, 0) })
  const statements = lowerText(`${SELECT} ${expression}`, walk.lowerNested)
  const [operation] = statements?.[0]?.operations ?? EMPTY
  if (operation?.op !== "select") return
  const { query } = operation
  if (query.reads.length === 0 && query.functions.length === 0 && query.writes.length === 0) return
  push(walk, mapOperations([operation], map), placed(walk, start, expression.length), place)
}

/** `variable := expression` */
function visitAssignment(walk: Walk, expression: unknown, place: Place): void {
  const query = queryOf(expression)
  if (query === undefined) return
  const tokens = lex(query)
  for (let i = 0; i < tokens.count; i++) {
    if (isSymbol(tokens, i, ":=") || isSymbol(tokens, i, "=")) {
      return addExpression(walk, query.slice(tokens.starts[i + 1] ?? query.length), place)
    }
  }
}

function visitDynamic(walk: Walk, expression: unknown, place: Place): void {
  const query = queryOf(expression)
  if (query === undefined) return
  const tokens = lex(query)
  const start = locate(walk, tokens)
  const span = placed(walk, start, query.length)
  const resolved = resolveDynamic(query)
  const statements = resolved === null ? null : lowerText(resolved.text, walk.lowerNested)
  if (resolved === null || statements === null) {
    walk.dynamic.push(span)
    return
  }
  const literal = resolved.literal ? literalStart(tokens, resolved.text) : null
  const isDecoded = literal === null && start !== null && resolved.text.length <= query.length
  const map: SpanMap = start !== null && (literal !== null || isDecoded) ? shifted(walk, start + (literal ?? 0)) : () => span
  const decoded = isDecoded ? [...walk.decoded, { span, text: resolved.text }] : walk.decoded
  for (const statement of statements) push(walk, mapOperations(statement.operations, map), map(statement.span), place, decoded)
}

/** Where in the expression the literal's text stands letter for letter; null when it is escaped. */
function literalStart(tokens: Tokens, text: string): number | null {
  for (let i = 0; i < tokens.count; i++) {
    if (tokens.kinds[i] !== TokenKind.string && tokens.kinds[i] !== TokenKind.dollarString) continue
    const { start, end } = spanOf(tokens, i)
    const at = tokens.text.indexOf(text, start)
    return at >= 0 && at + text.length < end ? at : null
  }
  return null
}

function addTransactionEnd(walk: Walk, op: "commit" | "rollback", fields: Fields, place: Place): void {
  let span = walk.body.span
  for (let i = tokenIndexAt(walk.tokens, walk.cursor); i < walk.tokens.count; i++) {
    if (!isKeyword(walk.tokens, i, op)) continue
    const found = spanOf(walk.tokens, i)
    walk.cursor = found.end
    span = walk.toFile(found)
    break
  }
  push(walk, [{ op, span, chain: fields["chain"] === true }], span, place)
}

function addText(walk: Walk, text: string, map: SpanMap, span: Span, place: Place): void {
  const statements = lowerText(text, walk.lowerNested)
  if (statements === null) {
    walk.dynamic.push(span)
    return
  }
  for (const statement of statements) push(walk, mapOperations(statement.operations, map), span, place)
}

function push(walk: Walk, operations: EmbeddedStatement["operations"], span: Span, place: Place, decoded = walk.decoded): void {
  const conditional = place.conditional || walk.mayHaveReturned
  walk.statements.push({ span, operations, conditional, guarded: place.guarded, repeated: place.repeated, decoded })
}
