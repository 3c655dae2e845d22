import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { frameworks } from "../../src/files/frameworks/index.ts"
import type { FrameworkId } from "../../src/files/types.ts"
import type { LintResult, ResultFinding } from "../../src/index.ts"
import { lint } from "../../src/index.ts"

/** Reads, runs and writes the fixtures of rules; `fixtures/README.md` describes their format. */

export const FIXTURES = fileURLToPath(new URL("../../fixtures/rules/", import.meta.url))

/** Where a finding is expected, 1-based, the end exclusive, in the case's own SQL. */
export interface Expectation {
  readonly rule: string
  readonly severity: string
  readonly message: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

export interface Case {
  readonly title: string
  /** Lines of the header, as written: `-- pg-version: 17`. */
  readonly header: readonly string[]
  readonly pgVersion: number
  readonly transaction: boolean
  /** The tool that runs the migration, or null. */
  readonly framework: FrameworkId | null
  /** Where the migration and its neighbours lie. */
  readonly folder: string
  /** SQL of an earlier migration, or null. */
  readonly history: string | null
  /** The migration, without expectations. */
  readonly sql: string
  /** SQL of the next migration, or null. */
  readonly next: string | null
  readonly expected: readonly Expectation[]
  /** The migration once the rule's fixes are applied, or null. */
  readonly fixed: string | null
}

/** Findings about a whole file, which every other rule's fixtures would have to repeat. */
const WHOLE_FILE_RULES: readonly string[] = ["lock-timeout-missing"]

const frameworkIds = frameworks.map(({ id }) => id)

const HISTORY = "0001_history.sql"
const MIGRATION = "0002_migration.sql"
const NEXT = "0003_next.sql"

export function fixtureFiles(rule: string): readonly string[] {
  return readdirSync(join(FIXTURES, rule))
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => join(FIXTURES, rule, name))
}

/** The cases of a rule, in the order of its files. */
export function casesOf(rule: string): readonly Case[] {
  return fixtureFiles(rule).flatMap((path) => readCases(readFileSync(path, "utf8")))
}

export function readCases(text: string): Case[] {
  return text
    .split(/^(?=-- case: )/m)
    .filter((part) => part.startsWith("-- case: "))
    .map(readCase)
}

function readCase(text: string): Case {
  const lines = text.trimEnd().split("\n")
  const title = (lines.shift() ?? "").slice("-- case: ".length)
  const header: string[] = []
  while (/^-- [a-z-]+: /.test(lines[0] ?? "")) header.push(lines.shift() ?? "")
  const setting = (name: string): string | undefined =>
    header.find((line) => line.startsWith(`-- ${name}: `))?.slice(`-- ${name}: `.length)
  for (const line of header) {
    if (!/^-- (?:pg-version|transaction|framework|folder): /.test(line)) throw new Error(`unknown header in case "${title}": ${line}`)
  }
  let history: string | null = null
  if (lines[0] === "-- history:") {
    const end = lines.indexOf("-- migration:")
    if (end < 0) throw new Error(`case "${title}" has a history but no "-- migration:"`)
    history = trimmed(lines.slice(1, end))
    lines.splice(0, end + 1)
  }
  let next: string | null = null
  const nextAt = lines.indexOf("-- next:")
  if (nextAt >= 0) {
    next = trimmed(lines.slice(nextAt + 1))
    lines.length = nextAt
  }
  let fixed: string | null = null
  const fixedAt = lines.indexOf("-- fixed:")
  if (fixedAt >= 0) {
    fixed = trimmed(lines.slice(fixedAt + 1))
    lines.length = fixedAt
  }
  const { sql, expected } = readExpectations(lines)
  return {
    title,
    header,
    pgVersion: Number(setting("pg-version") ?? 14),
    transaction: setting("transaction") === "true",
    framework: frameworkIds.find((id) => id === setting("framework")) ?? null,
    folder: setting("folder") ?? "migrations",
    history,
    sql,
    next,
    expected,
    fixed,
  }
}

