import type { Span } from "../source/span.ts"
import type { AlterOperation } from "./operations/alter.ts"
import type { Base } from "./operations/base.ts"
import type { CodeOperation } from "./operations/code.ts"
import type { CreateOperation } from "./operations/create.ts"
import type { DataOperation } from "./operations/data.ts"
import type { DropOperation } from "./operations/drop.ts"
import type { MaintenanceOperation } from "./operations/maintenance.ts"
import type { SessionOperation, TransactionOperation } from "./operations/session.ts"
import type { TableOperation } from "./operations/table.ts"

/**
 * Operations are pgsafe's common language: what a statement asks PostgreSQL to do, in PostgreSQL's words, with the exact
 * span of every part a finding may speak of. The schema fold, the effects and the rules match on `op`; a new operation
 * fails to compile until each of them has an answer.
 *
 * They are plain data (no functions, no cycles, no `undefined` members on hot paths), so that they can cross a thread
 * boundary.
 */
export type Operation =
  | TableOperation
  | CreateOperation
  | AlterOperation
  | DropOperation
  | DataOperation
  | MaintenanceOperation
  | TransactionOperation
  | SessionOperation
  | CodeOperation
  | OtherOperation

/** The `op` of every operation. */
export type OperationKind = Operation["op"]

/** The operation with the given `op`. */
export type OperationOf<K extends OperationKind> = Extract<Operation, { op: K }>

/** Commands without effect on relations; kept by name so that transaction restrictions can be told. */
export type OtherOperation = Base & {
  readonly op: "other"
  /** PostgreSQL's command words in lower case: `create database`, `alter system`, `create cast`, `discard all`, `listen`. */
  readonly command: string
}

/** One statement of a file. */
export interface Statement {
  /** From the first token to the last; without the semicolon. */
  readonly span: Span
  readonly operations: readonly Operation[]
  /** Template or driver placeholders inside the statement: what pgsafe concludes from a name there is a guess. */
  readonly holes: readonly Span[]
}

// What operations are made of, so that who reads them needs no other file.
export type { ConstraintDefinition } from "./constraint.ts"
export type { FunctionCall } from "./expression.ts"
export { LOCK_MODES, type LockMode } from "./lock-modes.ts"
export type { Identifier, Name, TypeName } from "./name.ts"
export type { AlterOperation } from "./operations/alter.ts"
export type { ObjectKind, RelationKeyword, WrittenArguments } from "./operations/base.ts"
export type { CodeBody, CodeOperation, DecodedText, EmbeddedStatement } from "./operations/code.ts"
export type { CreateOperation, FunctionArgument, IndexElement, Persistence, PolicyCommand, PublicationTable } from "./operations/create.ts"
export type { DataOperation } from "./operations/data.ts"
export type { DropOperation, DroppedObject } from "./operations/drop.ts"
export type { MaintenanceOperation } from "./operations/maintenance.ts"
export type { SessionOperation, TransactionOperation } from "./operations/session.ts"
export type { ColumnDefinition, PartitionBound, PartitionValue, TableOperation } from "./operations/table.ts"
