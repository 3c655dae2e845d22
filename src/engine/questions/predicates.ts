import { effectsOf } from "../../effects/index.ts"
import type { Effects, Work } from "../../effects/types.ts"
import type { ConstraintKind } from "../../parse/constraint.ts"
import type { Name } from "../../parse/name.ts"
import type { ColumnDefinition, Operation, OperationKind, OperationOf, Statement } from "../../parse/operation.ts"
import { addColumns, replaceColumn, type Step } from "../../playbook/index.ts"
import type { Relation } from "../../schema/catalog.ts"
import type { Span } from "../../source/span.ts"
import { createLineMap, type LineMap } from "../../source/text.ts"
import type { Fix } from "../finding.ts"
import { isEmptied } from "./earlier.ts"
import type { AnalyzedStatement, Problem, RuleContext } from "../rule.ts"
import { statementsOf } from "./switch-off.ts"
import { holdsLocks } from "../transaction.ts"

/** The statement's operations of one kind. */
export function operationsOf<K extends OperationKind>({ statement }: AnalyzedStatement, kind: K): OperationOf<K>[] {
  const is = (operation: Operation): operation is OperationOf<K> => operation.op === kind
  return statement.operations.filter(is)
}

/** The constraints of one kind that ALTER TABLE adds. */
export function addedConstraints<K extends ConstraintKind>(
  analyzed: AnalyzedStatement,
  ...kinds: readonly K[]
): OperationOf<"add constraint">[] {
  return operationsOf(analyzed, "add constraint").filter(({ constraint }) =>
    kinds.some((kind) => kind === constraint.kind),
  )
}

/**
 * What one operation does by itself: the effects of a statement with several actions do not tell which of them is to
 * blame.
 */
export function effectsOfOperation(operation: Operation, context: RuleContext): Effects {
  const { statement, effects } = context.current
  if (statement.operations.length === 1) return effects
  return effectsOf({ ...statement, operations: withItsDrops(operation, context) }, context.catalog, {
    pgVersion: context.pgVersion,
    text: (span) => context.text(span),
  })
}

/**
 * The operation, behind what the server drops before, wherever it stands: the column that makes room for a new one, the NOT NULL that is set
 * again, or the constraints of a column that gets another type.
 */
export function withItsDrops(operation: Operation, context: RuleContext): readonly Operation[] {
  const { statement } = context.current
  switch (operation.op) {
    case "add column":
      return [...present(droppedFor(operation, statement)), operation]
    case "set not null":
      return [...present(requiredBefore(operation, statement)), operation]
    case "alter column type":
      return [...constraintsDropped(operation, context), operation]
    default:
      return [operation]
  }
}

function present(operation: Operation | undefined): readonly Operation[] {
  return operation === undefined ? [] : [operation]
}

/** The DROP CONSTRAINTs of the same statement that may be about the column: they run first (AT_PASS_DROP), and what is gone is neither checked nor built again. */
function constraintsDropped({ relation, column }: OperationOf<"alter column type">, { catalog, current }: RuleContext): readonly Operation[] {
  const table = catalog.relation(relation)
  return operationsOf(current, "drop constraint").filter(({ constraint }) => {
    const columns = table === undefined ? undefined : catalog.constraint(table.id, constraint.name)?.columns
    return columns === undefined || columns.includes(column.name)
  })
}

/** The DROP NOT NULL of the same statement, which runs first (AT_PASS_DROP): SET NOT NULL then knows nothing of the rows. */
export function requiredBefore({ column }: OperationOf<"set not null">, { operations }: Statement): OperationOf<"drop not null"> | undefined {
  return operations.find((other): other is OperationOf<"drop not null"> => other.op === "drop not null" && other.column.name === column.name)
}

/** The DROP COLUMN of the statement that makes room for a column of the same name. */
function droppedFor({ column }: OperationOf<"add column">, { operations }: Statement): OperationOf<"drop column"> | undefined {
  return operations.find((other): other is OperationOf<"drop column"> => other.op === "drop column" && other.column.name === column.name.name)
}

/** Names of the constraints that a statement drops. */
export function droppedConstraints(statement: AnalyzedStatement): string[] {
  return operationsOf(statement, "drop constraint").map(({ constraint }) => constraint.name)
}

