import { writeSync } from "node:fs"
import { reason } from "../files/reason.ts"

/** Thrown when the reader of standard output has gone away (`pgsafe rules | head`); the run then ends without a word. */
export class ClosedPipe extends Error {}

/** Thrown when the system refuses to take what is written, as on a full disk. */
export class OutputError extends Error {}

/** How much is gathered before it is handed to the system, in UTF-16 units. */
const CHUNK = 65_536

let parts: string[] = []
let size = 0
/** The reader has gone away, and the run goes on: its exit code is still of use. */
let ignored = false
let isNeeded = false

/**
 * Standard output, buffered. It is written synchronously, so that nothing is lost when the process ends, and not through
 * `process.stdout`, which takes milliseconds to set up.
 */
export const stdout = {
  /** @throws {ClosedPipe} */
  write(text: string): void {
    if (ignored) return
    parts.push(text)
    size += text.length
    if (size >= CHUNK) stdout.flush()
  },
  /** @throws {ClosedPipe} */
  flush(): void {
    if (size === 0) return
    const text = parts.join("")
    parts = []
    size = 0
    if (writeAll(1, text)) return
    if (!isNeeded) throw new ClosedPipe()
    ignored = true
  },
  /** From now on the run ends as it would have, whoever reads what it says. */
  needExitCode(): void {
    isNeeded = true
  },
}

/** Standard error, unbuffered, after what standard output still holds. When nobody reads it any more, nothing is lost. */
export const stderr = {
  /** @throws {ClosedPipe} */
  write(text: string): void {
    stdout.flush()
    writeAll(2, text)
  },
}

/** How much is encoded at once, in UTF-16 units. */
const PIECE = 2 * CHUNK

/** One buffer for all pieces: memory that is used for the first time takes milliseconds a megabyte (measured). */
let reused: Buffer | null = null

/** Cuts a text into pieces of at most so many UTF-16 units; surrogate pairs stay whole. */
export function* piecesOf(text: string, size: number): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const most = Math.min(at + size, text.length)
    const end = (text.charCodeAt(most) & 0xfc00) === 0xdc00 ? most - 1 : most
    yield text.slice(at, end)
    at = end
  }
}

/** False when the reader has gone away. @throws {OutputError} */
function writeAll(descriptor: number, text: string): boolean {
  reused ??= Buffer.allocUnsafeSlow(PIECE * 3)
  for (const piece of piecesOf(text, PIECE)) {
    if (!writeBytes(descriptor, reused.subarray(0, reused.write(piece, "utf8")))) return false
  }
  return true
}

/** False when the reader has gone away. @throws {OutputError} */
function writeBytes(descriptor: number, bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at)
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined
      if (code === "EPIPE" || code === "EBADF") return false
      // A pipe in non-blocking mode is full: wait until its reader has taken something.
      if (code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
      else throw new OutputError(`cannot write the output: ${reason(error)}`)
    }
  }
  return true
}
