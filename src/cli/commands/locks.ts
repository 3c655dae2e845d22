import { explainEffects, SchemaError, type StatementEffects } from "../../effects/public.ts"
import { findReference, type ReferenceEntry } from "../../effects/reference.ts"
import type { ResultError } from "../../engine/result.ts"
import { PG_VERSIONS } from "../../engine/versions.ts"
import { setGrammarModule } from "../../parse/grammar/index.ts"
import { parseFile } from "../../parse/index.ts"
import { wrap } from "../../report/text.ts"
import { createLineMap } from "../../source/text.ts"
import { compileGrammar } from "../grammar.ts"
import { stdout } from "../output.ts"
import { readTask } from "../parse-task.ts"
import { stdoutColors, stdoutWidth } from "../terminal.ts"
import { UsageError } from "../usage.ts"

export interface LocksFlags {
  readonly pgVersion?: number
  readonly schema?: string
  readonly format?: "pretty" | "json"
}

/** `pgsafe locks [what]`: a statement is explained, anything else is looked up among the proven forms. */
export function locksCommand(what: string, flags: LocksFlags): void {
  setGrammarModule(compileGrammar)
  if (isStatement(what)) return explain(what, flags)
  const found = findReference(what, flags.pgVersion ?? null)
  if (found.length === 0) throw new UsageError(`${whyNothing(what)}; pgsafe locks alone lists all forms`)
  if (flags.format === "json") stdout.write(`${JSON.stringify(found, null, 2)}\n`)
  else stdout.write(found.map(entryText).join("\n"))
}

/** Words such as "add column" are no SQL. */
function isStatement(what: string): boolean {
  const { statements, errors } = parseFile(what)
  return errors.every(({ before }) => before !== undefined) && statements.length + errors.length > 0
}

/** What is longer than a word may be a statement with a mistake in it. */
function whyNothing(what: string): string {
  const [error] = parseFile(what).errors
  const mistake = error === undefined || !what.includes(" ") ? "" : `, and it is no statement: ${error.message}`
  return `no form of a statement matches "${what}"${mistake}`
}

function explain(sql: string, { schema: path, pgVersion = PG_VERSIONS.default, format }: LocksFlags): void {
  const schema = path === undefined ? undefined : schemaText(path)
  let found: readonly StatementEffects[]
  try {
    found = explainEffects({ ...(schema === undefined ? {} : { schema }), sql, pgVersion })
  } catch (error) {
    if (path === undefined || schema === undefined || !(error instanceof SchemaError)) throw error
    throw unreadable({ file: path, message: error.reason, ...createLineMap(schema).position(error.offset) })
  }
  if (format === "json") stdout.write(`${JSON.stringify(found, null, 2)}\n`)
  else stdout.write(found.map(effectsText).join("\n"))
}

function schemaText(path: string): string {
  const read = readTask({ path })
  if ("error" in read) throw unreadable(read.error)
  return read.text
}

function unreadable({ file, line, column, message }: ResultError): UsageError {
  return new UsageError(`cannot read the schema ${file}${line === undefined ? "" : `:${String(line)}:${String(column ?? 1)}`}: ${message}`)
}

function entryText(one: ReferenceEntry): string {
  const { bold, dim } = stdoutColors("auto")
  const majors = one.since === one.until ? String(one.since) : `${String(one.since)} to ${String(one.until)}`
  return `${bold(`${one.kind}: ${one.form}`)} ${dim(`(PostgreSQL ${majors})`)}\n${wrap(`  ${one.sql}`, stdoutWidth(), "  ")}\n${workText(one)}`
}

function effectsText(one: StatementEffects): string {
  const { bold } = stdoutColors("auto")
  const width = stdoutWidth()
  const title = `${bold(wrap(one.sql, width))}\n`
  if (one.unsupported !== undefined) return `${title}  not supported: ${one.unsupported}\n`
  if (one.fails !== undefined) return `${title}  fails with ${one.fails.code}: ${one.fails.why}\n`
  const doubts = (one.uncertain ?? []).map((doubt) => `${wrap(`  depends on ${doubt}`, width, "    ")}\n`)
  return `${title}${workText(one)}${doubts.join("")}`
}

type Work = Pick<ReferenceEntry, "locks" | "rewrites" | "scans" | "builds" | "transaction">

function workText({ locks, rewrites, scans, builds, transaction }: Work): string {
  const lines = [
    ...locks.map(({ relation, mode }) => `${mode} on ${relation}`),
    ...rewrites.map((name) => `rewrites ${name}`),
    ...scans.map((name) => `scans ${name}`),
    ...builds.map((name) => `builds an index on ${name}`),
    ...(transaction === "forbidden" ? ["cannot run in a transaction"] : []),
  ]
  return `${(lines.length > 0 ? lines : ["locks no relation"]).map((line) => `  ${line}`).join("\n")}\n`
}
