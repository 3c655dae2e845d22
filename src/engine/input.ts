import type { MigrationFile, Unit } from "../files/types.ts"
import type { ParsedFile } from "../parse/index.ts"
import type { Span } from "../source/span.ts"

/** One file, ready to be analyzed. */
export interface SessionFile {
  readonly file: MigrationFile
  readonly sql: string
  readonly parsed: ParsedFile
  /** False for history: it is replayed for what it teaches and never reported. */
  readonly report: boolean
  /** The parts of the text, when they are not those that the tool finds in a file of SQL. */
  readonly units?: readonly Unit[]
  /** What also runs but could not be read, in the order of the text. */
  readonly doubts?: readonly Doubt[]
  /** The parts that run only where the schema gives some answers, in the order of the text. */
  readonly guarded?: readonly GuardedPart[]
  /** See `RuleContext`. */
  readonly inCode?: boolean
}

/** Something that ran and that nobody could read. */
export interface Doubt {
  /** It ran before the first statement that starts here or later. */
  readonly at: number
  /** What may be a name in it. */
  readonly words: readonly string[]
  /** All that it may change of what is known of relations are these columns of them. */
  readonly columns?: readonly string[]
  /** The part of the text that it is about. */
  readonly of?: GuardedPart
}

/** Asked of the schema by code: whether there is a table, or a column of it. Each time that it asks is a question of its own. */
export interface Question {
  readonly relation: { readonly schema: string | null; readonly name: string }
  readonly column: string | null
}

/** A part of the text that code sends only where the schema gives these answers. */
export interface GuardedPart extends Span {
  readonly guards: readonly { readonly question: Question; readonly answer: boolean }[]
  /** The code may pass over it whatever the answers are. */
  readonly maybe: boolean
}
