import { describe, expect, it } from "vitest"
import { contextOf } from "../../src/files/context.ts"
import { detectProjects, readUnits } from "../../src/files/detect.ts"
import type { FrameworkId, Unit } from "../../src/files/types.ts"
import { tree } from "./memory.ts"

function units(framework: FrameworkId, text: string, name = "1_x.sql"): readonly Unit[] {
  const [project] = detectProjects(tree({ [name]: text }), [name], { framework })
  const [file] = project?.files ?? []
  if (project === undefined || file === undefined) throw new Error("no project")
  return readUnits(project.runner, file, text)
}

/** The text of every unit with its transaction. */
function cut(framework: FrameworkId, text: string, name?: string): readonly (readonly [string, string, string])[] {
  return units(framework, text, name).map(({ start, end, direction, wrap }) => [direction, wrap, text.slice(start, end)])
}

describe("sections", () => {
  it("of goose start at the marks, in any case, with the switch for both", () => {
    const text = "--+GOOSE UP\nSELECT 1;\n-- +goose down\nSELECT 2;\n-- +goose no transaction\n"
    expect(cut("goose", text)).toEqual([
      ["up", "none", "--+GOOSE UP\nSELECT 1;\n"],
      ["down", "none", "-- +goose down\nSELECT 2;\n-- +goose no transaction\n"],
    ])
  })

  it("of sql-migrate leave out what stands before the first mark", () => {
    const text = "SELECT 0;\n-- +migrate Up\nSELECT 1;\n-- +migrate Down notransaction\nSELECT 2;\n"
    expect(cut("sql-migrate", text)).toEqual([
      ["up", "section", "-- +migrate Up\nSELECT 1;\n"],
      ["down", "none", "-- +migrate Down notransaction\nSELECT 2;\n"],
    ])
  })

  it("of Play leave out what stands before the first mark, and take either sign", () => {
    const text = "# Boats\n\n# --- !Ups\r\nSELECT 1;\r\n  -- !Downs\nSELECT 2;\n# !Ups again\nSELECT 3;\n"
    expect(cut("play", text)).toEqual([
      ["up", "none", "# --- !Ups\r\nSELECT 1;\r\n"],
      ["down", "none", "  -- !Downs\nSELECT 2;\n"],
      ["up", "none", "# !Ups again\nSELECT 3;\n"],
    ])
  })

  it("of Rambler are messages of their own, and only up and down open one", () => {
    const text = "SELECT 0;\n-- rambler up\nSELECT 1;\n-- rambler up\r\nSELECT 2;\r\n-- rambler: a note\nSELECT 3;\n-- rambler down\nSELECT 4;\n"
    expect(cut("rambler", text)).toEqual([
      ["up", "none", "-- rambler up\nSELECT 1;\n"],
      ["up", "none", "-- rambler up\r\nSELECT 2;\r\n"],
      ["down", "none", "-- rambler down\nSELECT 4;\n"],
    ])
  })

  it("of Bun are messages of their own, unless the name of the file asks for a transaction", () => {
    const text = "SELECT 1;\n--bun:split\r\nSELECT 2;\n -- bun:split\n--bun:split"
    expect(cut("bun", text, "20260101090000_a.up.sql")).toEqual([
      ["up", "none", "SELECT 1;\n--bun:split\r\n"],
      ["up", "none", "SELECT 2;\n -- bun:split\n--bun:split"],
      ["up", "none", ""],
    ])
    expect(cut("bun", text, "20260101090000_a.tx.up.sql")).toEqual([["up", "file", text]])
  })

  it("of Yoyo are whole files, with a switch in the comments at their top", () => {
    for (const [text, wrap] of [
      ["-- a\n\n  --transactional:FALSE\r\n-- depends: b\nSELECT 1;\n", "none"],
      ["-- transactional: true\nSELECT 1;\n", "file"],
      ["SELECT 1;\n-- transactional: false\n", "file"],
    ] as const) {
      expect(cut("yoyo", text)).toEqual([["up", wrap, text]])
    }
    expect(units("yoyo", "SELECT 1;\n-- transactional: false\n")[0]?.directive?.reason).toBe("it does not stand in the comments at the top of the file")
  })

  it("of dbmate have options of their own", () => {
    const text = "-- migrate:up foo:bar transaction:false\r\nSELECT 1;\r\n-- migrate:down\r\nSELECT 2;\r\n"
    expect(cut("dbmate", text)).toEqual([
      ["up", "none", "-- migrate:up foo:bar transaction:false\r\nSELECT 1;\r\n"],
      ["down", "section", "-- migrate:down\r\nSELECT 2;\r\n"],
    ])
  })

  it("of Drizzle end at every breakpoint, even in a line", () => {
    expect(cut("drizzle", "SELECT 1;--> statement-breakpoint SELECT 2;").map(([, , text]) => text)).toEqual([
      "SELECT 1;",
      " SELECT 2;",
    ])
  })

  it("of tern change the way statements are sent when the transaction is off", () => {
    const text = "---- tern: disable-tx ----\nSELECT 1;\n---- create above / drop below ----\nSELECT 2;\n"
    expect(units("tern", text).map(({ direction, wrap, send }) => [direction, wrap, send])).toEqual([
      ["up", "none", "split"],
      ["down", "section", "one message"],
    ])
  })

  it("of Liquibase are the changesets for PostgreSQL", () => {
    const text = [
      "--liquibase formatted sql",
      "--changeset a:1 dbms:mysql",
      "SELECT 1;",
      "--changeset a:2 dbms:postgresql,h2 runInTransaction:false",
      "SELECT 2;",
      "--changeset a:3 dbms:!mysql",
      "SELECT 3;",
      "--changeset a:4 runWith:psql",
      "SELECT 4;",
    ].join("\n")
    expect(units("liquibase", text).map(({ name, wrap, send }) => [name, wrap, send])).toEqual([
      ["a:2", "none", "split"],
      ["a:3", "changeset", "split"],
      ["a:4", "none", "psql"],
    ])
  })

  it("of Atlas are the files of an archive", () => {
    const text = "-- atlas:txtar\n\n-- checks/empty.sql --\nSELECT 1;\n-- migration.sql --\nSELECT 2;\n-- down.sql --\nSELECT 3;\n"
    expect(cut("atlas", text)).toEqual([
      ["up", "file", "-- checks/empty.sql --\nSELECT 1;\n"],
      ["up", "file", "-- migration.sql --\nSELECT 2;\n"],
      ["down", "file", "-- down.sql --\nSELECT 3;\n"],
    ])
  })

  it("of Liquibase are no changesets that it is told to ignore", () => {
    const text = "--liquibase formatted sql\n--changeset a:1 ignore:true\nSELECT 1;\n--changeset a:2 ignore:false\nSELECT 2;\n"
    expect(units("liquibase", text).map(({ name }) => name)).toEqual(["a:2"])
  })

  it("of Liquibase are the whole file when that is raw SQL", () => {
    expect(cut("liquibase", "SELECT 1;\n")).toEqual([["both", "changeset", "SELECT 1;\n"]])
  })

  it.each([
    ["SELECT 1;\n", [["up", "SELECT 1;\n"]]],
    ["-- Up Migration\nSELECT 1;\n-- Down Migration\nSELECT 2;\n", [["up", "-- Up Migration\nSELECT 1;\n"], ["down", "-- Down Migration\nSELECT 2;\n"]]],
    ["-- down migration\nSELECT 2;\n-- up migration\nSELECT 1;\n", [["down", "-- down migration\nSELECT 2;\n"], ["up", "-- up migration\nSELECT 1;\n"]]],
    ["SELECT 1;\n-- down migration\nSELECT 2;\n", [["up", "SELECT 1;\n-- down migration\nSELECT 2;\n"]]],
  ])("of node-pg-migrate in %j", (text, expected) => {
    expect(cut("node-pg-migrate", text).map(([direction, , sql]) => [direction, sql])).toEqual(expected)
  })
})

