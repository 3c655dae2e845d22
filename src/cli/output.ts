import { writeSync } from "node:fs"

/** Standard output or standard error, written synchronously so that nothing is lost when the process ends. */
export interface Output {
  write(text: string): void
}

/** Thrown when the reader of standard output has gone away (`pgsafe lint | head`); the run then ends without a word. */
export class ClosedPipe extends Error {}

/** How much is gathered before it is handed to the system, in UTF-16 units. */
const CHUNK = 65_536

/** A buffered output; `flush` writes what is left. */
export function bufferedOutput(descriptor: number): Output & { flush(): void } {
  let parts: string[] = []
  let size = 0
  const flush = (): void => {
    if (size === 0) return
    const bytes = Buffer.from(parts.join(""), "utf8")
    parts = []
    size = 0
    writeAll(descriptor, bytes)
  }
  return {
    write(text) {
      parts.push(text)
      size += text.length
      if (size >= CHUNK) flush()
    },
    flush,
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at)
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined
      if (code === "EPIPE") throw new ClosedPipe()
      // A pipe in non-blocking mode is full: wait until its reader has taken something.
      if (code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
      else throw error
    }
  }
}
