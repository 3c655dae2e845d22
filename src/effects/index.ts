import type { OperationKind, OperationOf, Statement } from "../parse/operation.ts"
import type { Catalog } from "../schema/catalog.ts"
import { alterHandlers } from "./alter-objects.ts"
import { tableHandlers } from "./alter/index.ts"
import { call, createSchema, doBlock, other, plan } from "./code.ts"
import { createHandlers } from "./create.ts"
import { dataHandlers } from "./data.ts"
import { createDraft, finish, forbid, NO_EFFECTS, type Draft, type EffectsOptions } from "./draft.ts"
import { drop } from "./drop.ts"
import type { Handler, Handlers } from "./handler.ts"
import { maintenanceHandlers } from "./maintenance.ts"
import { mayRefuse, refuse } from "./refusals/index.ts"
import { features, unsupportedBy } from "./support.ts"
import type { Effects } from "./types.ts"

export type { EffectsOptions } from "./draft.ts"
export type { AffectedRelation, Effects, Lock, Work } from "./types.ts"
export { atLeast, conflicts, strongest } from "./modes.ts"
export { holdsRows, provesNotNull } from "../schema/proofs.ts"
export { typeChange, type TypeChange } from "./type-change.ts"
export { builtinVolatility, type Volatility } from "./volatility.ts"

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
  plan,
  execute: null,
  deallocate: null,
  other,
}

/**
 * What one statement locks, rewrites, scans and builds on relations that exist before it, on one PostgreSQL major.
 * The catalog is the one before the statement. Where something decisive is not known, the dangerous side is claimed
 * and `uncertain` says what would have to be known.
 */
export function effectsOf(statement: Statement, catalog: Catalog, options: EffectsOptions): Effects {
  if (!mayMatter(statement)) return NO_EFFECTS
  const { pgVersion, text, inCode = false } = options
  return explain(statement, { catalog, pgVersion, text, inCode, explain, bodies: new Map(), depth: 0 })
}

function mayMatter({ operations }: Statement): boolean {
  for (const { op } of operations) if (handlers[op] !== null || features[op] !== undefined || mayRefuse(op)) return true
  return false
}

function explain(
  statement: Statement,
  within: Pick<Draft, "catalog" | "pgVersion" | "text" | "inCode" | "explain" | "bodies" | "depth">,
): Effects {
  const draft = createDraft(statement, within)
  for (const operation of statement.operations) run(operation, draft)
  return finish(draft)
}

function run<K extends OperationKind>(operation: OperationOf<K>, draft: Draft): void {
  draft.unsupported ??= unsupportedBy(operation, draft.pgVersion, draft.text)
  refuse(operation, draft)
  // A lookup by the operation's own kind, which the compiler cannot follow through the union.
  const handler = handlers[operation.op] as Handler<K> | null
  if (handler !== null) handler(operation, draft)
}

function dropObjects(operation: OperationOf<"drop">, draft: Draft): void {
  if (operation.kind === "database") forbid(draft, "DROP DATABASE")
  else if (operation.kind === "tablespace") forbid(draft, "DROP TABLESPACE")
  else drop(operation, draft)
}

function commitPrepared(
  operation: OperationOf<"prepare transaction" | "commit prepared" | "rollback prepared">,
  draft: Draft,
): void {
  forbid(draft, operation.op.toUpperCase())
}
