import { beforeAll, describe, expect, it } from "vitest"
import { rules } from "../../rules/index.ts"
import { activate } from "../../src/engine/select.ts"
import { createSession } from "../../src/engine/session.ts"
import { transactionsOf } from "../../src/engine/transactions.ts"
import { detectProjects } from "../../src/files/detect.ts"
import { memoryFiles } from "../../src/files/memory-files.ts"
import { sequenceOf } from "../../src/files/sequence.ts"
import type { Project } from "../../src/files/types.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../src/parse/index.ts"

beforeAll(() => { loadGrammar() })

const ALTER = "ALTER TABLE orders ADD COLUMN region text;\n"
const COPY = "INSERT INTO archive SELECT * FROM events;\n"

/** `rule: message` of all findings, the files deployed together; of the recommended rules, unless others are given. */
function findings(texts: Readonly<Record<string, string>>, select?: readonly string[]): string[] {
  const [project] = detectProjects(memoryFiles(new Map(Object.entries(texts))), Object.keys(texts))
  if (project === undefined) throw new Error("no project")
  const active = activate(rules, { select, ignore: ["lock-timeout-missing"] })
  const session = createSession({ pgVersion: 17, rules: active, runner: project.runner, direction: "up", together: true })
  return sequenceOf(project, "up").flatMap(({ file, report }) => {
    const sql = texts[file.path] ?? ""
    const result = session.analyze({ file, sql, parsed: parseFile(sql), report })
    return result.findings.map(({ rule, message }) => `${rule}: ${message}`)
  })
}

describe("a tool that runs all pending files in one transaction", () => {
  it("keeps the locks of a file through the later ones", () => {
    const texts = {
      "drizzle/0000_region.sql": `${ALTER}--> statement-breakpoint\nSELECT 1;`,
      "drizzle/0001_archive.sql": `${COPY}--> statement-breakpoint\nSELECT 1;`,
    }
    expect(findings(texts)).toEqual([
      "long-statement-holds-lock: INSERT ... SELECT runs while the transaction holds ACCESS EXCLUSIVE on orders since line 1 of " +
        "0000_region.sql: all reads and writes of that table wait until the statement is done",
    ])
  })

  it("locks the tables of several files, which is said once", () => {
    const rule = "transaction-locks-several-tables"
    const texts = {
      "drizzle/0003_region.sql": `${ALTER}--> statement-breakpoint\nSELECT 1;`,
      "drizzle/0004_more.sql": "ALTER TABLE events ADD COLUMN region text;",
      "drizzle/0005_more.sql": "ALTER TABLE archive ADD COLUMN region text;",
    }
    expect(findings(texts, [rule])).toEqual([
      `${rule}: this waits for ACCESS EXCLUSIVE on events while its transaction holds ACCESS EXCLUSIVE on orders since line 1 of 0003_region.sql: ` +
        "code that uses these tables in another order deadlocks with it, and all of them stay locked until it ends",
    ])
  })

  it("is not one that wraps each file", () => {
    expect(findings({ "db/migration/V1__region.sql": ALTER, "db/migration/V2__archive.sql": COPY })).toEqual([])
  })

  it("has its transaction ended by a COMMIT for all chunks behind it, but not for the next file", () => {
    const build = (index: string): string => `CREATE INDEX CONCURRENTLY ${index} ON orders (region);\n`
    const texts = {
      "drizzle/0000_region.sql": `${ALTER}--> statement-breakpoint\nCOMMIT;--> statement-breakpoint\n${build("a")}--> statement-breakpoint\n${COPY}`,
      "drizzle/0001_one_message.sql": `COMMIT;--> statement-breakpoint\nSELECT 1;\n${build("b")}`,
      "drizzle/0002_block.sql": `COMMIT;--> statement-breakpoint\nBEGIN;--> statement-breakpoint\n${build("c")}--> statement-breakpoint\nCOMMIT;--> statement-breakpoint\n${build("d")}`,
      "drizzle/0003_none.sql": build("e"),
    }
    const ended = "COMMIT ends the transaction that the tool opened, so that nothing after it is undone on failure"
    const tool = "drizzle-kit migrate runs all pending files in one transaction and has no switch to turn that off"
    const refused = "forbidden-in-transaction: CREATE INDEX CONCURRENTLY cannot run inside a transaction block"
    expect(findings(texts)).toEqual([
      `commit-ends-tool-transaction: ${ended}; ${tool}`,
      `commit-ends-tool-transaction: ${ended}; ${tool}`,
      `${refused}; an earlier COMMIT ended the tool's transaction, but statements in one message are one transaction again`,
      `commit-ends-tool-transaction: ${ended}; ${tool}`,
      `${refused}; BEGIN opens a transaction block`,
      `${refused}; ${tool}`,
    ])
  })

  it("keeps the locks of a chunk through the next ones", () => {
    expect(findings({ "drizzle/0000_all.sql": `${ALTER}--> statement-breakpoint\n${COPY}` })).toHaveLength(1)
  })
})

describe("Prisma's fallback", () => {
  const path = "prisma/migrations/20260101000000_x/migration.sql"
  const projectOf = (text: string): Project => {
    const files = memoryFiles(new Map([
      [path, text],
      ["prisma/migrations/migration_lock.toml", 'provider = "postgresql"\n'],
      ["package.json", '{ "devDependencies": { "prisma": "7.4.1" } }'],
    ]))
    const [project] = detectProjects(files, [path])
    if (project === undefined) throw new Error("no project")
    return project
  }

  it("names the statement that keeps the file in one message", () => {
    const text = "CREATE INDEX CONCURRENTLY i ON orders (region);\nREINDEX TABLE orders;\n"
    const project = projectOf(text)
    const { statements } = parseFile(text)
    const unit = { wrap: project.runner.wrap, send: project.runner.send, why: project.runner.why }
    const { contexts: [first] } = transactionsOf(unit, statements, project.runner, ({ span }) => text.slice(span.start, span.end), () => 1, 0)
    expect(first).toMatchObject({
      kind: "implicit",
      why: "Prisma Migrate cannot split a file with `REINDEX TABLE orders` in it, so it sends the whole file in one message",
    })
  })

  it("keeps fixes from making one message of the file", () => {
    const fixes = (text: string): string[] => {
      const { files, runner } = projectOf(text)
      const [file] = files
      if (file === undefined) throw new Error("no file")
      const session = createSession({ pgVersion: 14, rules: activate(rules, { ignore: ["lock-timeout-missing"] }), runner, direction: "up" })
      return session.analyze({ file, sql: text, parsed: parseFile(text), report: true }).findings.flatMap(({ fix }) => (fix === null ? [] : [fix.title]))
    }
    expect(fixes("DROP INDEX i;\n")).toEqual(["Drop the index concurrently"])
    expect(fixes("DROP INDEX i;\nCREATE INDEX j ON orders (region);\n")).toEqual(["Build the index concurrently"])
  })
})

describe("files of no tool that are deployed together", () => {
  it("are not said to fail over what another file makes, unless numbers tell which runs first", () => {
    const made = "CREATE TABLE stars (id bigint);"
    expect(findings({ "db/3_stars.sql": made, "db/latest.sql": made })).toEqual([])
    expect(findings({ "db/3_stars.sql": made, "db/4_stars.sql": made })).toEqual(['statement-fails: this fails with error 42P07: relation "stars" already exists'])
    expect(findings({ "db/latest.sql": `${made}\n${made}` })).toEqual(['statement-fails: this fails with error 42P07: relation "stars" already exists'])
  })
})
