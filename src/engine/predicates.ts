import { effectsOf } from "../effects/index.ts"
import type { Effects, Lock, Work } from "../effects/types.ts"
import type { ConstraintKind } from "../parse/constraint.ts"
import type { Name } from "../parse/name.ts"
import type {
  ColumnDefinition,
  LockMode,
  Operation,
  OperationKind,
  OperationOf,
  Statement,
} from "../parse/operation.ts"
import type { Relation } from "../schema/catalog.ts"
import type { Span } from "../source/span.ts"
import type { Fix } from "./finding.ts"
import type { AnalyzedStatement, RuleContext } from "./rule.ts"
import { holdsLocks } from "./transaction.ts"

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
  return effectsOf({ ...statement, operations: [operation] }, context.catalog, {
    pgVersion: context.pgVersion,
    text: (span) => context.text(span),
  })
}

/** Work on relations that others can see, worst first: a rewrite, an index build, a scan. Null when there is none. */
export function hurtingWork(
  effects: Effects,
  context: RuleContext,
): { kind: "rewrite" | "build" | "scan"; work: Work } | null {
  const hurts = ({ relation }: Work): boolean => !context.isNew(relation)
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
  if (relation === undefined) return !context.catalog.complete
  return !context.isNew(relation)
}

/** System catalogs: superusers' tricks, and no table that a migration is about. */
function isSystem({ schema, name }: Name): boolean {
  return schema === "pg_catalog" || schema === "information_schema" || (schema === null && name.startsWith("pg_"))
}

/** Adds CONCURRENTLY, unless a transaction would then refuse the statement. */
export function makeConcurrent(at: Span, title: string, { current }: RuleContext): { readonly fix?: Fix } {
  if (current.within !== null || holdsLocks(current.transaction)) return {}
  const applicability = current.transaction.kind === "autocommit" ? "safe" : "unsafe"
  return { fix: { applicability, title, edits: [{ span: at, text: " CONCURRENTLY" }] } }
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

/** `line 3`, for naming another statement of the file. */
export function lineOf(statement: Statement, context: RuleContext): string {
  let line = 1
  for (let at = context.sql.indexOf("\n"); at >= 0 && at < statement.span.start; at = context.sql.indexOf("\n", at + 1))
    line += 1
  return `line ${line}`
}

const BLOCKS_WRITES: readonly LockMode[] = ["SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"]

/**
 * Whether writers (and perhaps readers) of the relation wait for the lock. Locks on indexes alone stop nobody by
 * themselves.
 */
export function blocksWrites({ relation, mode }: Lock): boolean {
  return BLOCKS_WRITES.includes(mode) && relation.kind !== "index" && relation.kind !== "composite type"
}

/** Earlier statements whose locks are still held when the current one runs. */
export function earlierInTransaction({ current, earlier }: RuleContext): readonly AnalyzedStatement[] {
  if (!holdsLocks(current.transaction)) return []
  return earlier.filter(({ transaction }) => transaction.id === current.transaction.id)
}

export interface HeldLock {
  readonly lock: Lock
  readonly taken: AnalyzedStatement
}

/** The first lock on an existing relation that earlier statements of the transaction took and that `counts`. */
export function heldLock(context: RuleContext, counts: (lock: Lock) => boolean): HeldLock | null {
  for (const taken of earlierInTransaction(context)) {
    const lock = taken.exposed.find(counts)
    if (lock !== undefined) return { lock, taken }
  }
  return null
}

/** An ACCESS EXCLUSIVE lock that blocks every query of an existing table until the transaction ends. */
export function heldExclusiveLock(context: RuleContext): HeldLock | null {
  return heldLock(
    context,
    ({ mode, relation: { kind } }) => mode === "ACCESS EXCLUSIVE" && (kind === "table" || kind === "partitioned table"),
  )
}

/** The operations that follow in the same transaction; all that follow when the transaction is not known. */
export function laterInTransaction({ current, statements }: RuleContext): readonly Operation[] {
  if (current.transaction.kind === "autocommit") return []
  const index = statements.indexOf(current.within ?? current.statement)
  const later: Operation[] = []
  for (const { operations } of statements.slice(index + 1)) {
    if (operations[0]?.op === "commit" || operations[0]?.op === "rollback") break
    later.push(...operations)
  }
  return later
}

/**
 * Whether something takes the old name before others can notice that it is gone: a view, a table, a type, a function.
 */
export function nameIsTakenAgain(old: Name, context: RuleContext): boolean {
  return laterInTransaction(context).some((operation) => givesName(operation, old))
}

/** Whether the file goes on to create something of that name, in whatever transaction. */
export function isCreatedAnew(old: Name, { current, statements }: RuleContext): boolean {
  const index = statements.indexOf(current.within ?? current.statement)
  return statements.slice(index + 1).some(({ operations }) => operations.some((operation) => givesName(operation, old)))
}

function givesName(operation: Operation, wanted: Name): boolean {
  const name = nameGivenBy(operation)
  return (
    name !== null &&
    name.name === wanted.name &&
    (name.schema === null || wanted.schema === null || name.schema === wanted.schema)
  )
}

/** The name that an operation gives to something. */
function nameGivenBy(operation: Operation): { readonly schema: string | null; readonly name: string } | null {
  switch (operation.op) {
    case "create table":
    case "create table as":
      return operation.table
    case "create view":
    case "create materialized view":
      return operation.view
    case "create enum":
    case "create composite type":
    case "create type":
      return operation.type
    case "create domain":
      return operation.domain
    case "create function":
      return operation.function
    case "create sequence":
      return operation.sequence
    case "rename relation":
      return { schema: operation.relation.schema, name: operation.newName.name }
    case "rename object":
      return { schema: operation.object.schema, name: operation.newName.name }
    default:
      return null
  }
}

/** Whether the column is already there, so that ADD COLUMN IF NOT EXISTS does nothing. */
export function columnExists(relation: Relation | undefined, column: string, context: RuleContext): boolean {
  return relation !== undefined && context.catalog.column(relation, column) !== undefined
}

/** Whether the column came with this very migration, so that no running code knows it. */
export function columnIsNew(table: Name, column: string, context: RuleContext): boolean {
  const relation = context.catalog.relation(table)
  if (relation === undefined) return false
  return context.catalog.column(relation, column)?.created?.file === context.file
}

/** NOT NULL in any spelling, and nothing that gives existing rows and old writers a value. */
export function isRequiredWithoutDefault(column: ColumnDefinition, context: RuleContext): boolean {
  const required = column.notNull !== null || column.constraints.some(({ kind }) => kind === "primary key")
  if (!required || column.notNull?.notValid === true) return false
  if (column.default !== null && !column.default.isNull) return false
  if (column.serial || column.identity !== null || column.generated !== null) return false
  const type = context.catalog.type(column.type)
  return type?.kind !== "domain" || type.default === null
}
