/** What is known of a tool whose migrations are code. */
import type { Builder } from "./call.ts"

/** What of a tool the walk has to know. */
export interface Tool {
  readonly builder: Builder | null
  /** How people call the first parameter of `up`. */
  readonly receiver: string
  /** Calls whose SQL is sent when `up` has returned, by their path. */
  readonly deferred: RegExp | null
  /** Found in the code of migrations that have no transaction but those that they open themselves. */
  readonly ownTransactions: RegExp | null
  /** A transaction is handed over as what changes the schema in it. */
  readonly handsOn: boolean
  /** Calls that use a connection of their own, outside of the transaction that the tool opens, by their path. */
  readonly outside?: RegExp
  /** Nothing is known of the tool: whatever is called on what it hands to a migration, or is handed that, may change the schema. */
  readonly isUnknown?: true
  /** The project has the tool write names in another way than they stand in calls of its builder; raw SQL stays as it is. */
  readonly nameOf?: (name: string) => string
  /** Functions of the tool's package that change the schema, by their name. */
  readonly helpers?: RegExp
}
