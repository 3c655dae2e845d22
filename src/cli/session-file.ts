/**
 * The file of a session that is kept: blocks of the texts of the catalog's records; behind them the head's JSON and numbers, the
 * session's JSON and the checksums of the blocks; at the end the lengths of all these and a checksum of what is behind the blocks.
 *
 * The texts are nearly all of it, and a run asks for a few of them only, so a block is read when a record of it is asked for.
 */
import { fstatSync, openSync, readSync, writeSync } from "node:fs"
import { crc32 } from "node:zlib"
import type { FrozenSession, Session } from "../engine/session.ts"
import { DamagedSession } from "./damaged-session.ts"

/** Bytes. */
const BLOCK = 16_384
const NUMBER = 4
/** The numbers at the end: five lengths and a checksum. */
const FOOTER = 6 * NUMBER
/** How much text is gathered before it is written, in bytes. */
const GATHERED = 64 * BLOCK

/** Writes to an open file that is empty. False when the session cannot be kept. */
export function writeSession(file: number, session: Session): boolean {
  const sums: number[] = []
  let gathered: string[] = []
  let size = 0
  let texts = 0
  let unwritten = Buffer.alloc(0)
  const writeBlocks = (isEnd: boolean): void => {
    const bytes = Buffer.concat([unwritten, Buffer.from(gathered.join(""), "latin1")])
    const whole = isEnd ? bytes.length : bytes.length - (bytes.length % BLOCK)
    for (let at = 0; at < whole; at += BLOCK) sums.push(crc32(bytes.subarray(at, Math.min(at + BLOCK, whole))))
    writeAll(file, bytes.subarray(0, whole))
    texts += whole
    unwritten = bytes.subarray(whole)
    gathered = []
    size = 0
  }
  const frozen = session.freeze((text) => {
    gathered.push(text)
    size += text.length
    if (size >= GATHERED) writeBlocks(false)
  })
  if (frozen === null) return false
  writeBlocks(true)
  const { catalog, ...rest } = frozen
  const parts = [Buffer.from(catalog.json, "latin1"), new Uint8Array(catalog.numbers.buffer), Buffer.from(JSON.stringify(rest)), new Uint8Array(Uint32Array.from(sums).buffer)]
  const lengths = Uint32Array.of(texts, ...parts.map(({ length }) => length))
  const vouched = Buffer.concat([...parts, new Uint8Array(lengths.buffer)])
  writeAll(file, vouched)
  writeAll(file, new Uint8Array(Uint32Array.of(crc32(vouched)).buffer))
  return true
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}

/**
 * The file stays open as long as the process runs. Null when it is damaged; asking for a record of it throws `DamagedSession` when
 * this is found out only then.
 *
 * @throws when the file cannot be opened or read
 */
export function readSession(path: string): FrozenSession | null {
  const file = openSync(path, "r")
  const { size } = fstatSync(file)
  const footer = size < FOOTER ? null : readAt(file, size - FOOTER, FOOTER)
  if (footer === null) return null
  const [texts = 0, ...lengths] = numbersOf(footer.subarray(0, -NUMBER))
  const behind = size - texts - NUMBER
  if (lengths.reduce((sum, length) => sum + length, FOOTER - NUMBER) !== behind) return null
  const vouched = readAt(file, texts, behind)
  if (vouched === null || crc32(vouched) !== footer.readUInt32LE(FOOTER - NUMBER)) return null
  let at = 0
  const [json, numbers, rest, sums] = lengths.map((length) => vouched.subarray(at, (at += length)))
  if (json === undefined || numbers === undefined || rest === undefined || sums === undefined) return null
  return {
    // What the checksum vouches for is what `writeSession` has written.
    ...(JSON.parse(rest.toString("utf8")) as Omit<FrozenSession, "catalog">),
    catalog: { json: json.toString("latin1"), numbers: new Int32Array(aligned(numbers)), text: readBlocks(file, path, texts, numbersOf(sums)) },
  }
}

/** Of the texts those from one offset to another. */
function readBlocks(file: number, path: string, size: number, sums: Uint32Array): (from: number, to: number) => string {
  const known = new Map<number, Buffer>()
  const blockAt = (index: number): Buffer => {
    const before = known.get(index)
    if (before !== undefined) return before
    const block = readAt(file, index * BLOCK, Math.min(BLOCK, size - index * BLOCK))
    if (block === null || crc32(block) !== sums[index]) throw new DamagedSession(path)
    known.set(index, block)
    return block
  }
  return (from, to) => {
    let text = ""
    for (let at = from; at < to; ) {
      const index = Math.floor(at / BLOCK)
      const start = index * BLOCK
      const end = Math.min(to, start + BLOCK)
      text += blockAt(index).toString("latin1", at - start, end - start)
      at = end
    }
    return text
  }
}

/** Null when there is less. */
function readAt(file: number, position: number, length: number): Buffer | null {
  const bytes = Buffer.allocUnsafeSlow(length)
  let read = 0
  while (read < length) {
    const count = readSync(file, bytes, read, length - read, position + read)
    if (count === 0) return null
    read += count
  }
  return bytes
}

function numbersOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(aligned(bytes))
}

/** Numbers have to begin where their size allows. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
