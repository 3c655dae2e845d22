import type { OperationKind, OperationOf } from "../parse/operation.ts"
import type { Draft } from "./draft.ts"

/** Writes the effects of one operation into the draft. */
export type Handler<K extends OperationKind> = (operation: OperationOf<K>, draft: Draft) => void

/** A handler for each operation of a family; null for operations that never touch an existing relation. */
export type Handlers<K extends OperationKind> = { readonly [Kind in K]: Handler<Kind> | null }
