import { detectProjects } from "../files/detect.ts"
import { memoryFiles } from "../files/memory-files.ts"
import { sequenceOf } from "../files/sequence.ts"
import type { FrameworkId } from "../files/types.ts"
import { parseFile } from "../parse/index.ts"
import { createLineMap, type LineMap } from "../source/text.ts"
import type { Finding } from "./finding.ts"
import { RESULT_VERSION, toResultFinding, type LintResult, type ResultError, type ResultFinding } from "./result.ts"
import type { Rule } from "./rule.ts"
import { activate, unknownNames, type RuleSelection } from "./select.ts"
import { createSession } from "./session.ts"
import { PG_VERSIONS } from "./versions.ts"

export interface LintOptions extends RuleSelection {
  /** The PostgreSQL major that runs the migrations, 11 to 18; default 14. */
  readonly pgVersion?: number
  /** True: each file runs in a transaction of its own. False: the tool opens none. Absent: what the tool does, if it is known. */
  readonly transaction?: boolean
  /** The tool that runs the migrations; absent: found out from the paths and files. */
  readonly framework?: FrameworkId
  /** Which direction of migrations to lint; default `up`. */
  readonly direction?: "up" | "down" | "both"
}

export interface LintInput {
  /** In any order: they are put into the order in which their tool runs them. */
  readonly files: readonly { readonly path: string; readonly sql: string }[]
  readonly options?: LintOptions
}

/**
 * Lints migrations given as text. Pure: it reads no disk, no clock and no network.
 *
 * @throws {RangeError} when an option has a value that pgsafe does not know.
 */
export function lintWith(rules: readonly Rule[], { files, options = {} }: LintInput): LintResult {
  const pgVersion = checkedVersion(options.pgVersion ?? PG_VERSIONS.default)
  const unknown = unknownNames(rules, options)
  if (unknown.length > 0) throw new RangeError(`unknown rule: ${unknown.join(", ")}`)
  const active = activate(rules, options)
  const texts = new Map(files.map(({ path, sql }) => [path, sql]))
  const findings: ResultFinding[] = []
  const errors: ResultError[] = []
  let statements = 0
  const linesOf = (path: string): LineMap | undefined => {
    const other = texts.get(path)
    return other === undefined ? undefined : createLineMap(other)
  }
  const add = (found: readonly Finding[], sql: string): void => {
    if (found.length === 0) return
    const lines = createLineMap(sql)
    for (const finding of found) findings.push(toResultFinding(finding, sql, lines, linesOf))
  }
  const projects = detectProjects(memoryFiles(texts), [...texts.keys()], {
    ...(options.framework !== undefined && { framework: options.framework }),
    ...(options.transaction !== undefined && { transaction: options.transaction }),
  })
  for (const { framework, runner, files: members } of projects) {
    const direction = options.direction ?? "up"
    const session = createSession({ pgVersion, rules: active, runner, direction })
    for (const { file, report } of sequenceOf({ framework, files: members }, direction)) {
      const sql = texts.get(file.path)
      if (sql === undefined) continue
      const nul = sql.indexOf("\0")
      if (nul >= 0) {
        errors.push({ file: file.path, message: NUL_MESSAGE, ...createLineMap(sql).position(nul) })
        continue
      }
      const result = session.analyze({ file, sql, parsed: parseFile(sql), report })
      statements += result.statements
      add(result.findings, sql)
    }
    for (const late of session.finish()) add(late.findings, late.sql)
  }
  const errorCount = findings.filter(({ severity }) => severity === "error").length
  return {
    version: RESULT_VERSION,
    pgVersion,
    findings,
    errors,
    summary: { files: texts.size, statements, errors: errorCount, warnings: findings.length - errorCount, durationMs: 0 },
  }
}

const NUL_MESSAGE = "the file contains a NUL byte, which PostgreSQL does not accept in SQL; remove it"

function checkedVersion(version: number): number {
  if (Number.isInteger(version) && version >= PG_VERSIONS.oldest && version <= PG_VERSIONS.newest) return version
  throw new RangeError(`pgVersion must be a PostgreSQL major from ${PG_VERSIONS.oldest} to ${PG_VERSIONS.newest}, not ${version}`)
}
