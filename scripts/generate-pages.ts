/** The parts of written pages that are derived: what stands between `<!-- generated: <name> -->` and the closing comment. */
import { frameworks } from "../src/files/frameworks/index.ts"
import type { CodeLanguage, Framework } from "../src/files/framework.ts"
import { knownFiles } from "../src/files/known-files.ts"
import { memoryFiles } from "../src/files/memory-files.ts"
import type { Wrap } from "../src/files/types.ts"
import { lint } from "../src/index.ts"

const SECTION = /(<!-- generated: ([\w-]+) -->\n)[\s\S]*?(<!-- end of generated -->)/g

const sections: Readonly<Record<string, () => string>> = { frameworks: frameworkTable, json: jsonResult }

/** Pages with such parts. */
export const WRITTEN_PAGES = ["README.md", "docs/json.md"]

/** A page with its derived parts written anew. */
export function refreshed(current: string): string {
  return current.replace(SECTION, (_, open: string, name: string, close: string) => {
    const section = sections[name]
    if (section === undefined) throw new Error(`unknown generated part "${name}"`)
    return `${open}${section()}\n${close}`
  })
}

const WRAPS: Readonly<Record<Wrap, string>> = {
  "none": "none",
  "file": "each file",
  "section": "each section",
  "changeset": "each changeset",
  "all pending": "all pending files together",
  "unknown": "not known",
}

function sortName({ name }: Framework): string {
  return name.replace(/^@/, "").toLowerCase()
}

function frameworkTable(): string {
  const byName = frameworks.filter(({ shape }) => shape !== "any").sort((left, right) => (sortName(left) < sortName(right) ? -1 : 1))
  const rows = byName.map(row)
  return ["| Tool | Usual folder | What is read | Transaction | To run outside of it |", "|---|---|---|---|---|", ...rows].join("\n")
}

/** What is true of a tool that nothing is configured for. */
const LANGUAGES: Readonly<Record<CodeLanguage, string>> = {
  javascript: "JavaScript, TypeScript",
  ruby: "raw SQL in Ruby",
  python: "raw SQL in Python",
  elixir: "raw SQL in Elixir",
  csharp: "raw SQL in C#",
  php: "raw SQL in PHP",
  changelog: "XML, YAML, JSON",
}

function readIn({ code, path }: Framework): string {
  if (code === undefined) return "SQL"
  const takesSql = path("20240101000000-a-up.sql", ["sqls", "migrations"]) !== undefined
  const sql = takesSql ? (code.runner === undefined ? "SQL; " : "the SQL that it prints; ") : ""
  return sql + (code.readsBuilder === true ? LANGUAGES[code.language].replace("raw SQL in ", "") : LANGUAGES[code.language])
}

function row(framework: Framework): string {
  const place = { files: knownFiles(memoryFiles(new Map())), root: "/", above: [] }
  const { wrap, offSwitch } = framework.code?.runner?.(place) ?? framework.runner(place)
  const folders = framework.folders.map((folder) => `\`${folder}\``).join(", ")
  return `| [${framework.name}](${framework.docs}) | ${folders} | ${readIn(framework)} | ${WRAPS[wrap]} | ${wrap === "none" ? "" : offSwitch.how} |`
}

/** One result in full, but for the time it took. */
function jsonResult(): string {
  const result = lint({ files: [{ path: "migrations/0007_vacuum.sql", sql: "SET lock_timeout = '5s';\nVACUUM FULL orders;\n" }] })
  const shown = { ...result, summary: { ...result.summary, durationMs: 1 } }
  return ["```json", JSON.stringify(shown, null, 2), "```"].join("\n")
}
