/** `npm run bench`: pgsafe against its peers on generated corpora, as a table of ratios. */
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { cpus, tmpdir } from "node:os"
import { join } from "node:path"
import { createCorpus } from "./corpus.ts"
import { measure, median, type Command, type Measured } from "./measure.ts"

const here = import.meta.dirname
const peers = join(here, "peers")
const runs = Number(process.argv[2] ?? 5)

if (!existsSync(join(peers, "node_modules"))) {
  console.error("installing the peers (once)")
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], { cwd: peers, stdio: ["ignore", "ignore", "inherit"], shell: process.platform === "win32" })
}

const work = mkdtempSync(join(tmpdir(), "pgsafe-bench-"))
process.on("exit", () => { rmSync(work, { recursive: true, force: true }) })
const corpus = createCorpus()
const at = (name: string): string => join(work, name)
for (const count of [1000, 10_000]) corpus.files(at(`files-${count}`), count)
corpus.file(at("large.sql"), 20_000_000)
mkdirSync(at("one"))
writeFileSync(at("one/1.sql"), "ALTER TABLE orders\n  ADD COLUMN region text;\n\nCREATE INDEX orders_region\n  ON orders (region);\n")

// A project's history with one new file. With a folder for what it has taught, only the first run replays it.
for (const count of [1000, 10_000]) corpus.files(at(`history-${String(count)}/migrations`), count + 1)
const last = (count: number): string => at(`history-${String(count)}/migrations/${readdirSync(at(`history-${String(count)}/migrations`)).sort().at(-1) ?? ""}`)
const history = (count: number, ...cache: string[]): Command => ({ file: process.execPath, args: [join(here, "../dist/cli.cjs"), "lint", "--format", "json", ...cache, last(count)] })

const pgsafe = (path: string): Command => ({ file: process.execPath, args: [join(here, "../dist/cli.cjs"), "lint", "--format", "json", path] })
const native = join(peers, `node_modules/@squawk-cli/${process.platform}-${process.arch}/bin/squawk${process.platform === "win32" ? ".exe" : ""}`)
const squawk = (pattern: string): Command => ({ file: native, args: ["--reporter", "json", pattern] })
const squawkWrapped = (path: string): Command => ({ file: process.execPath, args: [join(peers, "node_modules/squawk-cli/js/bin/squawk"), "--reporter", "json", path] })
const pgfence = (path: string): Command => ({ file: process.execPath, args: [join(peers, "node_modules/@flvmnt/pgfence/dist/index.js"), "analyze", "--output", "json", path] })
// As node_modules is: a folder that comes into being beside the migrations changes what told which tool runs them.
mkdirSync(at("kept"))
// Two columns and a table go, and everything is searched for them.
corpus.sources(at("app/src"), 10_000)
mkdirSync(at("app/migrations"))
writeFileSync(at("app/migrations/1_drop.sql"), "ALTER TABLE order_7 DROP COLUMN region_3, DROP COLUMN total_12;\n\nDROP TABLE ticket_21;\n")
const uses: Command = { file: process.execPath, args: [join(here, "../dist/cli.cjs"), "lint", "--format", "json", "--app", at("app/src"), at("app/migrations")] }
const bareNode: Command = { file: process.execPath, args: ["-e", "0"] }

interface Row {
  readonly what: string
  readonly ours: Measured
  readonly theirs: Measured
  readonly against: string
  readonly bar: number | null
  /** What `ours` may take, in milliseconds. */
  readonly limit: number | null
}
const rows: Row[] = []
async function compare(what: string, ours: Command, against: string, theirs: Command, bar: number | null, times = runs, limit: number | null = null): Promise<void> {
  const [mine, other] = await measure([ours, theirs], times)
  if (mine === undefined || other === undefined) throw new Error("nothing measured")
  rows.push({ what, ours: mine, theirs: other, against, bar, limit })
}

await compare("10,000 files", pgsafe(at("files-10000")), "squawk, native", squawk(at("files-10000/*.sql")), 0.6)
await compare("1,000 files", pgsafe(at("files-1000")), "squawk, native", squawk(at("files-1000/*.sql")), 1)
await compare("one file of 20 MB", pgsafe(at("large.sql")), "squawk, native", squawk(at("large.sql")), 0.5)
await compare("one file of 5 lines", pgsafe(at("one/1.sql")), "squawk, npm", squawkWrapped(at("one/1.sql")), 1, runs * 3)
await compare("one file of 5 lines", pgsafe(at("one/1.sql")), "pgfence", pgfence(at("one/1.sql")), null, runs * 3)
await compare("one file of 5 lines", pgsafe(at("one/1.sql")), "node -e 0", bareNode, 2.2, runs * 3)
await compare("10 times the files", pgsafe(at("files-10000")), "1,000 files", pgsafe(at("files-1000")), 11)

await compare("1,000 files of history", history(1000, "--no-cache"), "node -e 0", bareNode, null, runs, 350)
await compare("used in 10,000 sources", uses, "node -e 0", bareNode, null, runs, 2000)
await compare("10,000 files of history", history(10_000, "--no-cache"), "node -e 0", bareNode, null, runs, 1600)
await compare("10,000 files, kept", history(10_000, "--cache-location", at("kept")), "node -e 0", bareNode, null, runs, 300)

console.log(`Node.js ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? "unknown processor"}; medians of ${runs} runs or more, in turn\n`)
const cells = [
  ["", "pgsafe ms", "peak MiB", "against", "ms", "peak MiB", "ratio", "bar"],
  ...rows.map(({ what, ours, theirs, against, bar, limit }) => {
    const ratio = median(ours.wall) / median(theirs.wall)
    return [what, median(ours.wall).toFixed(0), String(ours.peak ?? "?"), against, median(theirs.wall).toFixed(0), String(theirs.peak ?? "?"), ratio.toFixed(2), barText(ratio, bar) || barText(median(ours.wall), limit, " ms")]
  }),
]
const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? []
for (const row of cells) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd())

function barText(value: number, bar: number | null, unit = ""): string {
  return bar === null ? "" : `${String(bar)}${unit} ${value <= bar ? "met" : "MISSED"}`
}