const EXPECTATION = /^--(<?)( *)(\^+)(?:\.\.\+(\d+):(\d+))? (error|warning) ([a-z-]+): (.*)$/

function readExpectations(lines: readonly string[]): { sql: string; expected: Expectation[] } {
  const code: string[] = []
  const expected: Expectation[] = []
  const first = lines.findIndex((line) => line.trim() !== "")
  for (const line of lines.slice(Math.max(first, 0))) {
    const match = EXPECTATION.exec(line)
    if (match === null) {
      code.push(line)
      continue
    }
    const [, fromStart, blanks = "", carets = "", down, endColumn, severity = "", rule = "", message = ""] = match
    const before = 2 + (fromStart === "" ? 0 : 1) + blanks.length
    expected.push({
      rule,
      severity,
      message,
      line: code.length,
      column: fromStart === "" ? before + 1 : 1,
      endLine: code.length + Number(down ?? 0),
      endColumn: endColumn === undefined ? before + carets.length + 1 : Number(endColumn),
    })
  }
  return { sql: trimmed(code), expected }
}

function trimmed(lines: readonly string[]): string {
  return `${lines.join("\n").trim()}\n`
}

/** Lints a case with every recommended rule, and the fixture's own. */
export function run(rule: string, { pgVersion, transaction, framework, folder, history, next }: Case, sql: string): LintResult {
  const result = lint({
    files: [
      ...(history === null ? [] : [{ path: `${folder}/${HISTORY}`, sql: history }]),
      { path: `${folder}/${MIGRATION}`, sql },
      ...(next === null ? [] : [{ path: `${folder}/${NEXT}`, sql: next }]),
    ],
    options: {
      pgVersion,
      ...(framework === null ? { transaction } : { framework }),
      select: ["recommended", rule],
      ignore: WHOLE_FILE_RULES.filter((name) => name !== rule),
    },
  })
  return { ...result, findings: result.findings.filter(({ file }) => file === `${folder}/${MIGRATION}`) }
}

/** The SQL with the fixes of the rule's findings applied; null when none has one. */
export function applyFixes(sql: string, findings: readonly ResultFinding[], rule: string): string | null {
  const edits = findings.filter((finding) => finding.rule === rule).flatMap(({ fix }) => fix?.edits ?? [])
  if (edits.length === 0) return null
  let text = sql
  for (const edit of [...edits].sort((left, right) => right.offset - left.offset)) {
    text = text.slice(0, edit.offset) + edit.text + text.slice(edit.endOffset)
  }
  return text
}

export function toExpectation({
  rule,
  severity,
  message,
  line,
  column,
  endLine,
  endColumn,
}: ResultFinding): Expectation {
  return { rule, severity, message, line, column, endLine, endColumn }
}

/** A case as text, with expectations as the findings say. */
export function writeCase(one: Case, findings: readonly ResultFinding[], fixed: string | null): string {
  const lines = [`-- case: ${one.title}`, ...one.header]
  if (one.history !== null) lines.push("-- history:", one.history.trimEnd(), "-- migration:")
  for (const [index, code] of one.sql.trimEnd().split("\n").entries()) {
    lines.push(code)
    for (const finding of findings) if (finding.line === index + 1) lines.push(expectationLine(finding, code))
  }
  if (fixed !== null) lines.push("-- fixed:", fixed.trimEnd())
  if (one.next !== null) lines.push("-- next:", one.next.trimEnd())
  return `${lines.join("\n")}\n`
}

function expectationLine(
  { rule, severity, message, line, column, endLine, endColumn }: ResultFinding,
  code: string,
): string {
  const last = endLine === line ? endColumn : code.length + 1
  const opening =
    column > 2
      ? `--${" ".repeat(column - 3)}${"^".repeat(Math.max(last - column, 1))}`
      : `--<${"^".repeat(Math.max(last - 4, 1))}`
  const end = endLine === line && (column > 2 || last > 4) ? "" : `..+${String(endLine - line)}:${String(endColumn)}`
  return `${opening}${end} ${severity} ${rule}: ${message}`
}
