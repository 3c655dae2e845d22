/**
 * npm runs this when it prepares the package: after `npm install`, before it packs, for pre-commit, and when `npx pgsafe` runs in a
 * clone for the first time. Plain JavaScript, since nothing else may be there yet.
 */
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs"

const npm = process.env.npm_execpath
if (npm === undefined) throw new Error("this is a script of npm; run npm install")

// pre-commit installs a hook by `npm install --global git+file://...`, and npm prepares such a package without its development
// dependencies, because its own option for a global install reaches the inner one (npm 11). Then they are installed here.
if (!existsSync("node_modules/tsdown")) run("ci", "--global=false", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund")
// What `npm install` has built a moment ago does not have to be built again.
if (!isBuilt()) run("run", "build")

/** @param {string[]} args */
function run(...args) {
  const { status, error } = spawnSync(process.execPath, [npm, ...args], { stdio: "inherit" })
  if (error !== undefined) throw error
  if (status !== 0) process.exit(status ?? 1)
}

/** Whether all that the package names was built after the last change of what it is built from: a build may have been interrupted. */
function isBuilt() {
  const sources = ["src", "rules", "scripts", "package.json", "tsconfig.json", "tsdown.config.ts", "node_modules/.package-lock.json"]
  const named = readFileSync("package.json", "utf8").match(/dist\/[\w.-]+/g) ?? []
  const built = [...named, ...(existsSync("dist") ? filesIn("dist") : [])]
  return Math.min(...built.map(changed)) > Math.max(...sources.flatMap(filesIn).map(changed))
}

/** A file, or a folder with all that is in it: of what was removed only the folder tells. */
function filesIn(/** @type {string} */ path) {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  return isFolder ? [path, ...readdirSync(path, { recursive: true, encoding: "utf8" }).map((name) => `${path}/${name}`)] : [path]
}

function changed(/** @type {string} */ path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
