import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { basename, dirname, join, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { cachedDataVersionTag } from "node:v8"
import { constants, Script } from "node:vm"
import { crc32 } from "node:zlib"

/** Of how many files compiled code is kept at most: those of a few versions of Node.js and of pgsafe. */
const MOST_FILES = 24

/** Bytes of the checksum in front; V8 wants its data at a multiple of eight. */
const CHECKSUM = 8

/**
 * From here on, modules of the bundle are compiled only once: what V8 made of them is kept in `node_modules/.cache/pgsafe`, as
 * Node.js 22.8 and later do it by themselves. Compiling costs a third of a run on one file (measured on Node.js 20).
 *
 * V8 takes such data only from the same build with the same flags, but of the source it knows nothing but the length, and it does
 * not notice a damaged file. So the names carry the hashes in the names of the bundle's files, and a checksum comes first.
 *
 * @returns keeps what was not kept yet. What goes wrong is not worth a word: then the next run compiles again.
 */
export function keepCompiledCode(): () => void {
  const folder = cacheFolder(dirname(fileURLToPath(import.meta.url)))
  if (folder === null || process.env["NODE_DISABLE_COMPILE_CACHE"] !== undefined) return () => undefined
  const tag = cachedDataVersionTag()
  const fresh: { readonly path: string; readonly script: Script }[] = []
  const { extensions } = createRequire(import.meta.url)
  extensions[".cjs"] = (module, filename) => {
    const path = join(folder, `${basename(filename, ".cjs")}-${tag.toString(36)}.bin`)
    const cachedData = kept(path)
    const script = new Script(`(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, "utf8")}\n})`, {
      filename,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      ...(cachedData !== undefined && { cachedData }),
    })
    if (cachedData === undefined || script.cachedDataRejected === true) fresh.push({ path, script })
    // The wrapper above is what Node.js itself puts around a module.
    const run = script.runInThisContext() as (this: unknown, ...args: readonly unknown[]) => void
    run.call(module.exports, module.exports, module.require.bind(module), module, filename, dirname(filename))
  }
  return () => {
    // Compiled code belongs to the flags of the process, which a run on many files changes.
    if (fresh.length === 0 || cachedDataVersionTag() !== tag) return
    try {
      mkdirSync(folder, { recursive: true })
      for (const { path, script } of fresh) {
        const unfinished = `${path}.${String(process.pid)}`
        writeFileSync(unfinished, withChecksum(script.createCachedData()))
        renameSync(unfinished, path)
      }
      removeOldest(folder)
    } catch {
      // A file system that cannot be written to.
    }
  }
}

/** Beside the package in its `node_modules`, or in that of a checkout; null when there is none. */
function cacheFolder(bundle: string): string | null {
  const inside = bundle.lastIndexOf(`${sep}node_modules${sep}`)
  const modules = inside < 0 ? join(dirname(bundle), "node_modules") : bundle.slice(0, inside + `${sep}node_modules`.length)
  return inside < 0 && !existsSync(modules) ? null : join(modules, ".cache", "pgsafe")
}

function kept(path: string): Buffer | undefined {
  try {
    const file = readFileSync(path)
    const code = file.subarray(CHECKSUM)
    return file.readUInt32LE(0) === crc32(code) ? code : undefined
  } catch {
    return undefined
  }
}

function withChecksum(code: Buffer): Buffer {
  const sum = Buffer.alloc(CHECKSUM)
  sum.writeUInt32LE(crc32(code))
  return Buffer.concat([sum, code])
}

function removeOldest(folder: string): void {
  const files = readdirSync(folder).filter((name) => name.includes(".bin")).map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
  for (const { path } of files.sort((left, right) => right.time - left.time).slice(MOST_FILES)) rmSync(path, { force: true })
}
