import { detectProjects } from "../files/detect.ts"
import { languageOf } from "../files/languages.ts"
import { memoryFiles } from "../files/memory-files.ts"
import { sequenceOf } from "../files/sequence.ts"
import { parseFile } from "../parse/index.ts"
import { createLineMap, type LineMap } from "../source/text.ts"
import { checkInput } from "./check-input.ts"
import { dumpErrors } from "./dump-errors.ts"
import type { Finding } from "./finding.ts"
import type { LintInput } from "./lint-input.ts"
import { RESULT_VERSION, toResultFinding, type LintResult, type ResultError, type ResultFinding } from "./result.ts"
import type { Rule } from "./rule.ts"
import { activate, unknownNames } from "./select.ts"
import { createSession } from "./session.ts"
import { parseSizes } from "./read-sizes.ts"
import { createContract } from "./uses.ts"
import { PG_VERSIONS } from "./versions.ts"

/** How places in the dump are called, which has no path. */
const DUMP = "<schema>"

/**
 * Lints migrations given as text. Pure: it reads no disk, no clock and no network.
 *
 * @throws {TypeError} when the input has another form than its type says, or a name that pgsafe does not know.
 * @throws {RangeError} when an option has a value that pgsafe does not know, or a path is given twice.
 * @throws {SyntaxError} when the sizes are none.
 */
export function lintWith(rules: readonly Rule[], input: LintInput): LintResult {
  checkInput(input)
  const { files, history = [], options = {}, pending: together = false } = input
  const pgVersion = checkedVersion(options.pgVersion ?? PG_VERSIONS.default)
  const active = activate(rules, options)
  const unknown = unknownNames(rules, options).map((name) => name + active.suggest(name))
  if (unknown.length > 0) throw new RangeError(`unknown rule: ${unknown.join(", ")}`)
  const linted = new Set(files.map(({ path }) => path))
  const texts = new Map([...history, ...files].map(({ path, sql }) => [path, sql]))
  const sizes = input.sizes === undefined ? undefined : parseSizes(JSON.stringify(input.sizes))
  const dump = input.schema === undefined ? null : { path: DUMP, sql: input.schema, parsed: parseFile(input.schema) }
  const contract = input.app === undefined ? null : createContract()
  const found: { readonly findings: readonly Finding[]; readonly sql: string }[] = []
  const errors: ResultError[] = dump === null ? [] : [...dumpErrors(dump.path, dump.sql, dump.parsed, pgVersion)]
  let statements = 0
  const projects = detectProjects(memoryFiles(texts), [...texts.keys()], {
    ...(options.framework !== undefined && { framework: options.framework }),
    ...(options.transaction !== undefined && { transaction: options.transaction }),
    ...(options.searchPath !== undefined && { searchPath: options.searchPath }),
  })
  const taken = new Set(projects.flatMap(({ files: members }) => members.map(({ path }) => path)))
  for (const path of linted) {
    if (!taken.has(path)) errors.push({ file: path, message: languageOf(path) === undefined ? NO_TOOL_MESSAGE : CODE_MESSAGE })
  }
  for (const { framework, runner, files: members } of projects) {
    const direction = options.direction ?? "up"
    const session = createSession({ pgVersion, versionIsAssumed: options.pgVersion === undefined, rules: active, runner, direction, together, sizes, usesAreKnown: contract !== null })
    if (dump !== null) session.load(dump)
    const add = (findings: readonly Finding[], sql: string): void => {
      if (findings.length === 0) return
      contract?.expect(findings, session.catalog)
      found.push({ findings, sql })
    }
    for (const { file, report } of sequenceOf({ framework, files: members }, direction)) {
      const isLinted = linted.has(file.path)
      const sql = texts.get(file.path)
      if (sql === undefined || (!isLinted && direction === "down")) continue
      if (languageOf(file.path) !== undefined) {
        if (isLinted) errors.push({ file: file.path, message: CODE_MESSAGE })
        session.skip()
        continue
      }
      const nul = sql.indexOf("\0")
      if (nul >= 0) {
        errors.push({ file: file.path, message: NUL_MESSAGE, ...createLineMap(sql).position(nul) })
        session.skip()
        continue
      }
      const result = session.analyze({ file, sql, parsed: parseFile(sql), report: report && isLinted })
      if (isLinted) statements += result.statements
      add(result.findings, sql)
    }
    for (const late of session.finish()) add(late.findings, late.sql)
  }
  contract?.search(input.app ?? [])
  const linesOf = (path: string): LineMap | undefined => {
    const other = path === DUMP ? input.schema : texts.get(path)
    return other === undefined ? undefined : createLineMap(other)
  }
  const findings = found.flatMap(({ findings: some, sql }) => {
    const judged = contract === null ? some : some.flatMap((finding) => contract.judged(finding) ?? [])
    const lines = createLineMap(sql)
    return judged.map((finding): ResultFinding => toResultFinding(finding, sql, lines, linesOf))
  })
  const errorCount = findings.filter(({ severity }) => severity === "error").length
  return {
    version: RESULT_VERSION,
    pgVersion,
    findings,
    errors,
    summary: { files: linted.size, statements, errors: errorCount, warnings: findings.length - errorCount, durationMs: 0 },
  }
}

const CODE_MESSAGE = "lint() reads SQL; migrations in code are read by the command line"
const NO_TOOL_MESSAGE = "no tool that pgsafe knows would run this file"
const NUL_MESSAGE = "the file contains a NUL byte, which PostgreSQL does not accept in SQL; remove it"

function checkedVersion(version: number): number {
  if (Number.isInteger(version) && version >= PG_VERSIONS.oldest && version <= PG_VERSIONS.newest) return version
  throw new RangeError(`pgVersion must be a PostgreSQL major from ${PG_VERSIONS.oldest} to ${PG_VERSIONS.newest}, not ${version}`)
}
