import { statSync } from "node:fs"
import { availableParallelism } from "node:os"
import { Worker } from "node:worker_threads"
import type { ParsedFile } from "../parse/index.ts"
import type { ResultError } from "../engine/result.ts"
import { readGrammarBytes } from "../parse/grammar/load-node.ts"
import { setGrammarModule } from "../parse/grammar/index.ts"
import { parseTask, type Task, type TaskResult } from "./parse-task.ts"

/** Below this many bytes of SQL, starting threads costs more than it saves (measured). */
const WORTH_THREADS = 400_000
/** More files than this are taken to be worth threads without asking for their sizes. */
const MANY_FILES = 400
/** Files given to a thread at once. */
const BATCH_FILES = 48
/** Batches a thread may be ahead of the analysis, so that memory stays flat. */
const AHEAD = 3

/** A file read and parsed, or why it could not be. */
export type Loaded = { readonly path: string; readonly sql: string; readonly parsed: ParsedFile } | { readonly path: string; readonly error: ResultError }

/** Reads and parses files, on threads where that pays, and yields them in the order given. */
export async function* loadAll(paths: readonly string[]): AsyncGenerator<Loaded> {
  const grammar = new WebAssembly.Module(readGrammarBytes())
  // Recipes read SQL too, so that this thread needs the grammar in any case.
  setGrammarModule(grammar)
  if (!worthThreads(paths)) {
    for (const path of paths) yield toLoaded(parseTask({ path }))
    return
  }
  const batches: Task[][] = []
  for (let at = 0; at < paths.length; at += BATCH_FILES) batches.push(paths.slice(at, at + BATCH_FILES).map((path) => ({ path })))
  for await (const results of onThreads(batches, grammar)) for (const result of results) yield toLoaded(result)
}

function worthThreads(paths: readonly string[]): boolean {
  if (paths.length > MANY_FILES) return true
  let bytes = 0
  for (const path of paths) bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return bytes >= WORTH_THREADS
}

function toLoaded(result: TaskResult): Loaded {
  return "error" in result ? result : { path: result.path, sql: result.sql, parsed: result.parsed }
}

/** Hands batches to threads and yields their results in order. */
async function* onThreads(batches: readonly (readonly Task[])[], grammar: WebAssembly.Module): AsyncGenerator<readonly TaskResult[]> {
  const size = Math.min(availableParallelism(), 8, batches.length)
  const results = new Map<number, readonly TaskResult[]>()
  let wake: (() => void) | null = null
  let failure: Error | null = null
  let sent = 0
  let wanted = 0
  const idle: Worker[] = []
  const feed = (): void => {
    while (idle.length > 0 && sent < batches.length && sent < wanted + size * AHEAD) {
      const worker = idle.pop()
      worker?.postMessage({ batch: sent, tasks: batches[sent] })
      sent += 1
    }
  }
  const workers = Array.from({ length: size }, () => {
    const worker = new Worker(new URL("./parse-worker.js", import.meta.url), { workerData: grammar })
    worker.on("message", ({ batch, json }: { batch: number; json: string }) => {
      results.set(batch, JSON.parse(json) as readonly TaskResult[])
      idle.push(worker)
      feed()
      wake?.()
    })
    worker.on("error", (error: Error) => {
      failure = error
      wake?.()
    })
    idle.push(worker)
    return worker
  })
  try {
    feed()
    while (wanted < batches.length) {
      const ready = results.get(wanted)
      if (ready !== undefined) {
        results.delete(wanted)
        wanted += 1
        feed()
        yield ready
        continue
      }
      if (failure !== null) throw failure
      await new Promise<void>((resolve) => { wake = resolve })
      wake = null
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}
