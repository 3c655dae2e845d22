/** Starts sessions from dumps of the schema. */
import { dumpErrors } from "../engine/dump-errors.ts"
import type { ResultError } from "../engine/result.ts"
import type { Session } from "../engine/session.ts"
import { dumpReader } from "./dump-file.ts"
import type { Hosted } from "./hosted.ts"
import type { Dump } from "./replayed.ts"
import type { RunOptions, RunSink } from "./run.ts"

/** How many statements of a dump are named that could not be read. */
const NAMED_IN_DUMP = 5

interface LoadedDump {
  /** Null when it could not be read. */
  readonly text: string | null
  /** It is SQL of which nothing was passed over. */
  readonly isWhole: boolean
  /** Null for a dump in SQL. */
  readonly hosted: Hosted | null
}

/** Loads a dump into a session that has read nothing yet. */
export type LoadDump = (session: Session, dump: Dump) => LoadedDump

/** Starts sessions from dumps; one that was asked for has to be readable. What is wrong with a dump is said once, not for each project. */
export async function dumpLoader({ pgVersion, schema }: RunOptions, dumps: Iterable<Dump>, sink: Pick<RunSink, "error" | "passedOver">): Promise<LoadDump> {
  const read = await dumpReader([...dumps].map(({ path }) => path))
  const told = new Set<string>()
  const isNew = (path: string): boolean => !told.has(path) && told.add(path).size > 0
  return (session, { path, bytes, mayBeNewer }) => {
    const asked = path === schema?.path ? ` that ${schema.from} names` : ""
    const loaded = read({ path, ...(bytes !== undefined && { bytes }) })
    if ("error" in loaded) {
      if (asked !== "" && isNew(path)) sink.error({ ...loaded.error, message: `cannot start from the dump${asked}: ${loaded.error.message}` })
      return { text: null, isWhole: false, hosted: null }
    }
    session.load({ ...loaded, mayBeNewer })
    const problems = loaded.hosted === null ? dumpErrors(path, loaded.sql, loaded.parsed, pgVersion) : []
    const [first] = problems
    if (first !== undefined && isNew(path)) {
      if (asked !== "" && loaded.parsed.statements.length === 0) sink.error({ ...first, message: `cannot start from the dump${asked}, of which nothing can be read: ${first.message}` })
      else for (const problem of named(problems)) sink.passedOver(problem)
    }
    return { text: loaded.text, isWhole: first === undefined && loaded.hosted === null, hosted: loaded.hosted }
  }
}

/** The first problems, and how many more there are. */
function named(problems: readonly ResultError[]): readonly ResultError[] {
  const shown = problems.slice(0, NAMED_IN_DUMP)
  const rest = problems.length - shown.length
  return shown.map((problem, index) => (rest > 0 && index === shown.length - 1 ? { ...problem, message: `${problem.message}; so are ${String(rest)} more` } : problem))
}
