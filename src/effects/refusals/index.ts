import type { OperationKind, OperationOf } from "../../parse/operation.ts"
import type { Draft } from "../draft.ts"
import { columnRefusals } from "./columns.ts"
import { constraintRefusals } from "./constraints.ts"
import { objectRefusals } from "./objects.ts"
import { partitionRefusals } from "./partitions.ts"
import { tableRefusals } from "./tables.ts"

/** Looks for reasons why the server would certainly refuse an operation on this catalog. */
export type Refusals = { readonly [Kind in OperationKind]?: (operation: OperationOf<Kind>, draft: Draft) => void }

const families: readonly Refusals[] = [
  columnRefusals,
  constraintRefusals,
  partitionRefusals,
  tableRefusals,
  objectRefusals,
]

/**
 * Records why an operation cannot succeed, as far as the catalog is sure of it. Codes are the server's (PostgreSQL
 * docs, appendix A); what depends on rows, roles, tablespaces or other databases is not judged.
 */
export function refuse<K extends OperationKind>(operation: OperationOf<K>, draft: Draft): void {
  for (const family of families) {
    // A lookup by the operation's own kind, which the compiler cannot follow through the union.
    const check = family[operation.op] as ((operation: OperationOf<K>, draft: Draft) => void) | undefined
    check?.(operation, draft)
  }
}
