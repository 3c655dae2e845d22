/**
 * `npm run generate`: writes every file that is derived from another. With `--check` it writes nothing and fails when one
 * of them is not what it would write.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { eslintMetadata } from "./generate-eslint-metadata.ts"
import { frameworkIds, frameworkIndex } from "./generate-framework-index.ts"
import { ruleIds, ruleIndex } from "./generate-rule-index.ts"

const root = new URL("../", import.meta.url)
const check = process.argv.includes("--check")
const stale: string[] = []

function generated(path: string, text: string): void {
  const file = new URL(path, root)
  if (contentOf(file) === text) return
  stale.push(path)
  if (check) return
  mkdirSync(dirname(file.pathname), { recursive: true })
  writeFileSync(file, text)
}

/** Files that no generator writes any more. */
function removed(folder: string, kept: ReadonlySet<string>): void {
  for (const name of readdirSync(new URL(folder, root))) {
    if (kept.has(name)) continue
    stale.push(`${folder}${name}`)
    if (!check) rmSync(new URL(`${folder}${name}`, root))
  }
}

function contentOf(file: URL): string | undefined {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return undefined
  }
}

// The indexes come first: what follows imports them.
generated("src/files/frameworks/index.ts", frameworkIndex(frameworkIds()))
generated("rules/index.ts", ruleIndex(ruleIds()))

const { commonStatementsModule } = await import("./common-statements.ts")
generated("src/parse/common-statements.ts", commonStatementsModule())

const { rules } = await import("../rules/index.ts")
generated("src/eslint/metadata.ts", eslintMetadata(rules))

// What the proven cases of test/truth say, computed without a server.
const { locksPage, referenceModule } = await import("../test/truth/reference.ts")
generated("docs/locks.md", locksPage())
generated("src/effects/reference-rows.ts", referenceModule())

const { codePage } = await import("./generate-code-page.ts")
generated("docs/code.md", codePage())

const { pages } = await import("./generate-docs.ts")
for (const [name, text] of pages()) generated(`docs/rules/${name}`, text)
removed("docs/rules/", new Set(pages().keys()))

const { configJsonSchema } = await import("../src/config/schema.ts")
generated("schema/config.schema.json", `${JSON.stringify(configJsonSchema(), null, 2)}\n`)

const { refreshed, WRITTEN_PAGES } = await import("./generate-pages.ts")
for (const page of WRITTEN_PAGES) generated(page, refreshed(contentOf(new URL(page, root)) ?? ""))

const { picture } = await import("./generate-picture.ts")
generated("docs/images/lint.svg", picture())

for (const path of stale) console.log(`${check ? "stale" : "written"}: ${path}`)
if (check && stale.length > 0) {
  console.error("Run npm run generate.")
  process.exitCode = 1
}
