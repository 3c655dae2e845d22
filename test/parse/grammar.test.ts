import { createHash } from "node:crypto"
import { createRequire } from "node:module"
import { readFileSync } from "node:fs"
import { describe, expect, it, vi } from "vitest"
import type { Grammar } from "../../src/parse/grammar/index.ts"
import { createGrammar, PINNED_GRAMMAR } from "../../src/parse/grammar/index.ts"
import { readGrammarBytes } from "../../src/parse/grammar/load-node.ts"

const module = new WebAssembly.Module(readGrammarBytes())
const grammar = createGrammar(() => module)

function count(of: Grammar, sql: string): number {
  const outcome = of.parse(sql)
  return outcome.ok ? (outcome.tree.stmts?.length ?? 0) : -1
}

describe("the pinned build", () => {
  it("is the installed one", () => {
    const require = createRequire(import.meta.url)
    const wasm = require.resolve("libpg-query/wasm/libpg-query.wasm")
    const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", `file://${wasm}`), "utf8"))
    expect(manifest).toMatchObject({ name: PINNED_GRAMMAR.package, version: PINNED_GRAMMAR.version })
    expect(createHash("sha256").update(readGrammarBytes()).digest("hex")).toBe(PINNED_GRAMMAR.sha256)
  })
  it("is pinned exactly by the package", () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
    expect(manifest).toMatchObject({ devDependencies: { [PINNED_GRAMMAR.package]: PINNED_GRAMMAR.version } })
  })
  it("is told from another module", () => {
    const empty = new WebAssembly.Module(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))
    expect(() => createGrammar(() => empty).parse("select 1")).toThrow("not the pinned build")
  })
})

describe("parse", () => {
  it("gives the tree", () => {
    const outcome = grammar.parse("DROP TABLE a; SELECT 1")
    expect(outcome.ok && outcome.tree.stmts?.map(({ stmt }) => Object.keys(stmt ?? {}))).toEqual([
      ["DropStmt"],
      ["SelectStmt"],
    ])
  })
  it("accepts nothing, blanks and comments", () => {
    expect(["", " \n", "-- a", ";;"].map((sql) => count(grammar, sql))).toEqual([0, 0, 0, 0])
  })
  it("gives PostgreSQL's message and the position in UTF-16 units", () => {
    expect(grammar.parse("select 'é\u{1f600}', x from from")).toEqual({
      ok: false,
      message: 'syntax error at or near "from"',
      position: 21,
    })
    expect(grammar.parse("select (")).toEqual({ ok: false, message: "syntax error at end of input", position: 8 })
  })
  it("says whether bytes are UTF-16 units", () => {
    expect(grammar.parse("select 'a'")).toMatchObject({ ok: true, ascii: true })
    expect(grammar.parse("select 'é'")).toMatchObject({ ok: true, ascii: false })
  })
  it("keeps text above ASCII", () => {
    const outcome = grammar.parse("select 'é\u{1f600}с'")
    expect(JSON.stringify(outcome)).toContain("é\u{1f600}с")
  })
  it("recovers from an error every time", () => {
    for (let i = 0; i < 2000; i++) expect(grammar.parse(`select ${String(i)} from from`).ok).toBe(false)
    expect(count(grammar, "select 1")).toBe(1)
  })
})

describe("what breaks the shipped loader", () => {
  it("rejects NUL, which would end the text silently", () => {
    expect(grammar.parse("SELECT 1; \0 DROP TABLE t")).toEqual({
      ok: false,
      message: 'invalid byte sequence for encoding "UTF8": 0x00',
      position: 10,
    })
    expect(grammar.parsePlPgSql("do $$ begin \0 end $$").ok).toBe(false)
  })
  it("replaces a lone surrogate", () => {
    expect(count(grammar, "select '\ud800'")).toBe(1)
  })
  it("does not mind CRLF, CR and form feeds", () => {
    expect(count(grammar, "select 1;\r\nselect 2;\rselect 3;\fselect 4;")).toBe(4)
  })
  it("survives stack overflows, however many", () => {
    const own = createGrammar(() => module)
    const deep = `select ${"'a' || ".repeat(40_000)}'a'`
    const outcomes = new Set<string>()
    for (let i = 0; i < 40; i++) {
      const outcome = own.parse(deep)
      outcomes.add(outcome.ok ? "ok" : outcome.message)
      expect(count(own, "select 1; select 2")).toBe(2)
    }
    expect([...outcomes]).toEqual(["stack depth limit exceeded"])
  })
  it("reports nesting that is too deep", () => {
    const parentheses = grammar.parse(`select ${"(".repeat(20_000)}1${")".repeat(20_000)}`)
    expect(parentheses).toMatchObject({ ok: false, message: expect.stringContaining("memory exhausted") as unknown })
    expect(count(grammar, "select 1")).toBe(1)
  })
  it("keeps no memory from call to call", () => {
    const own = createGrammar(() => module)
    for (let i = 0; i < 20_000; i++) own.parse("create table t (a int primary key, b text not null default 'x')")
    expect(count(own, "select 1")).toBe(1)
  })
  it("accepts syntax of version 18", () => {
    expect(count(grammar, "alter table t add constraint n not null a not valid")).toBe(1)
  })
})

describe("parsePlPgSql", () => {
  it("reads functions and DO blocks", () => {
    const body = grammar.parsePlPgSql("do $$ begin execute 'drop table t'; alter table a add b int; end $$")
    expect(body.ok).toBe(true)
    expect(JSON.stringify(body)).toContain("alter table a add b int")
    const create = "create function f() returns trigger language plpgsql as $$ begin return new; end $$"
    expect(grammar.parsePlPgSql(create).ok).toBe(true)
  })
  it("reports a body that it cannot read, and goes on", () => {
    for (let i = 0; i < 50; i++) {
      expect(grammar.parsePlPgSql("do $$ begin if; end $$").ok).toBe(false)
      expect(grammar.parsePlPgSql("nonsense").ok).toBe(false)
    }
    expect(count(grammar, "select 1")).toBe(1)
  })
})

describe("the engine's grammar", () => {
  it("has to be given first, and once", async () => {
    // Other tests of this process may have given it.
    vi.resetModules()
    const { hasGrammarModule, parsePlPgSql, parseSql } = await import("../../src/parse/grammar/index.ts")
    const { loadGrammar } = await import("../../src/parse/grammar/load-node.ts")
    expect(hasGrammarModule()).toBe(false)
    expect(() => parseSql("select 1")).toThrow("call setGrammarModule()")
    loadGrammar()
    loadGrammar()
    expect(hasGrammarModule()).toBe(true)
    expect(parseSql("select 1").ok).toBe(true)
    expect(parsePlPgSql("do $$ begin end $$").ok).toBe(true)
  })
})
