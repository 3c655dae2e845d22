// Owns one server for the process that started it: runs it, and when standard input closes (the owner asked for a
// stop, or died in whatever way) shuts the server down and removes its folders. Started in a process group of its
// own, so that Ctrl-C in a terminal reaches the owner first.
import { spawn } from "node:child_process"
import { rm } from "node:fs/promises"

const { command, args, uid, gid, folders } = JSON.parse(process.argv[2])
const server = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"], cwd: folders[0], uid, gid })
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop())

let stopping = false
function stop() {
  if (stopping) return
  stopping = true
  // SIGQUIT is PostgreSQL's immediate shutdown: nothing of this data is worth a checkpoint.
  server.kill(process.platform === "win32" ? undefined : "SIGQUIT")
}

server.on("error", (error) => {
  process.stderr.write(`${error.message}\n`)
  finish(1)
})
server.on("exit", (code) => finish(stopping ? 0 : (code ?? 1)))

async function finish(code) {
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  process.exit(code)
}

process.stdin.on("close", stop)
process.stdin.resume()
