import { statSync } from "node:fs"
import type { ResultError } from "../engine/result.ts"
import { setGrammarModule } from "../parse/grammar/index.ts"
import type { ParsedFile } from "../parse/index.ts"
import { compileGrammar } from "./grammar.ts"
import { parseTask, type Task, type TaskResult } from "./parse-task.ts"
import { startForMuch } from "./v8-flags.ts"

/** Below this many bytes of SQL, starting threads costs more than it saves (measured). */
const WORTH_THREADS = 400_000
/** More files than this are taken to be worth threads without asking for their sizes. */
const MANY_FILES = 400
/** A file read and parsed, or why it could not be. */
export type Loaded = { readonly path: string; readonly sql: string; readonly parsed: ParsedFile } | { readonly path: string; readonly error: ResultError }

/** Reads and parses files, on threads where that pays, and yields them in the order given. */
export async function* loadAll(tasks: readonly Task[]): AsyncGenerator<Loaded> {
  const much = isMuch(tasks)
  // A file is read by one thread, so that others are of no use to a single one.
  const threads = much && tasks.length > 1
  if (much) startForMuch(tasks.length)
  if (!threads) {
    setGrammarModule(compileGrammar)
    for (const task of tasks) yield toLoaded(parseTask(task))
    return
  }
  const grammar = compileGrammar()
  // This thread parses, too, when it has nothing else to do, and recipes read SQL.
  setGrammarModule(() => grammar)
  const { onThreads } = await import("./threads.ts")
  for await (const results of onThreads(tasks, grammar)) for (const result of results) yield toLoaded(result)
}

function isMuch(tasks: readonly Task[]): boolean {
  if (tasks.length > MANY_FILES) return true
  let bytes = 0
  for (const { path, bytes: given } of tasks) bytes += given?.length ?? statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return bytes >= WORTH_THREADS
}

function toLoaded(result: TaskResult): Loaded {
  return "error" in result ? result : { path: result.path, sql: result.sql, parsed: result.parsed }
}
