import type {
  AlterPolicyStmt,
  CreateExtensionStmt,
  CreatePolicyStmt,
  CreateSchemaStmt,
  CreateSeqStmt,
  CreateStatsStmt,
  CreateSubscriptionStmt,
  CreateTrigStmt,
  Node,
  RuleStmt,
  ViewStmt,
} from "@pgsql/types"
import type { Expression } from "../expression.ts"
import type { Operation, OperationOf, PolicyCommand } from "../operation.ts"
import type { Name } from "../name.ts"
import type { Context } from "./context.ts"
import type { Span } from "../../source/span.ts"
import type { Tokens } from "../../source/tokens.ts"
import { lex } from "../../source/lexer.ts"
import { closingBracket, findKeyword, isKeyword, spanOf } from "../../source/tokens.ts"
import { lowerOwnedBy, lowerSequenceType } from "./alter.ts"
import { collect, collectAll } from "./collect.ts"
import { collected } from "./collected.ts"
import {
  EMPTY,
  findOutside,
  identifier,
  identifierAt,
  identifierList,
  insideBrackets,
  isOpening,
  nameAtToken,
  skipIfExists,
  spanBetween,
  tokenBehind,
  tokensOf,
} from "./context.ts"
import { lowerColumnNames, persistenceOf, querySpan } from "./create-table.ts"
import { lowerExpressionAt, scopesIn } from "./expressions.ts"
import { lowerRelation } from "./names.ts"
import { findOption, optionHolds, optionText, stringsOf } from "./nodes.ts"
import { lowerOutput } from "./output.ts"
import { lowerQuery } from "./queries.ts"
import { roleName } from "./roles.ts"

export function lowerCreateView(context: Context, statement: ViewStmt): OperationOf<"create view"> {
  const view = lowerRelation(context, statement.view)
  const behind = tokenBehind(context, view.span)
  const tokens = tokensOf(context)
  return {
    op: "create view",
    span: context.span,
    view,
    orReplace: statement.replace === true,
    temporary: statement.view?.relpersistence === "t",
    recursive: findKeyword(tokens, "recursive", 1, findKeyword(tokens, "view")) >= 0,
    columnNames: lowerColumnNames(context, statement.aliases, behind),
    query: lowerQuery(context, statement.query, querySpan(context, behind)),
    output: lowerOutput(context, statement.query),
  }
}

export function lowerCreateSequence(context: Context, statement: CreateSeqStmt): OperationOf<"create sequence"> {
  const ownedBy = lowerOwnedBy(context, statement.options)
  return {
    op: "create sequence",
    span: context.span,
    sequence: lowerRelation(context, statement.sequence),
    type: lowerSequenceType(context, statement.options),
    persistence: persistenceOf(statement.sequence?.relpersistence),
    ifNotExists: statement.if_not_exists === true,
    ownedBy: ownedBy === "none" ? null : ownedBy,
  }
}

/** The bits of TRIGGER_TYPE_* in PostgreSQL's pg_trigger.h. */
const TRIGGER_EVENTS = [
  ["insert", 4],
  ["delete", 8],
  ["update", 16],
  ["truncate", 32],
] as const
const TRIGGER_BEFORE = 2
const TRIGGER_INSTEAD = 64

export function lowerCreateTrigger(context: Context, statement: CreateTrigStmt): OperationOf<"create trigger"> {
  const tokens = tokensOf(context)
  const table = lowerRelation(context, statement.relation)
  const behind = tokenBehind(context, table.span)
  const nameAt = findKeyword(tokens, "trigger") + 1
  const execute = findOutside(tokens, "execute", behind, tokens.count)
  const of = statement.columns === undefined ? -1 : findKeyword(tokens, "of", nameAt + 1, behind)
  const { timing = 0, events = 0, whenClause } = statement
  return {
    op: "create trigger",
    span: context.span,
    trigger: identifierAt(tokens, nameAt, statement.trigname),
    table,
    function: nameAtToken(context, execute + 2, stringsOf(statement.funcname)),
    timing: (timing & TRIGGER_INSTEAD) !== 0 ? "instead of" : (timing & TRIGGER_BEFORE) !== 0 ? "before" : "after",
    events: TRIGGER_EVENTS.filter(([, bit]) => (events & bit) !== 0).map(([event]) => event),
    updateOf: of < 0 ? EMPTY : identifierList(tokens, stringsOf(statement.columns), of + 1, behind),
    when: lowerInBrackets(context, whenClause, "when", behind),
    transitions: (statement.transitionRels ?? EMPTY).flatMap((node) => ("TriggerTransition" in node ? [node.TriggerTransition.isNew === true ? "new" : "old"] : [])),
    forEachRow: statement.row === true,
    constraint: statement.isconstraint === true,
    from: statement.constrrel === undefined ? null : lowerRelation(context, statement.constrrel),
    orReplace: statement.replace === true,
  }
}

