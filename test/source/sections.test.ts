import { describe, expect, it } from "vitest"
import { findSections } from "../../src/source/sections.ts"
import { createSource } from "../../src/source/source.ts"

function sections(sql: string): (string | undefined)[][] {
  return findSections(createSource(sql)).map(({ direction, span, directive }) => [
    direction,
    sql.slice(span.start, span.end),
    directive?.text,
  ])
}

describe("findSections", () => {
  it.each([
    ["goose", "-- +goose Up", "-- +goose Down"],
    ["goose in other cases", "--+goose up", "-- +GOOSE DOWN"],
    ["sql-migrate", "-- +migrate Up notransaction", "-- +migrate Down"],
    ["dbmate", "-- migrate:up transaction:false", "-- migrate:down"],
    ["node-pg-migrate", "-- Up Migration", "-- Down Migration"],
  ])("reads %s", (_tool, up, down) => {
    expect(sections(`-- head\n${up}\na;\n${down}\nb;\n`)).toEqual([
      ["up", "\na;\n", up],
      ["down", "\nb;\n", down],
    ])
  })
  it("reads tern", () => {
    expect(sections("a;\n---- create above / drop below ----\nb;")).toEqual([
      ["up", "a;\n", undefined],
      ["down", "\nb;", "---- create above / drop below ----"],
    ])
  })
  it("takes what precedes node-pg-migrate's only down marker for the way up", () => {
    expect(sections("a;\n-- Down Migration\nb;").map(([direction]) => direction)).toEqual(["up", "down"])
  })
  it("takes Liquibase's rollback comments for ways down", () => {
    expect(sections("--liquibase formatted sql\n--changeset a:1\na;\n--rollback b;\n")).toEqual([
      ["down", "--rollback b;", "--rollback b;"],
    ])
  })
  it("finds none in ordinary texts, strings, or behind code", () => {
    for (const sql of [
      "-- this migration goes up\nselect 1;",
      "select '\n-- +goose Down\n';",
      "select 1; -- +goose Down",
      "-- migrate:upper\n",
      "",
    ]) {
      expect(sections(sql)).toEqual([])
    }
  })
  it("reads a directive behind a byte order mark and with CRLF", () => {
    expect(sections("\ufeff-- migrate:up\r\na;\r\n-- migrate:down\r\n").map(([direction]) => direction)).toEqual([
      "up",
      "down",
    ])
  })
})
