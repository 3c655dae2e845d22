import type { FrameworkId } from "../files/types.ts"
import type { RuleSelection } from "./select.ts"

/** What is known of the place where the migrations run, and which rules look at them. */
export interface LintOptions extends RuleSelection {
  /** The PostgreSQL major that runs the migrations, 11 to 18; default 14. */
  readonly pgVersion?: number | undefined
  /** True: each file runs in a transaction of its own. False: the tool opens none. Absent: what the tool does, if it is known. */
  readonly transaction?: boolean | undefined
  /** The schemas of the search_path with which the tool's sessions begin; absent: what the tool's files say, if they are known. */
  readonly searchPath?: readonly string[] | undefined
  /** The tool that runs the migrations; absent: found out from the paths and files. */
  readonly framework?: FrameworkId | undefined
  /** Which direction of migrations to lint; default `up`. */
  readonly direction?: "up" | "down" | "both" | undefined
}

/** What `lint()` takes. */
export interface LintInput {
  /** In any order: they are put into the order in which their tool runs them. */
  readonly files: readonly InputFile[]
  /** Earlier migrations: they are replayed for what they teach, and never reported. Down migrations have no history. */
  readonly history?: readonly InputFile[] | undefined
  /**
   * A dump of the schema (`pg_dump --schema-only`) to start from, instead of the history or before it. Statements in it that PostgreSQL
   * rejects are passed over, each with an error in the file `<schema>`.
   */
  readonly schema?: string | undefined
  /** How large tables are, as the query of `pgsafe stats` tells. */
  readonly sizes?: readonly InputSize[] | undefined
  /** The files go out together as one deploy; otherwise each is a deploy of its own. */
  readonly pending?: boolean | undefined
  /** Sources of the application, searched for uses of what the files drop or rename. */
  readonly app?: readonly { readonly path: string; readonly text: string }[] | undefined
  readonly options?: LintOptions | undefined
}

/** A migration. `path` tells its tool and its place among the others; nothing is read from disk. */
export interface InputFile {
  readonly path: string
  readonly sql: string
}

/** How large a table is. */
export interface InputSize {
  readonly schema: string
  readonly table: string
  /** About; null when the table was never analyzed. */
  readonly rows: number | null
  readonly bytes: number
}