/** The expression in the brackets behind the first `keyword` outside brackets. */
function lowerInBrackets(context: Context, node: Node | undefined, keyword: string, from: number): Expression | null {
  if (node === undefined) return null
  const tokens = tokensOf(context)
  const at = findOutside(tokens, keyword, from, tokens.count)
  const inside = at < 0 ? null : insideBrackets(tokens, at, tokens.count)
  return inside === null ? null : lowerExpressionAt(context, node, inside.from, inside.to)
}

const RULE_EVENTS: Readonly<Record<string, OperationOf<"create rule">["event"]>> = {
  CMD_SELECT: "select",
  CMD_INSERT: "insert",
  CMD_UPDATE: "update",
  CMD_DELETE: "delete",
}

const ROWS = ["old", "new"] as const

export function lowerCreateRule(context: Context, statement: RuleStmt): OperationOf<"create rule"> {
  const tokens = tokensOf(context)
  const found = collected()
  collect(found, context, statement.whereClause)
  collectAll(found, context, statement.actions)
  const ofRows = found.columns.filter(({ table }) => table === "old" || table === "new")
  return {
    op: "create rule",
    span: context.span,
    rule: identifierAt(tokens, findKeyword(tokens, "rule") + 1, statement.rulename),
    table: lowerRelation(context, statement.relation),
    event: RULE_EVENTS[statement.event ?? ""] ?? "select",
    instead: statement.instead === true,
    orReplace: statement.replace === true,
    reads: found.reads,
    writes: found.writes.length === 0 ? EMPTY : found.writes.map(({ table }) => table),
    columns: found.star ? null : [...new Set(ofRows.map(({ column }) => column))],
    rows: ROWS.filter((row) => ofRows.some(({ table }) => table === row)),
  }
}

const POLICY_COMMANDS: readonly PolicyCommand[] = ["all", "select", "insert", "update", "delete"]

export function lowerPolicy(
  context: Context,
  statement: CreatePolicyStmt | AlterPolicyStmt,
  op: "create policy" | "alter policy",
): Operation {
  const tokens = tokensOf(context)
  const table = lowerRelation(context, statement.table)
  const behind = tokenBehind(context, table.span)
  return {
    op,
    span: context.span,
    policy: identifierAt(tokens, skipIfExists(tokens, 2), statement.policy_name),
    table,
    // The grammar says "permissive" of CREATE POLICY wherever nothing else is written, and nothing of ALTER POLICY.
    restrictive: op === "create policy" && !("permissive" in statement && statement.permissive === true),
    command: "cmd_name" in statement ? (POLICY_COMMANDS.find((command) => command === statement.cmd_name) ?? null) : null,
    using: lowerOfRows(context, statement.qual, "using", behind, table),
    check: lowerOfRows(context, statement.with_check, "check", behind, table),
  }
}

function lowerOfRows(context: Context, node: Node | undefined, keyword: string, from: number, table: Name): Expression | null {
  const expression = lowerInBrackets(context, node, keyword, from)
  if (expression === null || node === undefined || expression.relations.length === 0) return expression
  return { ...expression, scopes: scopesIn(context, node, { alias: table.name, table }) }
}

export function lowerCreateExtension(
  context: Context,
  statement: CreateExtensionStmt,
): OperationOf<"create extension"> {
  const tokens = tokensOf(context)
  const schema = findOption(statement.options, "schema")
  return {
    op: "create extension",
    span: context.span,
    extension: identifierAt(tokens, skipIfExists(tokens, 2), statement.extname),
    ifNotExists: statement.if_not_exists === true,
    schema: schema === undefined ? null : (optionText(schema) ?? null),
  }
}

