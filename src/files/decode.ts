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

/** How files begin that hold SQL in another form (GNU gzip's header; `PGDMP` of pg_backup_archiver.c, also in the tar format's first entry). */
const ARCHIVE = "this is an archive of pg_dump, and no SQL; pg_restore --schema-only --file=schema.sql makes SQL of it"
const packed: readonly (readonly [readonly number[], string])[] = [
  [[0x1f, 0x8b], "the file is compressed by gzip; gunzip makes SQL of it"],
  [[0x28, 0xb5, 0x2f, 0xfd], "the file is compressed by zstd; unzstd makes SQL of it"],
  [bytesOf("PGDMP"), ARCHIVE],
  [bytesOf("toc.dat\0"), ARCHIVE],
]

function bytesOf(text: string): readonly number[] {
  return [...Buffer.from(text)]
}

/** Decodes SQL, which is UTF-8 without NUL. A byte order mark stays in the text as U+FEFF. */
export function decodeSql(bytes: Uint8Array): { readonly text: string } | DecodeError {
  const form = packed.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))?.[1]
  if (form !== undefined) return { message: form, line: 1, column: 1 }
  const decoded = decodeUtf8(bytes)
  if (!("text" in decoded)) return decoded
  if (decoded.text.startsWith(LFS_POINTER)) {
    return { message: "this is a pointer of Git LFS, not the file itself; git lfs pull fetches that", line: 1, column: 1 }
  }
  const zero = decoded.text.indexOf("\0")
  if (zero < 0) return decoded
  return { message: "the file contains a NUL byte, which PostgreSQL does not allow in SQL", ...placeAt(decoded.text.slice(0, zero)) }
}

/** How the files begin that Git LFS puts in the place of others (its specification, "The Pointer"). */
const LFS_POINTER = "version https://git-lfs.github.com/spec/"

/** Decodes UTF-8 strictly. A byte order mark stays in the text as U+FEFF. */
export function decodeUtf8(bytes: Uint8Array): { readonly text: string } | Required<DecodeError> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const other = foreign.find(([mark]) => mark.every((byte, index) => buffer[index] === byte))?.[1] ?? (isUnmarkedUtf16(buffer) ? "UTF-16" : undefined)
  if (other !== undefined) return { message: `the file is encoded in ${other}; save it as UTF-8`, line: 1, column: 1 }
  const text = buffer.toString("utf8")
  if (isUtf8(buffer)) return { text }
  const bad = firstDifference(buffer, Buffer.from(text))
  const byte = (buffer[bad] ?? 0).toString(16).toUpperCase().padStart(2, "0")
  return { message: `the file is not valid UTF-8: unexpected byte 0x${byte}`, ...placeAt(buffer.subarray(0, bad).toString("utf8")) }
}

/** Whether every other of the first bytes is zero, as in UTF-16 of Latin letters. */
function isUnmarkedUtf16(buffer: Buffer): boolean {
  const [first, second, third, fourth] = buffer
  return buffer.length % 2 === 0 && (first === 0) !== (second === 0) && (first === 0) === (third === 0) && (second === 0) === (fourth === 0)
}

/** Bytes that are not UTF-8 are decoded to U+FFFD, so encoding the text again differs where the first of them is. */
function firstDifference(buffer: Buffer, again: Buffer): number {
  let index = 0
  while (index < buffer.length && buffer[index] === again[index]) index += 1
  return index
}

/** The place behind a text. */
function placeAt(text: string): { line: number; column: number } {
  const before = text.replace(/^\uFEFF/, "")
  const lineStart = before.lastIndexOf("\n") + 1
  return { line: before.split("\n").length, column: before.length - lineStart + 1 }
}