describe("switches that do not work say why", () => {
  it.each<[FrameworkId, string, string | undefined]>([
    ["atlas", "-- atlas:txmode none\n\nSELECT 1;\n", undefined],
    ["atlas", "-- a comment\n-- atlas:txmode none\n\nSELECT 1;\n", undefined],
    ["atlas", "-- atlas:txmode none\nSELECT 1;\n", "Atlas ignores it unless an empty line follows the comments that the file starts with"],
    ["atlas", "-- atlas:txmode none\r\n\r\nSELECT 1;\r\n", "Atlas does not take a line that ends in CR LF for the empty line that has to follow it"],
    ["atlas", "\n-- atlas:txmode none\n\nSELECT 1;\n", "Atlas looks for it only in the comments that the file starts with"],
    ["sqlx", "-- no-transaction\nSELECT 1;\n", undefined],
    ["sqlx", "\uFEFF-- no-transaction\nSELECT 1;\n", "sqlx looks for it only at the very start of the file"],
    ["sqlx", "\n-- no-transaction\nSELECT 1;\n", "sqlx looks for it only at the very start of the file"],
    ["graphile-migrate", "--! Previous: -\n--! Hash: sha1:0\n\n--! no-transaction\nSELECT 1;\n", undefined],
    ["graphile-migrate", "SELECT 1;\n--! no-transaction\n", "Graphile Migrate looks for it only on the first line after the header"],
    ["graphile-migrate", "-- no-transaction\nSELECT 1;\n", "Graphile Migrate looks for it only on the first line after the header"],
    ["hasura", "-- hasura:no-transaction\nSELECT 1;\n", undefined],
    ["hasura", "--hasura:no-transaction\nSELECT 1;\n", "Hasura looks for exactly `-- hasura:no-transaction` on the first line only"],
    ["bytebase", "-- a\n-- txn-mode = off\nSELECT 1;\n", undefined],
    ["bytebase", "-- a\r\n-- TXN-MODE=off\r\nSELECT 1;\r\n", undefined],
    ["bytebase", "SELECT 1;\n-- txn-mode = off\n", "Bytebase looks for it only in the comments that the file starts with"],
    ["postgres-migrations", "SELECT 1; -- postgres-migrations disable-transaction\n", undefined],
    ["dbmate", "-- migrate:up transaction: false\nSELECT 1;\n", "dbmate does not allow a blank beside the colon of an option"],
    ["dbmate", "-- migrate:up Transaction:false\nSELECT 1;\n", "dbmate only knows `transaction:false`, in lower case"],
    ["dbmate", "-- migrate:up\n-- transaction:false\nSELECT 1;\n", "dbmate reads options only on the line of `-- migrate:up`"],
    ["sql-migrate", "-- +migrate Up NoTransaction\nSELECT 1;\n", "sql-migrate only knows the word `notransaction`"],
    ["tern", "-- tern: disable-tx\nSELECT 1;\n", "tern only knows the exact line `---- tern: disable-tx ----`"],
    ["liquibase", '--liquibase formatted sql\n--changeset a:1 runInTransaction:"false"\nSELECT 1;\n', "Liquibase only knows `runInTransaction:false`, without blanks or quotes"],
  ])("%s: %j", (framework, text, reason) => {
    const [unit] = units(framework, text)
    expect(unit?.directive?.reason).toBe(reason)
    expect(unit?.directive?.effective).toBe(reason === undefined)
    expect(unit?.wrap === "none").toBe(reason === undefined)
  })

  it("with the place of the directive", () => {
    const text = "-- Ä comment\n-- atlas:txmode none\nSELECT 1;\n"
    const directive = units("atlas", text)[0]?.directive
    expect(directive).toMatchObject({ line: 2, text: "-- atlas:txmode none" })
    expect(text.slice(directive?.span.start, directive?.span.end)).toBe("-- atlas:txmode none")
  })
})

