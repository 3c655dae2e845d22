import type { MigrationFile, Unit } from "../files/types.ts"
import type { ParsedFile } from "../parse/index.ts"

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
  /** See `RuleContext`. */
  readonly inCode?: boolean
}

/** Something that ran and that nobody could read. */
export interface Doubt {
  /** It ran before the first statement that starts here or later. */
  readonly at: number
  /** What may be a name in it. */
  readonly words: readonly string[]
}
