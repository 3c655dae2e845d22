/** The file system of Node.js as detection sees it. */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync, type Dirent } from "node:fs"
import { createRequire } from "node:module"
import { decodeSql } from "./decode.ts"
import type { FormatLibraries } from "./format-libraries.ts"
import { absolute } from "./paths.ts"
import type { LoadFormats } from "./settings.ts"
import type { Entry, ProjectFiles } from "./types.ts"

const headLength = 16_384

/** Reads below a folder. What cannot be read is treated as not there: detection only looks for evidence. */
export function nodeFiles(cwd: string): ProjectFiles {
  const base = cwd.replaceAll("\\", "/")
  const full = (path: string): string => absolute(path, base)
  return {
    cwd: base,
    list: (folder) => orNothing(() => entriesOf(full(folder))) ?? [],
    exists: (path) => existsSync(full(path)),
    read: (path) => orNothing(() => textOf(readFileSync(regular(full(path))))),
    head: (path) => orNothing(() => firstBytes(regular(full(path)))),
    formats: loadFormats,
  }
}

/** Where the build puts `format-libraries.ts`. */
const FORMATS = "./format-libraries.cjs"

/** From the file beside the bundle; without a build, from the packages themselves. */
const loadFormats: LoadFormats = () => {
  const load = createRequire(import.meta.url)
  try {
    return load(FORMATS) as FormatLibraries
  } catch {
    return { toml: load("smol-toml"), yaml: load("yaml"), xml: load("saxes") } as FormatLibraries
  }
}

function entriesOf(folder: string): readonly Entry[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  // Named pipes, sockets and devices are nobody's migrations.
  return entries.filter((entry) => entry.isFile() || entry.isDirectory() || entry.isSymbolicLink()).map((entry) => entryOf(folder, entry))
}

function entryOf(folder: string, entry: Dirent): Entry {
  if (!entry.isSymbolicLink()) return { name: entry.name, folder: entry.isDirectory() }
  return { name: entry.name, folder: isFolder(`${folder}/${entry.name}`), linked: true }
}

/** Whether a path, links followed, is a folder. */
function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** @throws when it is no file on disk: a named pipe gives what it has only once, or lets wait for ever. */
function regular(path: string): string {
  if (statSync(path).isFile()) return path
  throw new Error(`${path} is no regular file`)
}

function textOf(bytes: Uint8Array): string | undefined {
  const decoded = decodeSql(bytes)
  return "text" in decoded ? decoded.text : undefined
}

function firstBytes(path: string): string {
  const file = openSync(path, "r")
  try {
    const bytes = Buffer.allocUnsafe(headLength)
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, headLength, 0))
  } finally {
    closeSync(file)
  }
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
