import type { LockMode } from "../parse/operation.ts"
import type { Duration, Step } from "../playbook/step.ts"
import type { Span } from "../source/span.ts"
import type { Position } from "../source/text.ts"
import type { Grade, Removed } from "../usage/index.ts"
import type { Replaced } from "./rest.ts"

/** How bad a problem is: an `error` blocks reads or writes for long, breaks running code or loses data; all else is a `warning`. */
export type Severity = "error" | "warning"

/** A lock as a finding reports it. */
export interface ReportedLock {
  /** As a person would write it: `orders`, `app.orders`. */
  readonly relation: string
  readonly mode: LockMode
  readonly blocks: readonly ("reads" | "writes")[]
  readonly duration: Duration
}

/** What is written in the place of a part of the text. */
export interface FixEdit {
  readonly span: Span
  readonly text: string
  /** Its lines end as they do here, whatever the lines of the file end in. */
  readonly exact?: true
}

/** A text edit that may be applied. */
export interface Fix {
  readonly applicability: "safe" | "unsafe" | "manual"
  readonly title: string
  readonly edits: readonly FixEdit[]
}

/** Another place that belongs to a finding: in a migration by its span, in another file by its position. */
export type RelatedLocation = {
  readonly file: string
  readonly message: string
} & ({ readonly span: Span } | { readonly position: Position; readonly grade: Grade })

/** What pgsafe says about one place of one file. */
export interface Finding {
  readonly rule: string
  readonly severity: Severity
  /** What is wrong, in one sentence. */
  readonly message: string
  /** Why it matters: one or two sentences; null when the message says it all. */
  readonly why: string | null
  readonly file: string
  readonly span: Span
  readonly statement: Span
  readonly locks: readonly ReportedLock[]
  readonly fix: Fix | null
  readonly steps: readonly Step[]
  /** What the steps stand in for; null without steps. */
  readonly replaces: Replaced | null
  readonly related: readonly RelatedLocation[]
  /** What pgsafe could not know and assumed. */
  readonly uncertain: readonly string[]
  /** Names that running code may still use. */
  readonly removes: readonly Removed[]
  /** It counts only when the application still uses one of them. */
  readonly onlyIfUsed: boolean
  /** PostgreSQL rejects the statement, so that it does nothing. */
  readonly rejected: boolean
  /** Tables, as a person would write them, of which the statement itself goes through many rows: how long it takes hangs on their size. */
  readonly changes: readonly string[]
}
