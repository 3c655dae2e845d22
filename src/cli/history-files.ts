/**
 * Whether the files of a history still have the content that they had. A file whose stamp is what it was (see `file-stamps.ts`) has not
 * changed, and need not be read.
 */
import { readFileSync } from "node:fs"
import { crc32 } from "node:zlib"
import { NOTHING, stampOf, type Stamp } from "./file-stamps.ts"

/** The history of a project from its beginning. */
export interface HistoryFiles {
  /** In one line, all that what they teach depends on besides them. */
  readonly what: string
  /** In their order; a dump that stands for the first of them comes first. What is known of each besides its content. */
  readonly files: readonly { readonly path: string }[]
  /** The content of a file, where it is not the one on disk. */
  given(path: string): Uint8Array | undefined
}

interface Checked {
  /** Of all contents, one behind the other. */
  readonly digests: string
  /** What is to be kept instead, when many files had to be read. */
  readonly renewed: Uint8Array | null
}

/** Characters of a digest. */
export const DIGEST = 27

/** Numbers of a stamp; `NOTHING` stands for what has to be read. */
const FIELDS = NOTHING.length

/** Of the text, or of its UTF-8. */
export function digestOf(content: Uint8Array | string, encoding: "base64" | "hex" = "base64"): string {
  // A run that finds everything as it was does not come here, and this takes a few milliseconds to load.
  const { createHash } = process.getBuiltinModule("node:crypto")
  return createHash("sha256").update(content).digest(encoding).slice(0, DIGEST)
}

/**
 * The first files and their contents as bytes.
 *
 * @param started when the run began, in milliseconds
 */
export function keptFiles(history: HistoryFiles, digests: string, started: number): Uint8Array {
  const count = digests.length / DIGEST
  const stats = new Float64Array(count * FIELDS)
  for (const [index, { path }] of history.files.slice(0, count).entries()) stats.set(stampOfFile(path, history, started), index * FIELDS)
  const facts = Buffer.from(factsOf(history, count))
  const vouched = Buffer.concat([new Uint8Array(stats.buffer), facts, Buffer.from(digests, "latin1"), new Uint8Array(Uint32Array.of(count).buffer)])
  return Buffer.concat([vouched, new Uint8Array(Uint32Array.of(crc32(vouched)).buffer)])
}

/** Whether the first files are those that are kept; null when they are others, or have another content. */
export function areAsKept(kept: Buffer | null, history: HistoryFiles, count: number, started: number): Checked | null {
  const parts = kept === null ? null : partsOf(kept)
  if (parts === null || parts.facts !== factsOf(history, count)) return null
  const { digests, stats } = parts
  let read = 0
  for (let index = 0; index < count; index++) {
    const path = history.files[index]?.path ?? ""
    const now = stampOfFile(path, history, started)
    if (now[0] !== 0 && now.every((value, field) => value === stats[index * FIELDS + field])) continue
    read += 1
    const content = contentOf(path, history)
    if (content === null || digestOf(content) !== digests.slice(index * DIGEST, (index + 1) * DIGEST)) return null
  }
  return { digests, renewed: read > 20 && read > count / 20 ? keptFiles(history, digests, started) : null }
}

interface Parts {
  readonly facts: string
  readonly digests: string
  readonly stats: Float64Array
}

/** What the checksum vouches for is what `keptFiles` has made. */
function partsOf(kept: Buffer): Parts | null {
  const end = kept.length - 4
  if (end < 4 || crc32(kept.subarray(0, end)) !== kept.readUInt32LE(end)) return null
  const count = kept.readUInt32LE(end - 4)
  const facts = count * FIELDS * Float64Array.BYTES_PER_ELEMENT
  const digests = end - 4 - count * DIGEST
  return {
    facts: kept.toString("utf8", facts, digests),
    digests: kept.toString("latin1", digests, end - 4),
    stats: new Float64Array(new Uint8Array(kept.subarray(0, facts)).buffer),
  }
}

function factsOf({ what, files }: HistoryFiles, count: number): string {
  return `${what}\n${JSON.stringify(files.slice(0, count))}`
}

function stampOfFile(path: string, { given }: HistoryFiles, started: number): Stamp {
  return given(path) === undefined ? (stampOf(path, started) ?? NOTHING) : NOTHING
}

function contentOf(path: string, { given }: HistoryFiles): Uint8Array | null {
  try {
    return given(path) ?? readFileSync(path)
  } catch {
    return null
  }
}