/**
 * The steps of an ADD COLUMN, with those of the DROP COLUMN that makes room for it, or with those of all others of the statement; and the
 * operations that they replace.
 */
export function addColumnSteps(operation: OperationOf<"add column">, context: RuleContext): Pick<Problem, "steps" | "stepsOf" | "replaces"> {
  const { relation: table, column } = operation
  const drop = droppedFor(operation, context.current.statement)
  if (drop === undefined) return { stepsOf: additions, replaces: [operation] }
  if (isAbsent(drop, context)) return { stepsOf: additions, replaces: [drop, operation] }
  return { steps: replaceColumn({ table, drop, column, keyed: keyedColumns(context) }, context), replaces: [drop, operation] }
}

/** DROP COLUMN IF EXISTS of a column that is not there. */
function isAbsent({ relation, column }: OperationOf<"drop column">, { catalog }: RuleContext): boolean {
  const table = catalog.relation(relation)
  return table?.known === true && catalog.column(table, column.name) === undefined
}

function additions(operations: readonly Operation[], context: RuleContext): readonly Step[] {
  const added = operations.filter((operation) => operation.op === "add column")
  const [first] = added
  return first === undefined ? [] : addColumns({ table: first.relation, columns: added.map(({ column }) => column), keyed: keyedColumns(context) }, context)
}

/** The columns of the primary keys that the statement adds by themselves. */
function keyedColumns({ current }: RuleContext): readonly string[] {
  return operationsOf(current, "add constraint").flatMap(({ constraint }) => (constraint.kind === "primary key" ? constraint.columns.map(({ name }) => name) : []))
}

/** Work on relations that others can see and that have rows, worst first: a rewrite, an index build, a scan. Null when there is none. */
export function hurtingWork(
  effects: Effects,
  context: RuleContext,
): { kind: "rewrite" | "build" | "scan"; work: Work } | null {
  const hurts = ({ relation }: Work): boolean => !context.isNew(relation) && !isEmptied(relation, context)
  const rewrite = effects.rewrites.find(hurts)
  if (rewrite !== undefined) return { kind: "rewrite", work: rewrite }
  const build = effects.builds.find(hurts)
  if (build !== undefined) return { kind: "build", work: build }
  const scan = effects.scans.find(hurts)
  return scan === undefined ? null : { kind: "scan", work: scan }
}

/** Whether the relation of that name is one that others can see. */
export function exists(name: Name, context: RuleContext): boolean {
  if (isSystem(name)) return false
  const relation = context.catalog.relation(name)
  // What is in pg_temp was made by this very session.
  if (relation === undefined) return name.schema !== "pg_temp" && !context.catalog.rulesOut(name)
  return !context.isNew(relation)
}

/**
 * Whether nothing is to be said of a statement but that it fails, and why. Where something depends on what it drops or changes the type
 * of, the rule that speaks of that has steps that get past it; but an index that a constraint needs is not dropped at all.
 */
export function isRejected(code: string, why: string, { operations }: Statement): boolean {
  if (why.startsWith("cannot alter type of a column used ")) return false
  return code !== "2BP01" || operations.some((operation) => operation.op === "drop" && operation.kind === "index")
}

/** System catalogs: superusers' tricks, and no table that a migration is about. */
function isSystem({ schema, name }: Name): boolean {
  return schema === "pg_catalog" || schema === "information_schema" || (schema === null && name.startsWith("pg_"))
}

/** Adds CONCURRENTLY, unless a transaction would then refuse the statement. */
export function makeConcurrent(at: Span, title: string, context: RuleContext): { readonly fix?: Fix } {
  const { current } = context
  if (current.within !== null || holdsLocks(current.transaction) || joinsOthers(at, context)) return {}
  const applicability = current.transaction.kind === "autocommit" ? "safe" : "unsafe"
  return { fix: { applicability, title, edits: [{ span: at, text: " CONCURRENTLY" }] } }
}

