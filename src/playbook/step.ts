import type { LockMode } from "../parse/operation.ts"

/** One step of a recipe: SQL that can be run as it is. */
export interface Step {
  /** Which deploy it belongs to: expand adds the new shape, migrate fills it, contract removes the old one. */
  readonly deploy: "expand" | "migrate" | "contract"
  readonly title: string
  /** Complete SQL; empty only when the step is something a person does (`note` says what). */
  readonly sql: string
  /** May run inside a transaction. */
  readonly transaction: boolean
  /** The strongest lock it takes on an existing table, and for how long; null when none blocks anything. */
  readonly lock: { readonly relation: string; readonly mode: LockMode; readonly duration: Duration } | null
  /** What a person has to do or know. */
  readonly note: string | null
}

/** In the order in which they go out. */
export const DEPLOYS: readonly Step["deploy"][] = ["expand", "migrate", "contract"]

/** How long a lock is held. */
export type Duration = "instant" | "scan" | "rewrite" | "build" | "transaction"
