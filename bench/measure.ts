import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"

export interface Command {
  readonly file: string
  readonly args: readonly string[]
}

export interface Measured {
  /** Wall time of each run in milliseconds, in order. */
  readonly wall: readonly number[]
  /** The largest resident set of the process, in MiB; null where the system does not tell. */
  readonly peak: number | null
}

/** Runs commands in turn (A B A B ...) after one warm-up each, so that a drift of the machine's speed hits all of them. */
export async function measure(commands: readonly Command[], runs: number): Promise<Measured[]> {
  const walls = commands.map((): number[] => [])
  const peaks = commands.map((): (number | null) => null)
  for (let turn = -1; turn < runs; turn++) {
    for (const [index, command] of commands.entries()) {
      const { wall, peak } = await once(command)
      if (turn < 0) continue
      walls[index]?.push(wall)
      peaks[index] = Math.max(peaks[index] ?? 0, peak ?? 0) || null
    }
  }
  return walls.map((wall, index) => ({ wall, peak: peaks[index] ?? null }))
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function once({ file, args }: Command): Promise<{ wall: number; peak: number | null }> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] })
    let peak: number | null = null
    // Linux keeps the high-water mark in /proc; it only grows, so that the last look is the largest.
    const look = setInterval(() => { peak = highWater(child.pid) ?? peak }, 5)
    child.stdout.resume()
    child.stderr.resume()
    child.on("error", reject)
    child.on("close", () => {
      clearInterval(look)
      resolve({ wall: performance.now() - started, peak })
    })
  })
}

function highWater(pid: number | undefined): number | null {
  try {
    const kib = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
    return kib === undefined ? null : Math.round(Number(kib) / 1024)
  } catch {
    return null
  }
}
