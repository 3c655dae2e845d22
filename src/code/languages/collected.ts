/** What is found in a migration whose language is read for raw SQL only. */
import type { EmbeddedText, Guard } from "../../embedded/index.ts"
import type { Unit } from "../../files/types.ts"
import type { Span } from "../../source/span.ts"
import type { SqlFileRequest } from "../sql-files.ts"

export interface RawCall {
  readonly text: EmbeddedText
  /** Where the call stands; its text may be a constant that stands elsewhere. */
  readonly at: number
  readonly down: boolean
  /** It runs outside of the transaction that the tool opens. */
  readonly outside: boolean
  /** The code may pass over it. */
  readonly conditional: boolean
  /** The tool makes up its names, or looks them up in the database. */
  readonly derived?: true
  /** Answers that the tool takes to come by, and whether it may pass over it whatever these are. */
  readonly guards?: readonly Guard[]
  readonly maybe?: boolean
  /** The part of the file that it belongs to, for tools that run such parts by themselves; one object for each. */
  readonly section?: Section
  /** The tool sends all of its statements in one message. */
  readonly isOneMessage?: true
}

/** A part of a file that the tool runs by itself. */
export interface Section extends Pick<Unit, "wrap" | "send" | "why" | "offSwitch"> {
  readonly name: string
  /** It ran with an earlier deploy. It stands in the script all the same, so that what this deploy finds of it has its place. */
  readonly hasRun?: true
}

/** A table that the migration makes by the tool's own means. */
export interface MadeTable {
  readonly schema: string | null
  readonly name: string
  readonly at: Span
  readonly down: boolean
  /** It may have been there before. */
  readonly maybeOlder: boolean
}

export interface Collected {
  readonly calls: readonly RawCall[]
  readonly tables: readonly MadeTable[]
  /** Parts of the file that do not run now; what comments say of them is not read. */
  readonly passedOver?: readonly Span[]
  /** Raw SQL that only running the code would tell. `isPath`: it stands in the file whose path that is. */
  readonly unread: readonly (Span & Partial<Pick<RawCall, "at" | "outside" | "conditional">> & { readonly isPath?: true; readonly down: boolean })[]
  /**
   * Calls of the tool's schema builder, which are not read. `wide`: what they change is not named there. `names`: what they change is called so in the database.
   * `columns`: all that they may change of what is there. `at`: where they stand in the order of the calls, if not at their start. `file`: what they send is
   * read once that file is found.
   */
  readonly builders: readonly (Span & { readonly at?: number; readonly down: boolean; readonly wide: boolean; readonly names?: readonly string[]; readonly columns?: readonly string[]; readonly file?: SentFile })[]
}

/** A file of SQL that a call of the schema builder makes a statement of. */
export interface SentFile {
  readonly request: SqlFileRequest
  /** What is sent first. */
  readonly first: readonly EmbeddedText[]
  /** What stands in front of its text. */
  readonly head: string
  readonly conditional: boolean
}
