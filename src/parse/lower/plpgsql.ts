import type { CodeBody, DecodedText, EmbeddedStatement, Operation } from "../operation.ts"
import type { Span } from "../../source/span.ts"
import type { Tokens } from "../../source/tokens.ts"
import type { LowerNested } from "./create.ts"
import type { SpanMap } from "./embedded.ts"
import type { Fields } from "./guards.ts"
import type { Places } from "./places.ts"
import type { Signature } from "./plpgsql-tree.ts"
import { lex } from "../../source/lexer.ts"
import { TokenKind, isKeyword, isSymbol, spanOf, tokenIndexAt } from "../../source/tokens.ts"
import { ROOM } from "../own-positions.ts"
import { evaluate, givenTo } from "./constants.ts"
import { EMPTY } from "./context.ts"
import { lowerText, mapOperations } from "./embedded.ts"
import { leaves, mayLeave } from "./flow.ts"
import { fieldsOf, itemsOf, textOf } from "./guards.ts"
import { bodyMap, decodedAt, decodedBody, locate, placed, roomInside, shifted, shiftedTo } from "./places.ts"
import { readPlPgSql } from "./plpgsql-tree.ts"
import { elementsOf, integersOf, queryOf, rowsOf } from "./rounds.ts"
import { numberOf, Variables, type Arguments } from "./variables.ts"

interface Walk extends Places {
  readonly lowerNested: LowerNested
  /** The body itself, when it has escapes. */
  readonly decoded: readonly DecodedText[]
  readonly variables: Variables
  /** Where the own positions of the next text begin that the body puts together, and where they end. */
  room: number
  readonly roomEnd: number
  /** A loop is gone through again: only what depends on its round is new. */
  again: boolean
  /** The texts that were put together, by their place. */
  readonly told: Set<string>
  /** How many branches were gone into. */
  branch: number
  /** A RETURN that may have run stands before: what follows may not run. */
  mayHaveReturned: boolean
  readonly statements: EmbeddedStatement[]
  readonly dynamic: Span[]
}

/** Reads a PL/pgSQL body; null when it cannot be read. `values`: what it is called with. */
export function lowerPlPgSql(
  body: CodeBody,
  signature: Signature,
  lowerNested: LowerNested,
  values: Arguments,
): { readonly statements: readonly EmbeddedStatement[]; readonly dynamic: readonly Span[] } | null {
  const tree = readPlPgSql(body.text, signature)
  if (tree === null) return null
  const { root, text } = tree
  const data = itemsOf(root["datums"])
  const room = roomInside(body)
  const walk: Walk = {
    body,
    tokens: lex(text),
    lowerNested,
    toFile: bodyMap(body),
    decoded: decodedBody(body),
    variables: new Variables(data),
    room,
    roomEnd: room + ROOM,
    cursor: 0,
    again: false,
    told: new Set(),
    branch: 0,
    mayHaveReturned: false,
    statements: [],
    dynamic: [],
  }
  walk.variables.call(inputsOf(signature), values)
  for (const [position, datum] of data.entries()) visitDatum(walk, datum, position)
  walk.cursor = 0
  visitStatement(walk, root["action"], OUTSIDE)
  return { statements: walk.statements, dynamic: walk.dynamic }
}

function inputsOf({ arguments: parameters, kind }: Signature): Parameters<Variables["call"]>[0] {
  // From 14 on CALL names what a procedure gives back, too.
  if (kind === "procedure" && parameters.some(({ mode }) => mode === "out")) return EMPTY
  const inputs = parameters.filter(({ mode }) => mode === "in" || mode === "inout")
  return inputs.map(({ name, type }) => ({ name, type: type.name + "[]".repeat(type.dimensions) }))
}

interface Place {
  /** Under IF, CASE, a loop or an exception handler. */
  readonly conditional: boolean
  /** Inside BEGIN ... EXCEPTION. */
  readonly guarded: boolean
  /** In the body of a loop. */
  readonly repeated: boolean
  /** In the body of a loop that is gone through round by round: what depends on the round is not repeated. */
  readonly inRounds: boolean
  readonly branches: readonly number[]
}

/** Outside of all branches. */
const OUTSIDE: Place = { conditional: false, guarded: false, repeated: false, inRounds: false, branches: EMPTY }

function within(walk: Walk, place: Place): Place {
  walk.branch += 1
  return { ...place, branches: [...place.branches, walk.branch] }
}

function visitDatum(walk: Walk, datum: unknown, position: number): void {
  const variable = fieldsOf(fieldsOf(datum)?.["PLpgSQL_var"])
  visitExpression(walk, variable?.["default_val"], OUTSIDE)
  const initial = queryOf(variable?.["default_val"])
  if (initial !== undefined) walk.variables.assign(position, initial)
  const cursor = queryOf(variable?.["cursor_explicit_expr"])
  if (cursor !== undefined) addStatement(walk, cursor, OUTSIDE)
}

