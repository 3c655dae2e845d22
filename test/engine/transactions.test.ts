import { beforeAll, describe, expect, it } from "vitest"
import { transactionsOf } from "../../src/engine/transactions.ts"
import type { Runner, Unit } from "../../src/files/types.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../src/parse/index.ts"

beforeAll(() => { loadGrammar() })

type Tool = Pick<Unit, "wrap" | "send">

/** Kind and number of the transaction of each statement; numbers count from 1 in order of appearance. */
function contexts(tool: Tool, sql: string, more: Partial<Runner> = {}): string[] {
  const { statements } = parseFile(sql)
  const runner: Runner = { framework: "plain", name: "a tool", ...tool, why: "the tool does so", offSwitch: { kind: "none", how: "" }, ...more }
  let last = 0
  const { contexts: found } = transactionsOf({ ...tool, why: "the tool does so" }, statements, runner, ({ span }) => sql.slice(span.start, span.end), () => ++last, 0)
  const numbers = new Map<number, number>()
  return found.map(({ kind, id }) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size + 1)
    return `${kind} ${numbers.get(id) ?? 0}`
  })
}

describe("the transaction of each statement", () => {
  it("is one for each statement where the tool sends them one by one", () => {
    expect(contexts({ wrap: "none", send: "split" }, "SELECT 1; SELECT 2;")).toEqual(["autocommit 1", "autocommit 2"])
  })

  it("is one for the file where the tool wraps it", () => {
    expect(contexts({ wrap: "file", send: "split" }, "SELECT 1; SELECT 2;")).toEqual(["wrapped 1", "wrapped 1"])
  })

  it("is implicit for several statements in one message, and none for a statement alone", () => {
    expect(contexts({ wrap: "none", send: "one message" }, "SELECT 1; SELECT 2;")).toEqual(["implicit 1", "implicit 1"])
    expect(contexts({ wrap: "none", send: "one message" }, "SELECT 1;")).toEqual(["autocommit 1"])
  })

  it("is an explicit block between BEGIN and COMMIT", () => {
    expect(contexts({ wrap: "none", send: "split" }, "SELECT 0; BEGIN; SELECT 1; COMMIT; SELECT 2;")).toEqual([
      "autocommit 1",
      "explicit block 2",
      "explicit block 2",
      "explicit block 2",
      "autocommit 3",
    ])
  })

  it("stays the tool's when a wrapped file says BEGIN, and ends at its COMMIT", () => {
    expect(contexts({ wrap: "file", send: "split" }, "BEGIN; SELECT 1; COMMIT; SELECT 2;")).toEqual([
      "wrapped 1",
      "wrapped 1",
      "wrapped 1",
      "autocommit 2",
    ])
  })

  it("goes on as another block, or as another transaction of the tool's, behind AND CHAIN", () => {
    expect(contexts({ wrap: "none", send: "split" }, "BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; ROLLBACK AND CHAIN; SELECT 3; COMMIT; SELECT 4;")).toEqual([
      "explicit block 1",
      "explicit block 1",
      "explicit block 1",
      "explicit block 2",
      "explicit block 2",
      "explicit block 3",
      "explicit block 3",
      "autocommit 4",
    ])
    expect(contexts({ wrap: "file", send: "split" }, "SELECT 1; COMMIT AND CHAIN; SELECT 2; COMMIT AND NO CHAIN; SELECT 3;")).toEqual([
      "wrapped 1",
      "wrapped 1",
      "wrapped 2",
      "wrapped 2",
      "autocommit 3",
    ])
  })

  it("is another one for what follows such a COMMIT in the same message", () => {
    expect(contexts({ wrap: "file", send: "one message" }, "SELECT 1; COMMIT; SELECT 2; SELECT 3; COMMIT; SELECT 4;")).toEqual([
      "wrapped 1",
      "wrapped 1",
      "implicit 2",
      "implicit 2",
      "implicit 2",
      "implicit 3",
    ])
    expect(contexts({ wrap: "file", send: "split" }, "COMMIT; SELECT 1; COMMIT; SELECT 2;")).toEqual(["wrapped 1", "autocommit 2", "autocommit 3", "autocommit 4"])
  })

  it("begins anew behind a COMMIT inside one message", () => {
    expect(contexts({ wrap: "none", send: "one message" }, "BEGIN; SELECT 1; COMMIT; SELECT 2; SELECT 3;")).toEqual([
      "explicit block 1",
      "explicit block 1",
      "explicit block 1",
      "implicit 2",
      "implicit 2",
    ])
  })

  it("is unknown where no tool is known, but not for a statement alone", () => {
    expect(contexts({ wrap: "unknown", send: "split" }, "SELECT 1; SELECT 2;")).toEqual(["unknown 1", "unknown 1"])
    expect(contexts({ wrap: "unknown", send: "split" }, "SELECT 1;")).toEqual(["autocommit 1"])
  })

  it("is the statement's own where the tool takes it out of its transaction", () => {
    const detects = { patterns: [/^CREATE INDEX CONCURRENTLY/], effect: "statement alone", why: "it runs alone" } as const
    expect(contexts({ wrap: "file", send: "split" }, "SELECT 1; CREATE INDEX CONCURRENTLY ON t (a); SELECT 2;", { detects })).toEqual([
      "wrapped 1",
      "autocommit 2",
      "wrapped 3",
    ])
  })

  it("leaves a mixed file wrapped where the tool decides by the whole file", () => {
    const detects = { patterns: [/^VACUUM/], effect: "whole file", why: "it runs without" } as const
    expect(contexts({ wrap: "file", send: "split" }, "VACUUM t; SELECT 2;", { detects })).toEqual(["wrapped 1", "wrapped 1"])
    expect(contexts({ wrap: "file", send: "split" }, "VACUUM t; VACUUM u;", { detects })).toEqual(["autocommit 1", "autocommit 2"])
  })

  it("follows the other way of sending when a statement makes the tool fall back to it", () => {
    const fallback = { patterns: [/^REINDEX/], send: "one message", why: "it sends the whole file" } as const
    expect(contexts({ wrap: "none", send: "split" }, "SELECT 1; REINDEX TABLE t;", { fallback })).toEqual(["implicit 1", "implicit 1"])
  })
})
