import { parentPort, workerData } from "node:worker_threads"
import { setGrammarModule } from "../parse/grammar/index.ts"
import { parseTask, type Task } from "./parse-task.ts"
import type { FromThread } from "./threads.ts"

// workerData is the grammar, compiled once by the main thread (see parse-pool.ts).
setGrammarModule(() => workerData as WebAssembly.Module)

function send(message: FromThread): void {
  parentPort?.postMessage(message)
}

parentPort?.on("message", ({ batch, tasks }: { batch: number; tasks: readonly Task[] }) => {
  // A string is cheaper to hand over than a tree of small objects (measured).
  send({ batch, files: tasks.map((task) => JSON.stringify(parseTask(task))) })
})
send("ready")
