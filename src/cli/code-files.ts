/** Reads migrations that are written in a programming language. */
import { placeIn, readMigration, readRailsSchema, type CodeMigration, type FindFiles } from "../code/index.ts"
import { suppressionsIn } from "../embedded/index.ts"
import type { Finding } from "../engine/finding.ts"
import type { ResultError } from "../engine/result.ts"
import type { ActiveRules } from "../engine/select.ts"
import { createSession } from "../engine/session.ts"
import { detectProjects } from "../files/detect.ts"
import { frameworks } from "../files/frameworks/index.ts"
import { memoryFiles } from "../files/memory-files.ts"
import type { Runner } from "../files/types.ts"
import type { Span } from "../source/span.ts"
import { atHome, type Hosted } from "./hosted.ts"

export interface HostedCode extends Hosted {
  /** How many calls and texts could not be read. */
  readonly unread: number
  /** How many calls of schema builders were not read, in languages of which only raw SQL is. */
  readonly builders: number
  /** How many files of SQL are read. */
  readonly sqlFiles: number
}

/** One direction of a migration, or why it cannot be read. */
export function loadCode(path: string, source: string, runner: Runner, direction: "up" | "down", files?: FindFiles): HostedCode | ResultError {
  const facts = frameworks.find(({ id }) => id === runner.framework)?.code
  const file = { path: path.replaceAll("\\", "/"), source }
  const read = facts === undefined ? null : readMigration(file, runner, facts, direction, files)
  if (read === null) return { file: path, message: `this is not valid ${facts?.language === "changelog" ? "XML, YAML or JSON of a changelog" : "JavaScript or TypeScript"}` }
  return hosted(path, source, read)
}

/** A dump of the schema that Rails has written. */
export function loadRailsSchema(path: string, source: string): HostedCode {
  return hosted(path, source, readRailsSchema(source))
}

function hosted(path: string, source: string, { script, units, doubts, guarded, unread, builders, passedOver = [] }: CodeMigration): HostedCode {
  // Offsets behind the end of the script are places in the code itself.
  const outside = script.sql.length + 1
  const shifted = ({ start, end }: Span): Span => ({ start: start + outside, end: end + outside })
  const fileOf = ({ start, end }: Span): string | null => (start >= outside ? null : script.fileOf({ start, end }))
  const spanOf = (span: Span): Span | null =>
    span.start >= outside ? { start: span.start - outside, end: span.end - outside } : placeIn(script, span)
  const inCode = (span: Span): Span | null => (fileOf(span) === null ? spanOf(span) : null)
  const switches = new Set(units.map(({ offSwitch }) => offSwitch?.at))
  const isPassedOver = ({ start, end }: Span): boolean => passedOver.some((part) => part.start <= start && end <= part.end)
  const texts = new Map(script.parts.flatMap(({ found: { text } }) => (text.file === undefined ? [] : [[text.file, text.sql] as const])))
  return {
    sql: script.sql,
    parsed: {
      ...script.parsed,
      // Of the SQL in code itself a mistake would be one of how it was put together.
      errors: script.parsed.errors.filter(({ statement, before }) => before !== undefined || (texts.size > 0 && fileOf(statement) !== null)),
      suppressions: [...script.parsed.suppressions.filter(({ span }) => !isPassedOver(spanOf(span) ?? span)), ...suppressionsIn(source, script, { place: inCode, outside: shifted, passedOver })],
    },
    units: units.map(({ directive, offSwitch, ...unit }) => ({
      ...unit,
      ...(directive !== undefined && { directive: { ...directive, span: shifted(directive.span) } }),
      ...(offSwitch !== undefined && { offSwitch: { ...offSwitch, at: offSwitch.at + outside } }),
    })),
    doubts,
    guarded,
    inCode: true,
    unread: unread.length,
    builders,
    sqlFiles: texts.size,
    place: (span) => {
      const place = spanOf(span)
      return place === null ? null : { file: fileOf(span) ?? path, span: place }
    },
    edit: (span, text) => {
      if (switches.has(span.start - outside)) return { file: path, span: { start: span.start - outside, end: span.end - outside }, text }
      const edit = span.start >= outside ? null : script.edit(span, text)
      return edit === null ? null : { file: fileOf(span) ?? path, span: { start: edit.start, end: edit.end }, text: edit.text }
    },
    isGuessed: (span) => span.start < outside && script.isGuessed(span),
    isConditional: ({ start }) => script.parts.some((part) => part.start <= start && start <= part.end && (part.found.conditional === true || part.found.derived === true)),
    textOf: (file) => texts.get(file) ?? source,
  }
}

/** Lints a single migration as if others had come before it; null for code that is no migration. */
export function lintCode(
  path: string,
  source: string,
  { pgVersion, rules, transaction }: { readonly pgVersion: number; readonly rules: ActiveRules; readonly transaction: boolean | undefined },
): { readonly findings: readonly Finding[]; readonly statements: number; readonly unread: number } | ResultError | null {
  const options = transaction === undefined ? {} : { transaction }
  const [project] = detectProjects(memoryFiles(new Map([[path, source]])), [path], options)
  const [file] = project?.files ?? []
  if (project === undefined || file === undefined) return null
  const code = loadCode(path, source, project.runner, "up")
  if ("message" in code) return code
  const session = createSession({ pgVersion, rules, runner: project.runner, direction: "up", continues: true })
  const { findings, statements } = session.analyze({ ...code, file, report: true })
  return { findings: [...atHome(findings, code, path).values()].flat(), statements, unread: code.unread }
}
