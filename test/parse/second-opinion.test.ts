import { readdirSync, readFileSync } from "node:fs"
import { parse } from "pgsql-ast-parser"
import type { Statement as OtherStatement } from "pgsql-ast-parser"
import { beforeAll, describe, expect, it } from "vitest"
import type { Operation } from "../../src/parse/operation.ts"
import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../src/parse/index.ts"
import { SAMPLE } from "./lower/sample.ts"

// pgsql-ast-parser is an independent parser of a part of PostgreSQL's language. Where it can parse a statement, it must
// agree with us on what the statement does, to which relation and to which columns.

const FIXTURES = new URL("../../fixtures/", import.meta.url)

/** What both parsers must agree on: `add column s.t.a`. Null: the other parser's statement says nothing comparable. */
type Facts = readonly string[] | null

interface QualifiedName {
  readonly schema?: string
  readonly name: string
}

function dotted({ schema, name }: { readonly schema?: string | null; readonly name: string }): string {
  return schema === undefined || schema === null ? name : `${schema}.${name}`
}

function all(kind: string, names: readonly QualifiedName[]): Facts {
  return names.map((name) => `${kind} ${dotted(name)}`)
}

function otherFacts(statement: OtherStatement): Facts {
  switch (statement.type) {
    case "create table":
      return [
        `create table ${dotted(statement.name)} ${statement.columns.map((column) => ("dataType" in column ? column.name.name : "like")).join(",")}`,
      ]
    case "create index":
      return [
        `create index ${statement.indexName?.name ?? ""} on ${dotted(statement.table)} ${statement.expressions.map(({ expression }) => (expression.type === "ref" ? expression.name : "()")).join(",")}`,
      ]
    case "create enum":
      return [`create enum ${dotted(statement.name)} ${statement.values.map(({ value }) => value).join(",")}`]
    case "create schema":
      return [`create schema ${statement.name.name}`]
    case "create extension":
      return [`create extension ${statement.extension.name}`]
    case "create sequence":
      return [`create sequence ${dotted(statement.name)}`]
    case "create view":
      return [`create view ${dotted(statement.name)}`]
    case "create materialized view":
      return [`create materialized view ${dotted(statement.name)}`]
    case "drop table":
      return all("drop table", statement.names)
    case "drop index":
      return all("drop index", statement.names)
    case "drop sequence":
      return all("drop sequence", statement.names)
    case "drop type":
      return all("drop type", statement.names)
    case "truncate table":
      return all("truncate", statement.tables)
    case "insert":
      return [`insert ${dotted(statement.into)} ${(statement.columns ?? []).map(({ name }) => name).join(",")}`]
    case "update":
      return [
        `update ${dotted(statement.table)} ${statement.sets.map(({ column }) => column.name).join(",")} ${String(statement.where != null)}`,
      ]
    case "delete":
      return [`delete ${dotted(statement.from)} ${String(statement.where != null)}`]
    case "alter table":
      return statement.changes.flatMap((change) => otherChange(dotted(statement.table), change) ?? [])
    default:
      return null
  }
}

type OtherChange = Extract<OtherStatement, { type: "alter table" }>["changes"][number]

function otherChange(table: string, change: OtherChange): string | null {
  switch (change.type) {
    case "add column":
      return `add column ${table} ${change.column.name.name}`
    case "drop column":
      return `drop column ${table} ${change.column.name}`
    case "rename":
      return `rename relation ${table} ${change.to.name}`
    case "rename column":
      return `rename column ${table} ${change.column.name} ${change.to.name}`
    case "rename constraint":
      return `rename constraint ${table} ${change.constraint.name} ${change.to.name}`
    case "add constraint":
      return `add constraint ${table} ${change.constraint.constraintName?.name ?? ""} ${change.constraint.type}`
    case "drop constraint":
      return `drop constraint ${table} ${change.constraint.name}`
    case "alter column":
      return `${ALTERATIONS[change.alter.type] ?? change.alter.type} ${table} ${change.column.name}`
    default:
      return null
  }
}

const ALTERATIONS: Readonly<Record<string, string>> = {
  "set type": "alter column type",
  "add generated": "add identity",
}

