import type { Operation, OperationKind, OperationOf } from "../../parse/operation.ts"
import type { Draft } from "../draft.ts"
import { accessMethodRefusals } from "./access-methods.ts"
import { columnRefusals } from "./columns.ts"
import { constraintRefusals } from "./constraints.ts"
import { expressionRefusals } from "./expressions.ts"
import { functionRefusals } from "./functions.ts"
import { inheritanceRefusals } from "./inheritance.ts"
import { keyRefusals } from "./keys.ts"
import { namedRefusals } from "./named.ts"
import { objectRefusals } from "./objects.ts"
import { operatorClassRefusals } from "./operator-classes.ts"
import { partitionRefusals } from "./partitions.ts"
import { queryRefusals } from "./queries.ts"
import { rowRefusals } from "./rows.ts"
import { schemaRefusals } from "./schemas.ts"
import { settingRefusals } from "./settings.ts"
import { storageRefusals } from "./storage.ts"
import { tableRefusals } from "./tables.ts"
import { typeRefusals } from "./types.ts"

/** Looks for reasons why the server would certainly refuse an operation on this catalog. */
export type Refusals = { readonly [Kind in OperationKind]?: (operation: OperationOf<Kind>, draft: Draft) => void }

const families: readonly Refusals[] = [
  expressionRefusals,
  columnRefusals,
  constraintRefusals,
  partitionRefusals,
  inheritanceRefusals,
  keyRefusals,
  accessMethodRefusals,
  operatorClassRefusals,
  tableRefusals,
  storageRefusals,
  schemaRefusals,
  functionRefusals,
  settingRefusals,
  objectRefusals,
  namedRefusals,
  rowRefusals,
  queryRefusals,
  typeRefusals,
]

/**
 * Records why an operation cannot succeed, as far as the catalog is sure of it. Codes are the server's (PostgreSQL
 * docs, appendix A); what depends on rows, roles, tablespaces or other databases is not judged.
 */
export function refuse(operation: Operation, draft: Draft): void {
  for (const check of checksFor(operation.op)) check(operation, draft)
}

/** Whether there are any reasons to look for. */
export function mayRefuse(kind: OperationKind): boolean {
  return checksFor(kind).length > 0
}

type Check = (operation: Operation, draft: Draft) => void

/** The families' checks by operation, gathered once: `refuse` runs for every statement. */
const checks = new Map<OperationKind, readonly Check[]>()

function checksFor(kind: OperationKind): readonly Check[] {
  let found = checks.get(kind)
  if (found === undefined) {
    // A lookup by the operation's own kind, which the compiler cannot follow through the union.
    found = families.flatMap((family) => (family[kind] as Check | undefined) ?? [])
    checks.set(kind, found)
  }
  return found
}
