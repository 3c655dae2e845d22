import { availableParallelism } from "node:os"
import { setImmediate } from "node:timers/promises"
import { Worker } from "node:worker_threads"
import { parseTask, type Task, type TaskResult } from "./parse-task.ts"

/** Files given to a thread at once: few at first, so that the analysis has something to do soon. */
const FIRST_BATCH = 6
const BATCH = 48

/** Files that parsing may be ahead of the analysis for each thread, so that memory stays flat. */
const AHEAD = 2 * BATCH

/** V8's young generation of a thread, in MiB: its own choice is 48, for no gain here (measured). */
const YOUNG_GENERATION = 24

/** What a thread says: that it has started, and what it has parsed, a text of JSON for each file. */
export type FromThread = "ready" | { readonly batch: number; readonly files: readonly string[] }

/**
 * Parses on threads and yields the results in order, in batches. The calling thread, which analyzes meanwhile, takes a batch itself
 * whenever it would have to wait: while the threads start, and when the analysis is faster than they are.
 */
export async function* onThreads(tasks: readonly Task[], grammar: WebAssembly.Module): AsyncGenerator<Iterable<TaskResult>> {
  const size = Math.min(Math.max(availableParallelism() - 1, 1), 8)
  const batches = batchesOf(tasks, size + 1)
  const results = new Map<number, Iterable<TaskResult>>()
  let wake: (() => void) | null = null
  let failure: Error | null = null
  let taken = 0
  let wanted = 0
  const idle: Worker[] = []
  const startOf = (batch: number): number => batches[batch]?.start ?? tasks.length
  const take = (): number | null => (taken < batches.length && startOf(taken) < startOf(wanted) + size * AHEAD ? taken++ : null)
  const feed = (): void => {
    while (idle.length > 0) {
      const batch = take()
      if (batch === null) return
      idle.pop()?.postMessage({ batch, tasks: batches[batch]?.tasks })
    }
  }
  const workers = Array.from({ length: Math.min(size, batches.length) }, () => {
    const worker = new Worker(new URL("./parse-worker.cjs", import.meta.url), {
      workerData: grammar,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
    })
    worker.on("message", (message: FromThread) => {
      if (message !== "ready") results.set(message.batch, inTurn(message.files))
      idle.push(worker)
      feed()
      wake?.()
    })
    worker.on("error", (error: Error) => {
      failure = error
      wake?.()
    })
    return worker
  })
  try {
    while (wanted < batches.length) {
      // Lets in what the threads have to say.
      await setImmediate()
      if (failure !== null) throw failure
      const ready = results.get(wanted)
      if (ready !== undefined) {
        results.delete(wanted)
        wanted += 1
        feed()
        yield ready
        continue
      }
      const own = take()
      if (own !== null) {
        results.set(own, batches[own]?.tasks.map(parseTask) ?? [])
        continue
      }
      await new Promise<void>((resolve) => { wake = resolve })
      wake = null
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** Makes objects of a file when its turn comes: those that live longer are copied by each collection of garbage. */
function* inTurn(files: readonly string[]): Generator<TaskResult> {
  for (const json of files) yield JSON.parse(json) as TaskResult
}

interface Batch {
  readonly start: number
  readonly tasks: readonly Task[]
}

/** Batches that grow after each round of those who parse. */
function batchesOf(tasks: readonly Task[], parsers: number): readonly Batch[] {
  const batches: Batch[] = []
  for (let start = 0; start < tasks.length; ) {
    const size = Math.min(BATCH, FIRST_BATCH * 2 ** Math.floor(batches.length / parsers))
    batches.push({ start, tasks: tasks.slice(start, start + size) })
    start += size
  }
  return batches
}
