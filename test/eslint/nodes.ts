/** Other majors of Node.js, which npm has as packages. */
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const here = fileURLToPath(new URL("./", import.meta.url))

/** One version of each major that pgsafe supports, besides the one that runs the tests. */
export const NODES = ["22.20.0", "24.9.0"] as const

/**
 * Downloads a version of Node.js on first use, into a folder of its own.
 *
 * @returns The path of its program.
 * @throws {Error} when npm cannot fetch it, or has it not for this platform.
 */
export function installNode(version: (typeof NODES)[number]): string {
  const platform = process.platform === "win32" ? "win" : process.platform
  const name = `node-${platform}-${process.arch}`
  const home = join(here, ".nodes", version)
  const program = join(home, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node")
  if (existsSync(program)) return program
  const staging = `${home}.${String(process.pid)}`
  mkdirSync(staging, { recursive: true })
  writeFileSync(join(staging, "package.json"), JSON.stringify({ private: true }))
  const npm = process.platform === "win32" ? "npm.cmd" : "npm"
  execFileSync(npm, ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", `${name}@${version}`], { cwd: staging, stdio: "pipe", shell: process.platform === "win32" })
  // Another process may have finished the same download first.
  if (existsSync(home)) rmSync(staging, { recursive: true })
  else renameSync(staging, home)
  return program
}