/** Whether the tool sends the statement in one message with others once CONCURRENTLY is in it. */
function joinsOthers(at: Span, context: RuleContext): boolean {
  const { current: { statement }, runner, text, unitOf } = context
  const unit = unitOf(statement)
  if (runner?.fallback === undefined || unit === null || statementsOf(unit, context).length === 1) return false
  const { start, end } = statement.span
  const edited = `${text({ start, end: at.start })} CONCURRENTLY${text({ start: at.end, end })}`
  return runner.fallback.patterns.some((pattern) => pattern.test(edited))
}

/** A name as the user wrote it. */
export function written(part: { readonly span: Span }, context: RuleContext): string {
  return context.text(part.span).replace(/\s+/g, " ")
}

/** An expression as the user wrote it, cut to a length that fits a sentence. */
export function excerpt(part: { readonly span: Span }, context: RuleContext): string {
  const text = written(part, context)
  return text.length <= 40 ? text : `${text.slice(0, 37)}...`
}

/**
 * The words that open the statement (`ALTER TABLE`, `DROP INDEX`): where a finding about the whole statement points.
 */
export function opening(statement: Statement, context: RuleContext): Span {
  const text = context.text(statement.span)
  const [words = text] =
    /^\s*\w+(?:\s+(?:TABLE|INDEX|TYPE|DOMAIN|VIEW|SCHEMA|FUNCTION|TRIGGER|MATERIALIZED\s+VIEW)\b)?/i.exec(text) ?? []
  return { start: statement.span.start, end: statement.span.start + words.length }
}

/** `line 3`, for naming another statement of the file; `line 3 of 0007_add_region.sql` when it stands in another one. */
export function lineOf(
  { statement, file, sql, within = null }: Pick<AnalyzedStatement, "statement" | "file" | "sql"> & Partial<Pick<AnalyzedStatement, "within">>,
  context: RuleContext,
): string {
  if (lastMap?.sql !== sql) lastMap = { sql, lines: createLineMap(sql) }
  const span = file === context.file ? context.placeOf(statement.span) : (within ?? statement).span
  const line = `line ${String(lastMap.lines.position(span.start).line)}`
  return file === context.file ? line : `${line} of ${file.slice(file.lastIndexOf("/") + 1)}`
}

/** Where another statement stands, to be shown beside a finding; in another file, what a DO block or function does stands where that runs. */
export function placeOf({ statement, file, within }: Pick<AnalyzedStatement, "statement" | "file" | "within">, context: RuleContext): { readonly file: string; readonly span: Span } {
  return { file, span: file === context.file ? statement.span : (within ?? statement).span }
}

/** Of the last file asked about: finding a line anew for every finding would make the cost of long files quadratic. */
let lastMap: { readonly sql: string; readonly lines: LineMap } | null = null

/** Whether the column is already there, so that ADD COLUMN IF NOT EXISTS does nothing. */
export function columnExists(relation: Relation | undefined, column: string, context: RuleContext): boolean {
  return relation !== undefined && context.catalog.column(relation, column) !== undefined
}

/** Whether the column came with this very deploy, so that no running code knows it. */
export function columnIsNew(table: Name, column: string, context: RuleContext): boolean {
  const relation = context.catalog.relation(table)
  if (relation === undefined) return false
  return context.catalog.column(relation, column)?.created?.deploy === context.deploy
}

/** NOT NULL in any spelling, and nothing that gives existing rows and old writers a value. */
export function isRequiredWithoutDefault(column: ColumnDefinition, context: RuleContext): boolean {
  const type = context.catalog.type(column.type)
  const domain = type?.kind === "domain" && column.type.dimensions === 0 ? type : null
  const declared = column.notNull !== null || column.constraints.some(({ kind }) => kind === "primary key")
  if (!declared && domain?.notNull !== true) return false
  if (column.notNull?.notValid === true && domain?.notNull !== true) return false
  if (column.default !== null && !column.default.isNull) return false
  if (column.serial || column.identity !== null || column.generated !== null) return false
  return domain === null || domain.default === null
}

export function setsSearchPath(operation: Operation): boolean {
  if (operation.op === "select") return operation.query.functions.some(({ name, arguments: [setting] }) => name === "set_config" && setting === "search_path")
  return operation.op === "set" && operation.setting === "search_path"
}
