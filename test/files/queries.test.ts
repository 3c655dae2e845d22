import { describe, expect, it } from "vitest"
import { readUnits } from "../../src/files/detect.ts"
import { framework as plain } from "../../src/files/frameworks/plain.ts"
import { framework as goose } from "../../src/files/frameworks/goose.ts"
import { holdsNamedQueries } from "../../src/files/queries.ts"
import { knownFiles } from "../../src/files/known-files.ts"
import { tree } from "./memory.ts"

describe("holdsNamedQueries", () => {
  it.each([
    ["sqlc", "-- name: GetOrder :one\nSELECT * FROM orders WHERE id = $1;\n"],
    ["sqlc in a block comment", "/* name: DropOld :exec */\nDELETE FROM orders WHERE id < $1;\n"],
    ["HugSQL and PugSQL", "-- :name clear-orders :! :n\n-- :doc empties it\nDELETE FROM orders\n"],
    ["blocks", "-- BLOCK update_orders\nUPDATE orders SET region = 'eu' WHERE id >= $start AND id <= $end;\n"],
    ["PgTyped", "/* @name FindOrder */\nSELECT * FROM orders WHERE id = :id;\n"],
    ["aiosql with an operator", "-- name: close_orders!\nUPDATE orders SET closed = true WHERE id = :id\n"],
    ["aiosql with parameters", "-- name: close_orders(id)^\r\nSELECT :id\r\n"],
    ["yesql", "-- What the shop asks.\n\n-- name: orders-of\nSELECT * FROM orders WHERE customer = :customer\n\n-- name: all-orders\nSELECT * FROM orders\n"],
  ])("sees those of %s", (_, text) => {
    expect(holdsNamedQueries(text)).toBe(true)
  })

  it.each([
    ["a dump", "--\n-- Name: orders; Type: TABLE; Schema: public; Owner: -\n--\n\nCREATE TABLE public.orders (id bigint);\n-- Name: items; Type: TABLE\nCREATE TABLE public.items (id bigint);\n"],
    ["a migration with its name above it", "-- name: add_region\nALTER TABLE orders ADD COLUMN region text;\n"],
    ["a migration with a title", "-- name: add the region :one of three\nALTER TABLE orders ADD COLUMN region text;\n"],
    ["a script with a query behind a statement", "DROP TABLE orders;\n-- name: GetOrder :one\nSELECT 1;\n"],
    ["a comment that speaks of a block", "-- BLOCK writes while this runs\nDROP TABLE orders;\n"],
    ["a comment that quotes one", "/*\n * -- name: GetOrder :one\n */\nDROP TABLE orders;\n"],
    ["nothing", ""],
  ])("does not take %s for them", (_, text) => {
    expect(holdsNamedQueries(text)).toBe(false)
  })
})

describe("units of named queries", () => {
  const place = { files: knownFiles(tree({})), root: "/repo/queries", above: ["/repo/queries", "/repo"] }
  const text = "-- name: DropOld :exec\nDELETE FROM orders;\n"
  const file = { path: "queries/orders.sql", direction: "up" } as const

  it("are none where no tool claims the file", () => {
    expect(readUnits(plain.runner(place), file, text)).toEqual([])
  })
  it("are those of a tool that runs the file all the same", () => {
    expect(readUnits(goose.runner(place), file, `-- +goose Up\n${text}`)).not.toEqual([])
  })
})