/** The statements of a list up to the one that always leaves it. */
function visitAll(walk: Walk, statements: unknown, place: Place): void {
  for (const statement of itemsOf(statements)) {
    visitStatement(walk, statement, place)
    if (leaves(statement)) return
  }
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
      visitBranch(walk, fields["then_body"], maybe)
      for (const branch of itemsOf(fields["elsif_list"])) {
        const elsif = fieldsOf(fieldsOf(branch)?.["PLpgSQL_if_elsif"])
        visitExpression(walk, elsif?.["cond"], maybe)
        visitBranch(walk, elsif?.["stmts"], maybe)
      }
      return visitBranch(walk, fields["else_body"], maybe)
    case "PLpgSQL_stmt_case":
      visitExpression(walk, fields["t_expr"], place)
      for (const branch of itemsOf(fields["case_when_list"])) {
        const when = fieldsOf(fieldsOf(branch)?.["PLpgSQL_case_when"])
        visitExpression(walk, when?.["expr"], maybe)
        visitBranch(walk, when?.["stmts"], maybe)
      }
      return visitBranch(walk, fields["else_stmts"], maybe)
    case "PLpgSQL_stmt_fors":
    case "PLpgSQL_stmt_dynfors":
    case "PLpgSQL_stmt_loop":
    case "PLpgSQL_stmt_while":
    case "PLpgSQL_stmt_fori":
    case "PLpgSQL_stmt_forc":
    case "PLpgSQL_stmt_foreach_a":
      return visitLoop(walk, kind, fields, place)
    case "PLpgSQL_stmt_execsql":
      visitSql(walk, fields["sqlstmt"], place)
      return walk.variables.forgetAssigned(fields)
    case "PLpgSQL_stmt_call":
      visitSql(walk, fields["expr"], place)
      return walk.variables.forgetAssigned(fields)
    case "PLpgSQL_stmt_perform":
      return visitPerform(walk, fields["expr"], place)
    case "PLpgSQL_stmt_dynexecute":
      visitDynamic(walk, fields["query"], place)
      return walk.variables.forgetAssigned(fields)
    case "PLpgSQL_stmt_return_query":
    case "PLpgSQL_stmt_open":
      visitSql(walk, fields["query"], place)
      return visitDynamic(walk, fields["dynquery"], place)
    case "PLpgSQL_stmt_assign":
      return visitAssignment(walk, fields, place)
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
      walk.variables.forgetAssigned(fields)
  }
}

/** Statements that may not run: what they assign is not known behind them. */
function visitBranch(walk: Walk, statements: unknown, place: Place): void {
  visitAll(walk, statements, within(walk, place))
  walk.variables.forgetAssigned(statements)
}

function visitLoop(walk: Walk, kind: string, fields: Fields, place: Place): void {
  const loop = { [kind]: fields }
  if (kind === "PLpgSQL_stmt_fors") visitSql(walk, fields["query"], place)
  else if (kind === "PLpgSQL_stmt_dynfors") visitDynamic(walk, fields["query"], place)
  else for (const field of ["cond", "lower", "upper", "step", "expr"]) visitExpression(walk, fields[field], place)
  const rounds = roundsOf(walk, kind, fields)
  if (rounds !== null) return visitRounds(walk, rounds, kind, fields, place)
  walk.variables.forgetAssigned(loop)
  visitAll(walk, fields["body"], within(walk, { ...place, conditional: true, repeated: true }))
  walk.variables.forgetAssigned(loop)
}

/** What begins each round of a loop whose rounds the text tells; null for every other loop. */
function roundsOf({ variables }: Walk, kind: string, fields: Fields): readonly (() => void)[] | null {
  const target = fieldsOf(fields["var"]) ?? {}
  switch (kind) {
    case "PLpgSQL_stmt_fori": {
      const name = textOf(fieldsOf(target["PLpgSQL_var"])?.["refname"])
      const integers = name === undefined ? null : integersOf(fields, variables)
      return name === undefined || integers === null ? null : integers.map((integer) => () => variables.bindName(name, integer))
    }
    case "PLpgSQL_stmt_foreach_a": {
      const position = numberOf(fields["varno"])
      return elementsOf(fields, variables)?.map((element) => () => variables.bindAt(position, element)) ?? null
    }
    case "PLpgSQL_stmt_fors": {
      const query = queryOf(fields["query"])
      const rows = query === undefined ? null : rowsOf(query, variables)
      return rows?.map((row) => () => variables.bind(target, row)) ?? null
    }
    default:
      return null
  }
}

/** A static statement stands for all rounds; of what is put together, each round has its own. */
function visitRounds(walk: Walk, rounds: readonly (() => void)[], kind: string, fields: Fields, place: Place): void {
  const { again, cursor } = walk
  const { body, ...head } = fields
  const isLeft = mayLeave(body)
  for (const [round, begin] of rounds.entries()) {
    walk.again = again || round > 0
    walk.cursor = cursor
    begin()
    visitAll(walk, body, { ...place, conditional: place.conditional || isLeft, inRounds: true })
  }
  walk.again = again
  walk.variables.forgetAssigned({ [kind]: isLeft ? fields : head })
}

