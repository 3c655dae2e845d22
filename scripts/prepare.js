/**
 * Runs before the package is built. pre-commit installs a hook by `npm install --global git+file://...`, and npm prepares such a package
 * without its development dependencies, because its own option for a global install reaches the inner one (npm 11). Then they are
 * installed here. Plain JavaScript, since nothing else is there yet.
 */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"

if (!existsSync("node_modules/tsdown")) {
  const npm = process.env.npm_execpath
  if (npm === undefined) throw new Error("the development dependencies are not installed; run npm install")
  const options = ["--global=false", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"]
  const { status, error } = spawnSync(process.execPath, [npm, "ci", ...options], { stdio: "inherit" })
  if (error !== undefined) throw error
  process.exitCode = status ?? 1
}
