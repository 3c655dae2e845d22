/**
 * Whether the files of a history still have the content that they had. A file whose size, times and inode are what they were has not
 * changed, and need not be read: every write sets the time of change, and nobody can set it back. As in git, this proves nothing for
 * times that are not older than the look at the file; such a file is read.
 */
import { createHash } from "node:crypto"
import { readFileSync, statSync } from "node:fs"
import { crc32 } from "node:zlib"

/** One file of the history, or the dump that it begins with. */
export interface HistoryFile {
  readonly path: string
  /** All that is known of it besides its content, its path included; without line ends. */
  readonly facts: string
  /** The content, where it is not the one on disk. */
  readonly bytes: Uint8Array | undefined
}

interface Checked {
  readonly digests: readonly string[]
  /** What is to be kept instead, when many files had to be read. */
  readonly renewed: Uint8Array | null
}

/** Coarsest times that file systems keep are two seconds; network file systems have clocks of their own. */
const RACY = 3000

/** Characters of a digest. */
const DIGEST = 27

/** Size, time of change, time of the status's change, inode; all zero for what has to be read. */
const FIELDS = 4

/** Of the text, or of its UTF-8. */
export function digestOf(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("base64").slice(0, DIGEST)
}

/** Files and contents as bytes. */
export function keptFiles(files: readonly HistoryFile[], digests: readonly string[], started: number): Uint8Array {
  const stats = new Float64Array(digests.length * FIELDS)
  for (let index = 0; index < digests.length; index++) {
    const file = files[index]
    if (file !== undefined) stats.set(statsOf(file, started), index * FIELDS)
  }
  const facts = Buffer.from(factsOf(files, digests.length))
  const vouched = Buffer.concat([new Uint8Array(stats.buffer), facts, Buffer.from(digests.join(""), "latin1"), new Uint8Array(Uint32Array.of(digests.length).buffer)])
  return Buffer.concat([vouched, new Uint8Array(Uint32Array.of(crc32(vouched)).buffer)])
}

/** Null when the files are others, or have another content. */
export function areAsKept(kept: Buffer | null, files: readonly HistoryFile[], started: number): Checked | null {
  const parts = kept === null ? null : partsOf(kept)
  if (parts === null || !parts.facts.equals(Buffer.from(factsOf(files, files.length)))) return null
  const { stats } = parts
  const digests: string[] = []
  let read = 0
  for (const [index, file] of files.entries()) {
    const digest = parts.digests.slice(index * DIGEST, (index + 1) * DIGEST)
    digests.push(digest)
    const at = index * FIELDS
    const now = statsOf(file, started)
    if (now[0] !== 0 && now.every((value, field) => value === stats[at + field])) continue
    read += 1
    const content = contentOf(file)
    if (content === null || digestOf(content) !== digest) return null
  }
  return { digests, renewed: read > 20 && read > files.length / 20 ? keptFiles(files, digests, started) : null }
}

interface Parts {
  readonly facts: Buffer
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
    facts: kept.subarray(facts, digests),
    digests: kept.toString("latin1", digests, end - 4),
    stats: new Float64Array(new Uint8Array(kept.subarray(0, facts)).buffer),
  }
}

function factsOf(files: readonly HistoryFile[], count: number): string {
  return files.slice(0, count).map(({ facts }) => facts).join("\n")
}

const UNKNOWN: readonly number[] = [0, 0, 0, 0]

function statsOf({ path, bytes }: HistoryFile, started: number): readonly number[] {
  if (bytes !== undefined) return UNKNOWN
  try {
    const { size, mtimeMs, ctimeMs, ino } = statSync(path)
    return Math.max(mtimeMs, ctimeMs) > started - RACY ? UNKNOWN : [size, mtimeMs, ctimeMs, ino]
  } catch {
    return UNKNOWN
  }
}

function contentOf({ path, bytes }: HistoryFile): Uint8Array | null {
  try {
    return bytes ?? readFileSync(path)
  } catch {
    return null
  }
}
