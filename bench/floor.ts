/**
 * `npx tsx bench/floor.ts`: what no linter of this kind can go below on the generated corpora: Node.js alone, reading the files, and
 * PostgreSQL's grammar on every statement, on one thread, with V8's optimizing compiler and nothing done with the trees.
 */
import { execFileSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseSql } from "../src/parse/grammar/index.ts"
import { loadGrammar } from "../src/parse/grammar/load-node.ts"
import { createCorpus } from "./corpus.ts"
import { median } from "./measure.ts"

const work = mkdtempSync(join(tmpdir(), "pgsafe-floor-"))
process.on("exit", () => { rmSync(work, { recursive: true, force: true }) })
const corpus = createCorpus()
corpus.files(join(work, "files"), 10_000)
corpus.file(join(work, "large.sql"), 20_000_000)
loadGrammar()

function timed(run: () => void): number {
  const started = performance.now()
  run()
  return performance.now() - started
}

function parseAll(texts: readonly string[]): void {
  for (const text of texts) if (!parseSql(text).ok) throw new Error("the corpus does not parse")
}

const paths = readdirSync(join(work, "files")).map((name) => join(work, "files", name))
const read = (): readonly string[] => paths.map((path) => readFileSync(path, "utf8"))
const texts = read()
// Parsed at once, 20 MB would take gigabytes.
const pieces = readFileSync(join(work, "large.sql"), "utf8").split(/(?<=;\n)\n/)
const node = median(Array.from({ length: 15 }, () => timed(() => { execFileSync(process.execPath, ["-e", "0"]) })))
parseAll(texts)
const rows = [
  ["node -e 0", node],
  ["reading 10,000 files", timed(read)],
  ["the grammar on 10,000 files", timed(() => { parseAll(texts) })],
  [`the grammar on 20 MB in ${String(pieces.length)} pieces`, timed(() => { parseAll(pieces) })],
] as const
for (const [what, ms] of rows) console.log(`${what.padEnd(44)} ${ms.toFixed(0).padStart(6)} ms`)