function ourFacts(operation: Operation): string | readonly string[] | null {
  switch (operation.op) {
    case "create table":
      return `create table ${dotted(operation.table)} ${[...operation.columns.map(({ name }) => name.name), ...operation.like.map(() => "like")].join(",")}`
    case "create index":
      return `create index ${operation.index?.name ?? ""} on ${dotted(operation.table)} ${operation.elements.map(({ column }) => column?.name ?? "()").join(",")}`
    case "create enum":
      return `create enum ${dotted(operation.type)} ${operation.labels.join(",")}`
    case "create schema":
      return `create schema ${operation.schema.name}`
    case "create extension":
      return `create extension ${operation.extension.name}`
    case "create sequence":
      return `create sequence ${dotted(operation.sequence)}`
    case "create view":
    case "create materialized view":
      return `${operation.op} ${dotted(operation.view)}`
    case "drop":
      return operation.objects.map(({ name }) => `drop ${operation.kind} ${dotted(name)}`)
    case "truncate":
      return operation.tables.map(({ table }) => `truncate ${dotted(table)}`)
    case "insert":
      return `insert ${dotted(operation.table)} ${operation.columns.map(({ name }) => name).join(",")}`
    case "update":
      return `update ${dotted(operation.table)} ${operation.columns.map(({ name }) => name).join(",")} ${String(operation.where !== null)}`
    case "delete":
      return `delete ${dotted(operation.table)} ${String(operation.where !== null)}`
    case "add column":
      return `add column ${dotted(operation.relation)} ${operation.column.name.name}`
    case "rename relation":
      return `rename relation ${dotted(operation.relation)} ${operation.newName.name}`
    case "rename column":
      return `rename column ${dotted(operation.relation)} ${operation.column.name} ${operation.newName.name}`
    case "rename constraint":
      return `rename constraint ${dotted(operation.relation)} ${operation.constraint.name} ${operation.newName.name}`
    case "add constraint":
      return `add constraint ${dotted(operation.relation)} ${operation.constraint.name?.name ?? ""} ${operation.constraint.kind}`
    case "drop constraint":
      return `drop constraint ${dotted(operation.relation)} ${operation.constraint.name}`
    case "drop column":
    case "set default":
    case "drop default":
    case "set not null":
    case "drop not null":
    case "alter column type":
    case "add identity":
      return `${operation.op} ${dotted(operation.relation)} ${operation.column.name}`
    default:
      return null
  }
}

/** The other parser's statements; null when it cannot parse the text or needs too long for it. */
function secondOpinion(sql: string): readonly OtherStatement[] | null {
  try {
    return parse(sql)
  } catch {
    return null
  }
}

/** Statements on which both had an opinion, each as a pair. */
function opinions(
  sql: string,
): readonly { readonly statement: string; readonly ours: Facts; readonly theirs: Facts }[] {
  const pairs: { statement: string; ours: Facts; theirs: Facts }[] = []
  for (const { span, operations, holes } of parseFile(sql).statements) {
    const statement = sql.slice(span.start, span.end)
    const ours = operations.flatMap((operation) => ourFacts(operation) ?? [])
    // The other parser does not cut names to 63 bytes.
    if (holes.length > 0 || ours.length === 0 || statement.length > 2_000 || /\w{64}/.test(statement)) continue
    const [other, ...more] = secondOpinion(statement) ?? []
    const theirs = other === undefined || more.length > 0 ? null : otherFacts(other)
    if (theirs !== null) pairs.push({ statement, ours, theirs })
  }
  return pairs
}

function fixtureFiles(): readonly string[] {
  return readdirSync(FIXTURES, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".sql"))
}

beforeAll(loadGrammar)

describe("a second opinion", () => {
  it("agrees on every statement of the fixtures that both parsers read", () => {
    const disagreements: unknown[] = []
    let compared = 0
    for (const path of fixtureFiles()) {
      for (const pair of opinions(readFileSync(new URL(path, FIXTURES), "utf8"))) {
        compared++
        if (JSON.stringify(pair.ours) !== JSON.stringify(pair.theirs)) disagreements.push({ path, ...pair })
      }
    }
    expect(disagreements).toEqual([])
    expect(compared).toBeGreaterThan(100)
  })

  it("agrees on the sample of every statement kind", () => {
    const pairs = SAMPLE.flatMap(([sql]) => opinions(sql))
    expect(pairs.map(({ ours }) => ours)).toEqual(pairs.map(({ theirs }) => theirs))
    expect(pairs.length).toBeGreaterThan(15)
  })
})
