/** Analyzes a SQL file that ESLint was given. */
import { readFileSync, statSync } from "node:fs"
import type { HostEdit } from "../embedded/index.ts"
import type { ActiveRules } from "../engine/select.ts"
import { createSession } from "../engine/session.ts"
import { wordsIn } from "../engine/words.ts"
import { decodeSql } from "../files/decode.ts"
import { detectProjects } from "../files/detect.ts"
import { nodeFiles } from "../files/node-files.ts"
import { absolute } from "../files/paths.ts"
import { sequenceOf } from "../files/sequence.ts"
import { parseFile, type ParsedFile } from "../parse/index.ts"
import type { Span } from "../source/span.ts"
import type { RuleContext } from "./host.ts"
import { reportOf, type Report } from "./report.ts"
import type { Settings } from "./settings.ts"

export function analyzeSql(context: RuleContext, settings: Settings, start: () => ActiveRules): readonly Report[] {
  const sql = context.sourceCode.text
  const path = context.filename.replaceAll("\\", "/")
  const [project] = detectProjects(nodeFiles(context.cwd), [path], {
    ...(settings.framework !== null && { framework: settings.framework }),
    ...(settings.transaction !== null && { transaction: settings.transaction }),
    ...(settings.history && { history: true }),
  })
  const rules = start()
  if (project === undefined) return []
  const session = createSession({ pgVersion: settings.pgVersion, rules, runner: project.runner, direction: "up" })
  for (const { file, report } of sequenceOf(project, "up")) {
    if (file.requested) return session.analyze({ file, sql, parsed: parseFile(sql), report }).findings.map((finding) => reportOf(finding, inPlace))
    const full = absolute(file.path, context.cwd.replaceAll("\\", "/"))
    if (file.role === "unread") {
      session.skip(wordsIn(readFileSync(full, "utf8")))
      continue
    }
    const earlier = readEarlier(full)
    if (earlier !== null) session.analyze({ file, ...earlier, report: false })
  }
  return []
}

function inPlace(span: Span, text: string): HostEdit {
  return { ...span, text }
}

interface Earlier {
  readonly sql: string
  readonly parsed: ParsedFile
}

/** Migrations of a project are read again for each of its files; only those that changed are parsed again. */
const earlierFiles = new Map<string, { readonly version: string; readonly file: Earlier }>()

function readEarlier(path: string): Earlier | null {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return null
  const version = `${String(stats.mtimeMs)}:${String(stats.size)}`
  const known = earlierFiles.get(path)
  if (known?.version === version) return known.file
  const decoded = decodeSql(readFileSync(path))
  if (!("text" in decoded)) return null
  const file = { sql: decoded.text, parsed: parseFile(decoded.text) }
  earlierFiles.set(path, { version, file })
  return file
}
