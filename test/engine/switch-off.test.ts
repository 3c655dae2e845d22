import { describe, expect, it } from "vitest"
import { lint, type ResultFinding } from "../../src/index.ts"
import type { FrameworkId } from "../../src/files/types.ts"

/** Migrations of tools whose transaction a line of the file turns off. */
const TOOLS: readonly (readonly [FrameworkId, string])[] = [
  ["atlas", "-- index\nCREATE INDEX CONCURRENTLY i ON orders (note);\n"],
  ["dbmate", "-- migrate:up\nCREATE INDEX CONCURRENTLY i ON orders (note);\n\n-- migrate:down\n"],
  ["goose", "-- +goose Up\nCREATE INDEX CONCURRENTLY i ON orders (note);\n"],
  ["graphile-migrate", "CREATE INDEX CONCURRENTLY i ON orders (note);\n"],
  ["postgres-migrations", "CREATE INDEX CONCURRENTLY i ON orders (note);\n"],
  ["sql-migrate", "-- +migrate Up\nCREATE INDEX CONCURRENTLY i ON orders (note);\n"],
  ["sqlx", "CREATE INDEX CONCURRENTLY i ON orders (note);\n"],
  ["tern", "CREATE INDEX CONCURRENTLY i ON orders (note);\n"],
  ["yoyo", "CREATE INDEX CONCURRENTLY i ON orders (note);\n"],
]

function found(framework: FrameworkId, sql: string): readonly ResultFinding[] {
  return lint({ files: [{ path: "migrations/2_index.sql", sql }], options: { framework, select: ["forbidden-in-transaction", "transaction-switch-ignored"] } }).findings
}

describe("the fix that turns off a tool's transaction", () => {
  for (const [framework, text] of TOOLS) {
    for (const sql of [text, text.replaceAll("\n", "\r\n")]) {
      it(`is what ${framework} reads, in lines that end in ${sql === text ? "LF" : "CR LF"}`, () => {
        const [finding, ...others] = found(framework, sql)
        const [edit] = finding?.fix?.edits ?? []
        if (edit === undefined) throw new Error("no fix")
        expect(others).toEqual([])
        expect(found(framework, sql.slice(0, edit.offset) + edit.text + sql.slice(edit.endOffset))).toEqual([])
      })
    }
  }
})
