import { availableParallelism } from "node:os"
import { Worker } from "node:worker_threads"
import type { Task, TaskResult } from "./parse-task.ts"

/** Batches a thread may be ahead of the analysis, so that memory stays flat. */
const AHEAD = 2

/** V8's young generation of a thread, in MiB: its own choice is 48, for no gain here (measured). */
const YOUNG_GENERATION = 24

/** Hands batches to threads and yields their results in order. */
export async function* onThreads(batches: readonly (readonly Task[])[], grammar: WebAssembly.Module): AsyncGenerator<readonly TaskResult[]> {
  // The calling thread analyzes meanwhile, and is a processor of its own.
  const size = Math.min(Math.max(availableParallelism() - 1, 1), 8, batches.length)
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
    const worker = new Worker(new URL("./parse-worker.cjs", import.meta.url), {
      workerData: grammar,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
    })
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
