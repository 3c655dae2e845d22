/** Files with a checksum in front, of which a damaged one counts as missing. */
import { readFileSync } from "node:fs"
import { dirname } from "node:path"
import { makeFolder, replaceFile } from "./cache-folder.ts"

/** Characters of the checksum. */
const SUM = 8

/** Null when there is none, or it is damaged. */
export function readVouched(path: string): string | null {
  try {
    const bytes = readFileSync(path)
    return sumOf(bytes.subarray(SUM)) === bytes.toString("latin1", 0, SUM) ? bytes.toString("utf8", SUM) : null
  } catch {
    return null
  }
}

/** What cannot be written is not kept. */
export function writeVouched(path: string, text: string): void {
  const bytes = Buffer.from(text)
  try {
    makeFolder(dirname(path))
  } catch {
    return
  }
  replaceFile(path, Buffer.concat([Buffer.from(sumOf(bytes)), bytes]))
}

/** A checksum. */
export function sumOf(bytes: Uint8Array | string): string {
  // Most runs do not come here, and it takes a few milliseconds to load.
  return process.getBuiltinModule("node:zlib").crc32(bytes).toString(16).padStart(SUM, "0")
}