export function lowerCreateStatistics(context: Context, statement: CreateStatsStmt): Operation {
  const tokens = tokensOf(context)
  const names = stringsOf(statement.defnames)
  const relation = statement.relations?.find((node) => "RangeVar" in node)
  const columns: (string | null)[] = []
  const found = collected()
  for (const node of statement.exprs ?? EMPTY) {
    if (!("StatsElem" in node)) continue
    columns.push(node.StatsElem.name ?? null)
    collect(found, context, node.StatsElem.expr)
  }
  return {
    op: "create statistics",
    span: context.span,
    statistics: names.length === 0 ? null : nameAtToken(context, skipIfExists(tokens, 2), names),
    table: lowerRelation(context, relation?.RangeVar),
    ifNotExists: statement.if_not_exists === true,
    columns,
    expressionColumns: [...new Set(found.columns.map(({ column }) => column))],
  }
}

export function lowerCreateSubscription(
  context: Context,
  statement: CreateSubscriptionStmt,
): OperationOf<"create subscription"> {
  const { options } = statement
  const holds = (name: string): boolean => findOption(options, name) === undefined || optionHolds(options, name)
  return {
    op: "create subscription",
    span: context.span,
    subscription: identifierAt(tokensOf(context), 2, statement.subname),
    createsSlot: holds("connect") && holds("create_slot"),
  }
}

/** Lowers a statement that is part of another one. */
export type LowerNested = (context: Context, node: Node) => readonly Operation[]

export function lowerCreateSchema(
  context: Context,
  statement: CreateSchemaStmt,
  lowerNested: LowerNested,
): OperationOf<"create schema"> {
  const tokens = tokensOf(context)
  const nameAt = skipIfExists(tokens, 2)
  const unnamed = isKeyword(tokens, nameAt, "authorization")
  const elements: Operation[] = []
  const starts = elementStarts(tokens, nameAt + 1)
  for (const [index, node] of (statement.schemaElts ?? EMPTY).entries()) {
    const start = starts[index]
    if (start === undefined) break
    const next = starts[index + 1]
    const span = spanBetween(spanOf(tokens, start).start, spanOf(tokens, (next ?? tokens.count) - 1).end)
    for (const operation of lowerNested(nestedContext(context, span), node)) elements.push(operation)
  }
  return {
    op: "create schema",
    span: context.span,
    schema: unnamed
      ? identifier(statement.schemaname ?? roleName(statement.authrole), spanOf(tokens, nameAt + 1))
      : identifierAt(tokens, nameAt, statement.schemaname),
    ofSession: unnamed && statement.authrole?.rolename === undefined,
    ifNotExists: statement.if_not_exists === true,
    elements: inServerOrder(elements),
  }
}

/** The order in which the server makes what comes with a schema, however it is written (transformCreateSchemaStmtElements, up to 18). */
const ELEMENT_ORDER: readonly Operation["op"][] = ["create sequence", "create table", "create view", "create index", "create trigger"]

function inServerOrder(elements: readonly Operation[]): readonly Operation[] {
  const place = ({ op }: Operation): number => (ELEMENT_ORDER.indexOf(op) + ELEMENT_ORDER.length + 1) % (ELEMENT_ORDER.length + 1)
  return elements.toSorted((one, other) => place(one) - place(other))
}

/** Elements of CREATE SCHEMA begin with CREATE or GRANT. */
function elementStarts(tokens: Tokens, from: number): readonly number[] {
  const starts: number[] = []
  for (let i = from; i < tokens.count; i++) {
    if (isOpening(tokens, i)) {
      const close = closingBracket(tokens, i)
      if (close > i) i = close
    } else if (isKeyword(tokens, i, "create") || isKeyword(tokens, i, "grant")) starts.push(i)
  }
  return starts
}

/** The part `span` of a statement, as a statement of its own. */
export function nestedContext(context: Context, span: Span): Context {
  const { text, at } = context
  return { text, span, at, lex: () => lex(text, span.start, span.end), tokens: null }
}