function visitBlock(walk: Walk, fields: Fields, place: Place): void {
  const exceptions = fieldsOf(fieldsOf(fields["exceptions"])?.["PLpgSQL_exception_block"])
  visitAll(walk, fields["body"], exceptions === undefined ? place : within(walk, { ...place, guarded: true }))
  if (exceptions === undefined) return
  walk.variables.forgetAssigned(fields["body"])
  for (const handler of itemsOf(exceptions["exc_list"])) {
    const action = fieldsOf(fieldsOf(handler)?.["PLpgSQL_exception"])?.["action"]
    visitBranch(walk, action, { ...place, conditional: true })
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
  const span = placed(walk, start, (words.ends[words.count - 1] ?? 0) + longer)
  walk.variables.used = false
  const given = givenTo(query, walk.variables)
  if (given === null || !walk.variables.used) return addText(walk, query, map, span, place)
  if (!isToldFirst(walk, span, JSON.stringify(given))) return
  for (const { operations } of lowerText(query, walk.lowerNested) ?? EMPTY) {
    push(walk, mapOperations(operations.map((operation) => withGiven(operation, given)), map), span, place.inRounds ? { ...place, inRounds: false } : place)
  }
}

/** The call with the values that its variables hold. */
function withGiven(operation: Operation, given: Arguments): Operation {
  if (operation.op !== "select") return operation
  const functions = operation.query.functions.map((call, position) => (position === 0 ? { ...call, arguments: given } : call))
  return { ...operation, query: { ...operation.query, functions } }
}

/** Whether what is put together at that place, from those values, is none that an earlier round gave. */
function isToldFirst({ again, told }: Walk, { start }: Span, text: string): boolean {
  const key = `${String(start)} ${text}`
  if (again && told.has(key)) return false
  told.add(key)
  return true
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
  if (walk.again) return
  const map: SpanMap = (span) => shift({ start: Math.max(span.start - prefix, 0), end: Math.max(span.end - prefix, 0) })
  const statements = lowerText(`${SELECT} ${expression}`, walk.lowerNested)
  const [operation] = statements?.[0]?.operations ?? EMPTY
  if (operation?.op !== "select") return
  const { query } = operation
  if (query.reads.length === 0 && query.functions.length === 0 && query.writes.length === 0) return
  push(walk, mapOperations([operation], map), placed(walk, start, expression.length), place)
}

/** `variable := expression` */
function visitAssignment(walk: Walk, fields: Fields, place: Place): void {
  const expression = assignedExpression(queryOf(fields["expr"]) ?? "")
  if (expression !== undefined) addExpression(walk, expression, place)
  walk.variables.assign(numberOf(fields["varno"]), expression)
}

/** What stands behind the sign; undefined where an element of an array is assigned. */
function assignedExpression(assignment: string): string | undefined {
  const tokens = lex(assignment)
  for (let i = 0; i < tokens.count; i++) {
    if (isSymbol(tokens, i, ":=") || isSymbol(tokens, i, "=")) return assignment.slice(tokens.starts[i + 1] ?? assignment.length)
  }
  return undefined
}

function visitDynamic(walk: Walk, expression: unknown, place: Place): void {
  const query = queryOf(expression)
  if (query === undefined) return
  const tokens = lex(query)
  const start = locate(walk, tokens)
  const span = placed(walk, start, query.length)
  walk.variables.used = false
  const text = evaluate(query, walk.variables)
  const hangsOnRound = place.inRounds && walk.variables.used
  if (!isToldFirst(walk, span, typeof text === "string" ? text : "")) return
  const isRoom = typeof text === "string" && walk.room + text.length < walk.roomEnd
  const statements = isRoom ? lowerText(text, walk.lowerNested) : null
  if (!isRoom || statements === null) {
    if (!walk.dynamic.some((one) => one.start === span.start)) walk.dynamic.push(span)
    return
  }
  const literal = start === null ? null : literalStart(tokens, text)
  const own = decodedAt(walk.room, text, span)
  if (literal === null) walk.room += text.length + 1
  const map: SpanMap = start !== null && literal !== null ? shifted(walk, start + literal) : shiftedTo(own)
  const decoded = literal === null ? [...walk.decoded, own] : walk.decoded
  const inRound = hangsOnRound ? { ...place, inRounds: false } : place
  for (const statement of statements) push(walk, mapOperations(statement.operations, map), map(statement.span), inRound, decoded)
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
  if (!walk.again) push(walk, [{ op, span, chain: fields["chain"] === true }], span, place)
}

function addText(walk: Walk, text: string, map: SpanMap, span: Span, place: Place): void {
  if (walk.again) return
  const statements = lowerText(text, walk.lowerNested)
  if (statements === null) {
    walk.dynamic.push(span)
    return
  }
  for (const statement of statements) push(walk, mapOperations(statement.operations, map), span, place)
}

function push(walk: Walk, operations: EmbeddedStatement["operations"], span: Span, place: Place, decoded = walk.decoded): void {
  const conditional = place.conditional || walk.mayHaveReturned
  walk.statements.push({ span, operations, conditional, guarded: place.guarded, repeated: place.repeated || place.inRounds, branches: place.branches, decoded })
}
