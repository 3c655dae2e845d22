/** Bytes of a SQL file to text. */
import { isUtf8 } from "node:buffer"

/** Why bytes are not SQL text. Lines and columns are 1-based, columns in UTF-16 units. */
export interface DecodeError {
  readonly message: string
  readonly line?: number
  readonly column?: number
}

/** Byte order marks that say the file is not UTF-8, the longest first. */
const foreign: readonly (readonly [readonly number[], string])[] = [
  [[0xff, 0xfe, 0x00, 0x00], "UTF-32"],
  [[0x00, 0x00, 0xfe, 0xff], "UTF-32"],
  [[0xff, 0xfe], "UTF-16"],
  [[0xfe, 0xff], "UTF-16"],
]

/** Decodes UTF-8 strictly. A byte order mark stays in the text as U+FEFF. */
export function decodeSql(bytes: Uint8Array): { readonly text: string } | DecodeError {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const other = foreign.find(([mark]) => mark.every((byte, index) => buffer[index] === byte))
  if (other !== undefined) {
    return { message: `the file is encoded in ${other[1]}; save it as UTF-8`, line: 1, column: 1 }
  }
  const text = buffer.toString("utf8")
  const zero = buffer.indexOf(0)
  const bad = isUtf8(buffer) ? -1 : firstDifference(buffer, Buffer.from(text))
  if (bad < 0 && zero < 0) return { text }
  if (bad >= 0 && (zero < 0 || bad < zero)) {
    const byte = (buffer[bad] ?? 0).toString(16).toUpperCase().padStart(2, "0")
    return { message: `the file is not valid UTF-8: unexpected byte 0x${byte}`, ...placeOf(buffer, bad) }
  }
  return { message: "the file contains a NUL byte, which PostgreSQL does not allow in SQL", ...placeOf(buffer, zero) }
}

/** Bytes that are not UTF-8 are decoded to U+FFFD, so encoding the text again differs where the first of them is. */
function firstDifference(buffer: Buffer, again: Buffer): number {
  let index = 0
  while (index < buffer.length && buffer[index] === again[index]) index += 1
  return index
}

function placeOf(buffer: Buffer, index: number): { line: number; column: number } {
  const before = buffer.subarray(0, index).toString("utf8").replace(/^\uFEFF/, "")
  const lineStart = before.lastIndexOf("\n") + 1
  return { line: before.split("\n").length, column: before.length - lineStart + 1 }
}
