/** Every rule's fixtures, in ESLint's own tester: as SQL files, and embedded in a migration written in JavaScript. */
import { RuleTester } from "eslint"
import { describe, expect, it } from "vitest"
import { rules as allRules } from "../../rules/index.ts"
import plugin from "./source.ts"
import type { ResultFinding } from "../../src/index.ts"
import { createLineMap } from "../../src/source/text.ts"
import { casesOf, run, type Case } from "../rules/fixture.ts"

RuleTester.describe = describe
RuleTester.it = it

/** The same SQL in another file. */
interface Host {
  readonly name: string
  readonly filename: string
  readonly before: string
  readonly after: string
  encode(sql: string): string
  readonly options: object
}

const SQL: Host = {
  name: "in a SQL file",
  filename: "migrations/0002_migration.sql",
  before: "",
  after: "",
  encode: (sql) => sql,
  options: { plugins: { pgsafe: plugin }, language: "pgsafe/sql" },
}

const CODE: Host = {
  name: "in code",
  filename: "migrations/20240102030405-change.js",
  before: "exports.up = async (db) => {\n  await db.query(`",
  after: "`)\n}\n",
  encode: (sql) => sql.replace(/[\\`]|\$(?=\{)/g, "\\$&"),
  options: {},
}

const SINGLE_QUOTED: Host = {
  ...CODE,
  name: "in code, in a quoted string",
  before: "exports.up = async (db) => {\n  await db.query('",
  after: "')\n}\n",
  encode: (sql) => sql.replace(/[\\']/g, "\\$&").replaceAll("\n", "\\n"),
}

/** What ESLint is to say of a case, worked out from what the engine says of its SQL. */
function expectation(one: Case, findings: readonly ResultFinding[], host: Host): { errors: RuleTester.TestCaseError[]; output: string | null } {
  const offsetOf = createLineMap(one.sql)
  const code = host.before + host.encode(one.sql) + host.after
  const lines = createLineMap(code)
  const moved = (offset: number): number => host.before.length + host.encode(one.sql.slice(0, offset)).length
  const place = (line: number, column: number): { line: number; column: number } => lines.position(moved(offsetOf.lineStart(line) + column - 1))
  const edited = (edits: NonNullable<ResultFinding["fix"]>["edits"]): string =>
    [...edits].sort((left, right) => right.offset - left.offset).reduce((text, { offset, endOffset, text: replacement }) => text.slice(0, moved(offset)) + host.encode(replacement) + text.slice(moved(endOffset)), code)
  const safe = findings.flatMap(({ fix }) => (fix?.applicability === "safe" ? fix.edits : []))
  return {
    output: safe.length === 0 ? null : edited(safe),
    errors: findings.map((finding) => {
      const start = place(finding.line, finding.column)
      const end = place(finding.endLine, finding.endColumn)
      const suggested = finding.fix?.applicability === "unsafe" ? finding.fix : null
      return {
        message: inHostLines(finding.message, (line) => place(line, 1).line),
        line: start.line,
        column: start.column,
        endLine: end.line,
        endColumn: end.column,
        ...(suggested !== null && { suggestions: [{ desc: suggested.title, output: edited(suggested.edits) }] }),
      }
    }),
  }
}

/** Messages name other statements by their line. */
function inHostLines(message: string, hostLine: (line: number) => number): string {
  return message.replace(/\bline (\d+)\b/g, (_, line: string) => `line ${String(hostLine(Number(line)))}`)
}

function tests(id: string, host: Host): Parameters<RuleTester["run"]>[2] {
  const valid: RuleTester.ValidTestCase[] = []
  const invalid: RuleTester.InvalidTestCase[] = []
  for (const one of casesOf(id)) {
    const all = run(id, one, one.sql).findings
    // Other files cannot be given to the tester; in code a text is SQL only if it parses, and `\${x}` would be no hole.
    if (one.history !== null || (host !== SQL && one.framework !== null) || (host !== SQL && (all.some(({ rule }) => rule === "syntax-error") || /\$\{|\{\{|^\s*\\/m.test(one.sql)))) continue
    const findings = all.filter(({ rule }) => rule === id)
    const { errors, output } = expectation(one, findings, host)
    const shared = {
      name: `${one.title} (${host.name})`,
      code: host.before + host.encode(one.sql) + host.after,
      filename: host.filename,
      settings: { pgsafe: { postgresVersion: one.pgVersion, ...(one.framework === null ? { transaction: one.transaction } : { framework: one.framework }) } },
    }
    if (errors.length === 0) valid.push(shared)
    else invalid.push({ ...shared, errors, output })
  }
  return { valid, invalid }
}

/** The rule beside those that are on by default: what one rule says may depend on what others say. */
/** A single file does not tell what the end of a history decides. */
const rules = allRules.filter(({ atEnd }) => atEnd !== true)

function besideOthers(id: string): (typeof plugin.rules)[string] {
  const rule = plugin.rules[id]
  if (rule === undefined) throw new Error(`no ESLint rule ${id}`)
  const others = Object.keys(plugin.configs.recommended.rules).map((name) => plugin.rules[name.replace("pgsafe/", "")])
  return {
    ...rule,
    create(context) {
      const listeners = rule.create(context)
      // The tester counts every message, so the others are on and say nothing.
      const silent = Object.create(context, { report: { value: () => undefined } }) as typeof context
      for (const other of others) if (other !== rule) other?.create(silent)
      return listeners
    },
  }
}

/** Their fixtures need what a tester cannot give to a file of code: a tool for SQL files, SQL that does not parse, or one connection for all. */
const SQL_FILES_ONLY: readonly string[] = ["commit-ends-tool-transaction", "mixed-file-refused", "syntax-error", "transaction-left-open", "transaction-switch-ignored"]
/** They speak, or keep silent, only where an earlier migration, another file, is known. */
const NEED_HISTORY: readonly string[] = ["domain-constraint-scans-tables", "index-gone-before-replacement", "partition-attach-scans-table"]

describe("the cases", () => {
  it.each(rules.map(({ id }) => id).filter((id) => !NEED_HISTORY.includes(id)))("of %s fire and keep silent, in SQL files and in code", (id) => {
    for (const host of SQL_FILES_ONLY.includes(id) ? [SQL] : [SQL, CODE, SINGLE_QUOTED]) {
      const { valid, invalid } = tests(id, host)
      expect([host.name, valid.length > 0, invalid.length > 0]).toEqual([host.name, true, true])
    }
  })
})

for (const { id } of rules) {
  const rule = besideOthers(id)
  for (const host of id === "syntax-error" ? [SQL] : [SQL, CODE, SINGLE_QUOTED]) {
    const found = tests(id, host)
    // Some rules speak of tools for SQL files alone.
    if (found.valid.length + found.invalid.length > 0) new RuleTester(host.options).run(id, rule, found)
  }
}

describe("the rules", () => {
  it("are those of pgsafe and one more", () => {
    expect(Object.keys(plugin.rules).sort()).toEqual([...rules.map(({ id }) => id), "embedded-parse-error"].sort())
  })

  it("have a page each", () => {
    for (const [id, { meta }] of Object.entries(plugin.rules)) {
      const own = rules.find((rule) => rule.id === id)?.docs.references[0]
      expect(meta.docs.url).toBe(own ?? "https://www.postgresql.org/docs/current/sql-syntax.html")
    }
  })
})
