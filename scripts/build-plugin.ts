/** What the build adds to the bundle: the grammar, checked against its pin, and the licenses of everything bundled. */
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { basename, dirname, join } from "node:path"
import type { Rolldown } from "tsdown"
import { PINNED_GRAMMAR } from "../src/parse/grammar/pinned.ts"

const resolve = createRequire(import.meta.url).resolve

/** Puts the WebAssembly file beside the bundle. Fails the build when it is not the file that the engine was written for. */
export function grammarPlugin(): Rolldown.Plugin {
  return {
    name: "grammar",
    generateBundle() {
      const source = readFileSync(resolve(`${PINNED_GRAMMAR.package}/wasm/libpg-query.wasm`))
      const found = createHash("sha256").update(source).digest("hex")
      if (found !== PINNED_GRAMMAR.sha256) {
        this.error(
          `The grammar is not the one that src/parse/grammar/host.ts was written for (${PINNED_GRAMMAR.package} ` +
            `${PINNED_GRAMMAR.version}, SHA-256 ${PINNED_GRAMMAR.sha256}): found ${found}. Read the new loader, then pin it.`,
        )
      }
      this.emitFile({ type: "asset", fileName: "libpg-query.wasm", source })
    },
  }
}

/** Writes the licenses of the packages that are part of a bundle. */
export function licensesPlugin(fileName: string): Rolldown.Plugin {
  const packages = new Map<string, string>()
  return {
    name: "licenses",
    generateBundle(_options, bundle) {
      const folders = Object.values(bundle).flatMap((output) => (output.type === "chunk" ? output.moduleIds : [])).map(packageFolder)
      for (const folder of [...folders, packageFolder(resolve(`${PINNED_GRAMMAR.package}/wasm/libpg-query.wasm`))]) {
        if (folder !== null && !packages.has(folder)) packages.set(folder, licenseOf(folder))
      }
      const source = [...packages.values()].sort().join(`\n${"-".repeat(80)}\n\n`)
      this.emitFile({ type: "asset", fileName, source: `This bundle contains code of these packages.\n\n${source}` })
    },
  }
}

/**
 * Commander can start programs for its commands, for which it loads `node:child_process`, and with it the network: 10 ms
 * (measured). pgsafe has no such commands.
 */
export function withoutChildProcess(): Rolldown.Plugin {
  const stub = "\0no-child-process"
  return {
    name: "without-child-process",
    resolveId: (source, importer) => (/^(?:node:)?child_process$/.test(source) && importer?.includes("commander") === true ? stub : null),
    load: (id) => (id === stub ? "export default {}" : null),
  }
}

/**
 * A chunk for each of these modules, with all that it needs as soon as it is loaded, as far as that is not in the chunk of one before
 * it. By itself the bundler makes a file of everything that several commands share, and each costs a command half a millisecond.
 */
export function usedBy(...roots: readonly string[]): { name: (module: string, context: Rolldown.ChunkingContext) => string | null; priority: number }[] {
  return roots.map((root, index) => {
    let needed: Set<string> | null = null
    return {
      priority: roots.length - index,
      name: (module, context) => {
        if (needed === null) {
          needed = new Set([join(process.cwd(), root)])
          // A set's iteration goes on to what is added meanwhile.
          for (const id of needed) for (const imported of context.getModuleInfo(id)?.importedIds ?? []) needed.add(imported)
        }
        return needed.has(module) ? basename(root, ".ts") : null
      },
    }
  })
}

/** The folder of the package that a module belongs to; null for the project's own. */
function packageFolder(module: string): string | null {
  if (!module.includes("node_modules")) return null
  for (let folder = dirname(module); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, "package.json")
    if (existsSync(manifest) && typeof manifestOf(manifest).name === "string") return folder
  }
  return null
}

interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly license?: string
}

function manifestOf(path: string): Manifest {
  // A package manifest is an object; the three fields are strings where they are there at all.
  return JSON.parse(readFileSync(path, "utf8")) as Manifest
}

function licenseOf(folder: string): string {
  const { name = "", version = "", license = "" } = manifestOf(join(folder, "package.json"))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? "" : `\n${readFileSync(join(folder, file), "utf8").trim()}\n`
  return `${name} ${version} (${license})\n${text}`
}