describe("a second file", () => {
  const sidecar = (files: Record<string, string>, path: string) => {
    const [project] = detectProjects(tree(files), [path])
    return project?.files.find((file) => file.path === path)?.sidecar
  }

  it("turns the transaction of Flyway off", () => {
    const files = { "db/migration/V1__x.sql": "", "db/migration/V1__x.sql.conf": "encoding=UTF-8\nexecuteInTransaction = false\r\n" }
    expect(sidecar(files, "db/migration/V1__x.sql")).toBe("db/migration/V1__x.sql.conf")
  })

  it.each([
    ["run_in_transaction = false\n", "m/1_x/metadata.toml"],
    ["", "m/1_x/metadata.toml"],
    ["run_in_transaction = true\n", undefined],
  ])("of Diesel: %j", (text, expected) => {
    expect(sidecar({ "diesel.toml": "", "m/1_x/up.sql": "", "m/1_x/metadata.toml": text }, "m/1_x/up.sql")).toBe(expected)
  })
})

describe("contextOf", () => {
  it.each([
    ["file", "split", 1, "file", "unit"],
    ["section", "one message", 2, "file", "unit"],
    ["all pending", "per call", 1, "all pending files", "all pending"],
    ["none", "split", 3, "autocommit", "statement"],
    ["none", "psql", 3, "autocommit", "statement"],
    ["none", "one message", 1, "autocommit", "statement"],
    ["none", "one message", 2, "implicit (one message)", "unit"],
    ["none", "per call", 2, "implicit (one message)", "unit"],
    ["none", "calls", 2, "autocommit", "statement"],
    ["none", "pipeline", 2, "pipeline", "unit"],
    ["unknown", "psql", 1, "autocommit", "statement"],
    ["unknown", "psql", 2, "unknown", "unit"],
  ] as const)("%s, %s, %i statements: %s", (wrap, send, statements, kind, extent) => {
    expect(contextOf({ wrap, send, why: "because" }, statements)).toEqual({ kind, extent, why: "because" })
  })
})
