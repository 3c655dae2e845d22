/** Reads dumps of the schema: what pg_dump writes, and `db/schema.rb` of Rails. */
import type { ResultError } from "../engine/result.ts"
import { framework as rails } from "../files/frameworks/rails.ts"
import type { ParsedFile } from "../parse/index.ts"
import type { HostedCode } from "./code-files.ts"
import { orError } from "./internal-error.ts"
import { parseTask, readTask, type Task } from "./parse-task.ts"

/** A dump as the engine takes it. */
export interface DumpFile {
  readonly path: string
  /** What is in the file. */
  readonly text: string
  readonly sql: string
  readonly parsed: ParsedFile
  /** Names of which nothing is known. */
  readonly doubts: readonly string[]
  /** It does not tell of everything that there is. */
  readonly isPartial: boolean
  /** Null for a dump in SQL. */
  readonly hosted: HostedCode | null
}

/** Reads one dump. Never throws. */
export type ReadDump = (task: Task) => DumpFile | { readonly error: ResultError }

/** @param paths the dumps that may have to be read */
export async function dumpReader(paths: Iterable<string>): Promise<ReadDump> {
  const code = [...paths].some(isRuby) ? await import("./code-files.ts") : null
  return (task) => {
    const { path } = task
    if (!isRuby(path) || code === null) {
      const read = parseTask(task)
      return "error" in read ? read : { path, text: read.sql, sql: read.sql, parsed: read.parsed, doubts: [], isPartial: false, hosted: null }
    }
    const read = readTask(task)
    if ("error" in read) return read
    const { text } = read
    if (rails.dump?.sign.test(text) !== true) return { error: { file: path, message: "this is no dump that Rails has written, which is called db/schema.rb" } }
    const hosted = orError(path, () => code.loadRailsSchema(path, text))
    if ("message" in hosted) return { error: hosted }
    // Rails leaves out views, functions, types of other gems and what belongs to partitions.
    return { path, text, sql: hosted.sql, parsed: hosted.parsed, doubts: (hosted.doubts ?? []).flatMap(({ words }) => words), isPartial: true, hosted }
  }
}

function isRuby(path: string): boolean {
  return /\.rb$/i.test(path)
}
