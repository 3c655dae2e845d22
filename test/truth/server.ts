import { execFile, spawn } from "node:child_process"
import { access, chown, constants, cp, mkdir, mkdtemp, rm, stat } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import pg from "pg"
import { install } from "./install.ts"
import type { Major } from "./versions.ts"

/** A running throwaway server. */
export interface Server {
  readonly major: Major
  /** Opens a session as superuser. Sessions still open at `stop` are simply cut. */
  connect(database: string): Promise<pg.Client>
  /** Stops the server and removes everything it wrote. Also happens by itself when this process ends in any way. */
  stop(): Promise<void>
}

/** The user that PostgreSQL runs as when we are root, because it refuses to run as root: `nobody`. */
const unprivileged = { uid: 65534, gid: 65534 }

/**
 * Durability off; nothing in the background that takes locks or scans by itself; no parallel workers, whose scans
 * count in other sessions; a time zone that is not UTC, where `timestamp` and `timestamptz` differ.
 */
const settings: Readonly<Record<string, string>> = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  autovacuum: "off",
  max_parallel_maintenance_workers: "0",
  max_parallel_workers_per_gather: "0",
  jit: "off",
  shared_buffers: "32MB",
  max_connections: "100",
  statement_timeout: "60s",
  max_wal_size: "4GB",
  timezone: "America/New_York",
  log_min_messages: "panic",
  log_min_error_statement: "panic",
}

/** Starts a fresh server of one major, installing its binaries first if need be. */
export async function startServer(major: Major): Promise<Server> {
  const installed = await install(major)
  const asRoot = process.getuid?.() === 0
  const owner = asRoot ? unprivileged : {}
  const folder = await mkdtemp(join(await fastFolder(), "pgsafe-truth-"))
  const data = join(folder, "data")
  const space = join(folder, "space")
  const sockets = await mkdtemp(join(tmpdir(), "pgsafe-truth-"))
  try {
    await mkdir(space)
    if (asRoot) for (const path of [folder, space, sockets]) await chown(path, unprivileged.uid, unprivileged.gid)
    const native = asRoot && !(await readableByAll(installed)) ? await copyInto(installed, folder) : installed
    const initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
    await promisify(execFile)(join(native, "bin", "initdb"), initdb, { ...owner, cwd: folder })
    const windows = process.platform === "win32"
    const port = windows ? await freePort() : 5432
    const address = windows
      ? ["-p", String(port), "-h", "127.0.0.1"]
      : ["-p", String(port), "-c", "listen_addresses=", "-k", sockets]
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
    const request = {
      command: join(native, "bin", "postgres"),
      args: ["-D", data, ...address, ...options],
      folders: [folder, sockets],
      ...owner,
    }
    const guard = spawn(process.execPath, [join(here, "guard.mjs"), JSON.stringify(request)], {
      stdio: ["pipe", "ignore", "pipe"],
      detached: !windows,
    })
    let complaints = ""
    guard.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text))
    const ended = new Promise<void>((resolve) => guard.once("close", () => { resolve() }))
    const state = { running: true }
    void ended.then(() => (state.running = false))
    const connect = async (database: string): Promise<pg.Client> => {
      const client = new pg.Client({ host: windows ? "127.0.0.1" : sockets, port, user: "postgres", database })
      // A session cut by `stop` is expected; a failing query rejects by itself.
      client.on("error", () => undefined)
      await client.connect()
      return client
    }
    await ready(connect, () => {
      if (!state.running) throw new Error(`PostgreSQL ${String(major)} did not start: ${complaints}`)
    })
    const first = await connect("postgres")
    await first.query(`CREATE TABLESPACE truth_space LOCATION '${space.replaceAll("'", "''")}'`)
    await first.end()
    const stop = async (): Promise<void> => {
      guard.stdin.end()
      await ended
    }
    return { major, connect, stop }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    await rm(sockets, { recursive: true, force: true })
    throw error
  }
}

const here = dirname(fileURLToPath(import.meta.url))

/** Memory-backed where the system has it: copying a template database there takes a tenth of the time. */
async function fastFolder(): Promise<string> {
  const memory = "/dev/shm"
  return access(memory, constants.W_OK).then(
    () => memory,
    () => tmpdir(),
  )
}

async function readableByAll(path: string): Promise<boolean> {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    const { mode } = await stat(folder)
    if ((mode & 0o005) !== 0o005) return false
  }
  return true
}

async function copyInto(installed: string, folder: string): Promise<string> {
  const copy = join(folder, "native")
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address()
      probe.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port)
        else reject(new Error("no free port"))
      })
    })
  })
}

async function ready(connect: (database: string) => Promise<pg.Client>, check: () => void): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    try {
      const client = await connect("postgres")
      await client.end()
      return
    } catch (error) {
      check()
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
