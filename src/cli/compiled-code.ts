import { isAscii } from "node:buffer"
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { basename, dirname, join, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { constants, Script } from "node:vm"
import { flagsChanged, withFlagsOfStart } from "./v8-flags.ts"

/** Of how many files compiled code is kept at most: those of a few versions of Node.js and of pgsafe. */
const MOST_FILES = 24

/** In milliseconds. What a run compiles because the kept code does not have it is added once a day. */
const FRESH = 86_400_000

/**
 * What V8 has compiled, as a part of the sources, from which on a run has needed far more than runs on a few files do (measured: a quarter
 * to two fifths). Kept, it would take them longer to load, and shortens long runs by next to nothing.
 */
const MUCH = 0.45

/**
 * From here on, modules of the bundle are compiled only once: what V8 made of them is kept in `node_modules/.cache/pgsafe`, as
 * Node.js 22.8 and later do it by themselves. Compiling costs a third of a run on one file (measured on Node.js 20).
 *
 * V8 takes such data only from the same build with the same flags, but of the source it knows nothing but the length, and it does
 * not notice a damaged file. So the names carry the hashes in the names of the bundle's files, and the data is there twice.
 *
 * @returns keeps what was not kept yet. What goes wrong is not worth a word: then the next run compiles again.
 */
export function keepCompiledCode(): () => void {
  const folder = cacheFolder(dirname(fileURLToPath(import.meta.url)))
  if (folder === null || process.env["NODE_DISABLE_COMPILE_CACHE"] !== undefined) return () => undefined
  const unkept: { readonly path: string; readonly script: Script }[] = []
  const { extensions } = createRequire(import.meta.url)
  extensions[".cjs"] = (module, filename) => {
    const path = join(folder, `${basename(filename, ".cjs")}-${process.version}-${process.arch}.bin`)
    const source = wrapped(filename)
    const { code: cachedData, isFresh } = kept(path)
    const script = withFlagsOfStart(
      () =>
        new Script(source, {
          filename,
          importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
          ...(cachedData !== undefined && { cachedData }),
        }),
    )
    if (!isFresh || script.cachedDataRejected === true) unkept.push({ path, script })
    const run = script.runInThisContext() as (this: unknown, ...args: readonly unknown[]) => void
    run.call(module.exports, module.exports, module.require.bind(module), module, filename, dirname(filename))
  }
  return () => {
    if (unkept.length === 0 || flagsChanged() || hasCompiledMuch()) return
    try {
      mkdirSync(folder, { recursive: true })
      for (const { path, script } of unkept) {
        const unfinished = `${path}.${String(process.pid)}`
        writeFileSync(unfinished, twice(withFlagsOfStart(() => script.createCachedData())))
        renameSync(unfinished, path)
      }
      removeOldest(folder)
    } catch {
      // A file system that cannot be written to.
    }
  }
}

function hasCompiledMuch(): boolean {
  const { bytecode_and_metadata_size: compiled, external_script_source_size: sources } = process.getBuiltinModule("node:v8").getHeapCodeStatistics()
  return compiled > sources * MUCH
}

/** Beside the package in its `node_modules`, or in that of a checkout; null when there is none. */
function cacheFolder(bundle: string): string | null {
  const inside = bundle.lastIndexOf(`${sep}node_modules${sep}`)
  const modules = inside < 0 ? join(dirname(bundle), "node_modules") : bundle.slice(0, inside + `${sep}node_modules`.length)
  return inside < 0 && !existsSync(modules) ? null : join(modules, ".cache", "pgsafe")
}

/** What Node.js itself puts around a module. */
const BEFORE = Buffer.from("(function (exports, require, module, __filename, __dirname) {")
const AFTER = Buffer.from("\n})")

/**
 * One after the other, all files are read into this: a megabyte of memory that is used for the first time takes milliseconds (measured).
 * Nobody has a part of it when the next file is read.
 */
let memory = Buffer.alloc(0)

function memoryOf(size: number): Buffer {
  if (memory.length < size) memory = Buffer.allocUnsafeSlow(size + (size >> 2))
  return memory
}

/** A module's source in its wrapper. */
function wrapped(filename: string): string {
  const file = openSync(filename, "r")
  try {
    const { size } = fstatSync(file)
    const end = BEFORE.length + size
    const bytes = memoryOf(end + AFTER.length)
    BEFORE.copy(bytes)
    readAt(file, bytes.subarray(BEFORE.length, end), 0)
    AFTER.copy(bytes, end)
    const source = bytes.subarray(0, end + AFTER.length)
    // Looking at all bytes and copying them takes half the time of decoding them.
    return source.toString(isAscii(source) ? "latin1" : "utf8")
  } finally {
    closeSync(file)
  }
}

function readAt(file: number, into: Buffer, position: number): void {
  for (let read = 0; read < into.length; ) {
    const count = readSync(file, into, read, into.length - read, position + read)
    if (count === 0) throw new Error("the file has become shorter")
    read += count
  }
}

interface Kept {
  /** To be used before the next file is read. */
  readonly code: Buffer | undefined
  readonly isFresh: boolean
}

const NOTHING: Kept = { code: undefined, isFresh: false }
/** How much of the second copy is compared at once, in bytes. */
const COMPARED = 65_536

function kept(path: string): Kept {
  try {
    const file = openSync(path, "r")
    try {
      const { size, mtimeMs } = fstatSync(file)
      const half = size / 2
      if (!Number.isInteger(half)) return NOTHING
      const bytes = memoryOf(half + COMPARED)
      readAt(file, bytes.subarray(0, half), 0)
      for (let at = 0; at < half; at += COMPARED) {
        const compared = bytes.subarray(half, half + Math.min(COMPARED, half - at))
        readAt(file, compared, half + at)
        if (!compared.equals(bytes.subarray(at, at + compared.length))) return NOTHING
      }
      return { code: bytes.subarray(0, half), isFresh: mtimeMs > Date.now() - FRESH }
    } finally {
      closeSync(file)
    }
  } catch {
    return NOTHING
  }
}

/** Comparing two copies is the cheapest check there is: whatever computes checksums takes longer to load. */
function twice(code: Buffer): Buffer {
  return Buffer.concat([code, code])
}

function removeOldest(folder: string): void {
  const files = readdirSync(folder).filter((name) => name.includes(".bin")).map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
  for (const { path } of files.sort((left, right) => right.time - left.time).slice(MOST_FILES)) rmSync(path, { force: true })
}
