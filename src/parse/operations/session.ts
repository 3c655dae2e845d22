/** Transactions, and the settings of a session. */
import type { Base } from "./base.ts"

export type TransactionOperation =
  | (Base & { readonly op: "begin" })
  | (Base & { readonly op: "commit" | "rollback"; readonly chain: boolean })
  | (Base & { readonly op: "savepoint" | "release savepoint" | "rollback to savepoint"; readonly savepoint: string })
  | (Base & { readonly op: "prepare transaction" | "commit prepared" | "rollback prepared"; readonly gid: string })

export type SessionOperation =
  /** SET, SET LOCAL; `value` is the setting as text (`'5s'` -> `5s`), lists joined with ", "; null for DEFAULT and FROM CURRENT. */
  | (Base & { readonly op: "set"; readonly setting: string; readonly value: string | null; readonly values: readonly string[]; readonly local: boolean })
  /** RESET x; setting null: RESET ALL. */
  | (Base & { readonly op: "reset"; readonly setting: string | null })
  | (Base & { readonly op: "set constraints" })
