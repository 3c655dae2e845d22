import { describe, expect, it } from "vitest"
import { formatType, quoteIdent } from "../../src/schema/index.ts"
import { tableAfter } from "./replay.ts"

describe("formatType", () => {
  // Each pair as a real server prints it.
  it.each([
    ["varchar(50)", "character varying(50)"],
    ["varchar", "character varying"],
    ["char", "character(1)"],
    ["char(5)", "character(5)"],
    ["bpchar", "bpchar"],
    ['"char"', '"char"'],
    ["int", "integer"],
    ["smallint", "smallint"],
    ["bigint", "bigint"],
    ["float", "double precision"],
    ["float(4)", "real"],
    ["bool", "boolean"],
    ["numeric(10,2)", "numeric(10,2)"],
    ["numeric(5)", "numeric(5,0)"],
    ["numeric", "numeric"],
    ["timestamptz", "timestamp with time zone"],
    ["timestamp(3)", "timestamp(3) without time zone"],
    ["timetz(2)", "time(2) with time zone"],
    ["time", "time without time zone"],
    ["interval", "interval"],
    ["interval year", "interval year"],
    ["interval day to second(3)", "interval day to second(3)"],
    ["interval(5)", "interval(5)"],
    ["bit", "bit(1)"],
    ["bit varying(7)", "bit varying(7)"],
    ["text[]", "text[]"],
    ["int[][]", "integer[]"],
    ["jsonb", "jsonb"],
    ["varchar(10)[]", "character varying(10)[]"],
  ])("%s is %s", (written, printed) => {
    expect(tableAfter(`CREATE TABLE t (a ${written})`, "t").columns[0]?.type).toBe(printed)
  })

  it("qualifies a user's type that is not on the search path", () => {
    const type = { schema: "App", name: "mood", modifiers: [], dimensions: 1 }
    expect(formatType(type)).toBe('"App".mood[]')
    expect(formatType(type, ["App"])).toBe("mood[]")
  })
})

describe("quoteIdent", () => {
  it.each([
    ["orders", "orders"],
    ["order", '"order"'],
    ["Orders", '"Orders"'],
    ["a b", '"a b"'],
    ['say "x"', '"say ""x"""'],
    ["1st", '"1st"'],
    ["user", '"user"'],
    ["values", '"values"'],
    ["name", "name"],
    ["a$", '"a$"'],
    ["größe", '"größe"'],
  ])("%s is written %s", (name, written) => {
    expect(quoteIdent(name)).toBe(written)
  })
})
