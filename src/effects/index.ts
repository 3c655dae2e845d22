import type { OperationKind, OperationOf, Statement } from "../parse/operation.ts"
import type { Catalog } from "../schema/catalog.ts"
import { alterHandlers } from "./alter-objects.ts"
import { tableHandlers } from "./alter/index.ts"
import { createHandlers } from "./create.ts"
import { dataHandlers } from "./data.ts"
import { createDraft, fail, finish, forbid, lock, NO_EFFECTS, uncertain, type Draft, type EffectsOptions } from "./draft.ts"
import { drop } from "./drop.ts"
import type { Handler, Handlers } from "./handler.ts"
import { maintenanceHandlers } from "./maintenance.ts"
import { forbiddenCommands } from "./other.ts"
import { features, unsupportedBy } from "./support.ts"
import type { Effects } from "./types.ts"

export type { EffectsOptions } from "./draft.ts"
export type { AffectedRelation, Effects, Lock, Work } from "./types.ts"
export { atLeast, conflicts, strongest } from "./modes.ts"
export { coversBound, provesNotNull, type PartitionKey } from "./proofs.ts"
export { columnType, columnTypeChange, typeChange, type TypeChange } from "./type-change.ts"
export { builtinVolatility, defaultVolatility, functionVolatility, type DefaultVolatility, type Volatility } from "./volatility.ts"
export { NO_EFFECTS } from "./draft.ts"

const handlers: Handlers<OperationKind> = {
  ...tableHandlers,
  ...createHandlers,
  ...alterHandlers,
  ...dataHandlers,
  ...maintenanceHandlers,
  "create schema": createSchema,
  drop: dropObjects,
  begin: null,
  commit: null,
  rollback: null,
  savepoint: null,
  "release savepoint": null,
  "rollback to savepoint": null,
  "prepare transaction": null,
  "commit prepared": commitPrepared,
  "rollback prepared": commitPrepared,
  set: null,
  reset: null,
  "set constraints": null,
  do: doBlock,
  call,
  other,
}

/**
 * What one statement locks, rewrites, scans and builds on relations that exist before it, on one PostgreSQL major. The catalog is the
 * one before the statement. Where something decisive is not known, the dangerous side is claimed and `uncertain` says what
 * would have to be known.
 */
export function effectsOf(statement: Statement, catalog: Catalog, options: EffectsOptions): Effects {
  let draft: Draft | null = null
  for (const operation of statement.operations) {
    if (handlers[operation.op] === null && features[operation.op] === undefined) continue
    draft ??= createDraft(statement, catalog, options)
    run(operation, draft)
  }
  return draft === null ? NO_EFFECTS : finish(draft)
}

function run<K extends OperationKind>(operation: OperationOf<K>, draft: Draft): void {
  draft.unsupported ??= unsupportedBy(operation, draft.pgVersion)
  // A lookup by the operation's own kind, which the compiler cannot follow through the union.
  const handler = handlers[operation.op] as Handler<K> | null
  if (handler !== null) handler(operation, draft)
}

function createSchema(operation: OperationOf<"create schema">, draft: Draft): void {
  for (const element of operation.elements) run(element, draft)
}

function dropObjects(operation: OperationOf<"drop">, draft: Draft): void {
  if (operation.kind === "database") forbid(draft, "DROP DATABASE")
  else if (operation.kind === "tablespace") forbid(draft, "DROP TABLESPACE")
  else drop(operation, draft)
}

function commitPrepared(operation: OperationOf<"prepare transaction" | "commit prepared" | "rollback prepared">, draft: Draft): void {
  forbid(draft, operation.op.toUpperCase())
}

/** The union of what the block's statements do; each is read by itself, against the catalog before the block. */
function doBlock(operation: OperationOf<"do">, draft: Draft): void {
  for (const { operations, span } of operation.statements) {
    const statement: Statement = { span, operations, holes: draft.statement.holes }
    const inner = effectsOf(statement, draft.catalog, { pgVersion: draft.pgVersion, text: draft.text })
    for (const { relation, mode, why } of inner.locks) lock(draft, relation, mode, why)
    draft.rewrites.push(...inner.rewrites)
    draft.scans.push(...inner.scans)
    draft.builds.push(...inner.builds)
    for (const what of inner.uncertain) uncertain(draft, what)
    draft.unsupported ??= inner.unsupported
    if (inner.forbidden !== null) {
      draft.forbidden ??= inner.forbidden
      fail(draft, "25001", `${inner.forbidden}, and a DO block is always inside one`)
    }
  }
  if (operation.statements.some((statement) => statement.conditional)) uncertain(draft, "which of the block's conditional statements run")
  if (operation.dynamic.length > 0) uncertain(draft, "what the block's dynamic SQL does")
}

function call(operation: OperationOf<"call">, draft: Draft): void {
  const { catalog } = draft
  const bodies = catalog.functions(operation.procedure).filter((known) => known.kind === "procedure")
  if (bodies.some(({ body }) => body !== null && /\b(commit|rollback)\b/i.test(body))) {
    forbid(draft, `CALL of ${operation.procedure.name}, which ends transactions,`)
  }
  uncertain(draft, `what the procedure ${operation.procedure.name} does`)
}

function other(operation: OperationOf<"other">, draft: Draft): void {
  const words = forbiddenCommands.get(operation.command)
  if (words !== undefined) forbid(draft, words)
}
