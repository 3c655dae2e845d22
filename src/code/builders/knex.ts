/** What Knex 3 emits for the calls of `knex.schema`. Checked against the library in test/tools. */
import type { Node } from "../../embedded/node.ts"
import { bodyOf } from "../body.ts"
import { attempt, Unknown, unknown, type Builder, type Reader, type Step } from "../call.ts"
import type { Link } from "../chain.ts"
import { name, sql, type Piece } from "../pieces.ts"
import { alterTable, createTable, TABLE_CALLS } from "./knex-table.ts"
import { KNEX_VERBS, knexRows } from "./rows/knex.ts"

export const KNEX: Builder = {
  receiver: /(?:^|\.)schema$/,
  get calls() {
    return { "knex.schema": ["withSchema", "raw", "createTable", "createTableIfNotExists", "alterTable", "table", ...Object.keys(METHODS)], ...TABLE_CALLS, "knex(table)": Object.keys(KNEX_VERBS) }
  },
  read(links, reader) {
    let schema: string | null = null
    const steps: Step[] = []
    for (const link of links) {
      if (link.arguments === null) continue
      if (link.name === "withSchema") {
        schema = attempt(() => reader.text(link.arguments?.[0]))
        // Without its schema it might be another table.
        if (schema === null) return [{ kind: "unread", node: link.node, table: null }]
      } else steps.push(...read(link, schema, reader))
    }
    return steps
  },
  rows: knexRows,
}

function read(link: Link, schema: string | null, reader: Reader): readonly Step[] {
  const { node } = link
  const [first, second] = link.arguments ?? []
  switch (link.name) {
    case "raw":
      return first === undefined ? [] : [{ kind: "raw", node, sql: first }]
    case "table":
    case "alterTable":
    case "createTable":
    case "createTableIfNotExists": {
      const table = attempt(() => reader.text(first))
      if (table === null || first === undefined) return [{ kind: "unread", node, table: null }]
      const target = { text: table, node: first, schema }
      const body = attempt(() => bodyOf(reader, second))
      const creates = link.name.startsWith("create")
      const sqlName = name(schema === null ? table : `${schema}.${table}`, first)
      if (body === null) return [{ kind: "unread", node, table: creates ? sqlName : null }]
      return creates ? createTable(reader, target, body, node, link.name !== "createTable") : alterTable(reader, target, body, node)
    }
    default: {
      const method = METHODS[link.name]
      if (method === undefined) {
        return /^(?:create|drop|rename|alter|refresh|view)/.test(link.name) ? [{ kind: "unread", node, table: null }] : [{ kind: "skip", link }]
      }
      const statements = attempt(() => [method(reader, link.arguments ?? [], schema)])
      return [statements === null ? { kind: "unread", node, table: null } : { kind: "statements", node, statements }]
    }
  }
}

type Method = (reader: Reader, given: readonly Node[], schema: string | null) => readonly Piece[]

const METHODS: Readonly<Record<string, Method>> = {
  renameTable: (reader, [from, to], schema) => sql`alter table ${inSchema(reader, from, schema)} rename to ${named(reader, to)}`,
  dropTable: (reader, [table], schema) => sql`drop table ${inSchema(reader, table, schema)}`,
  dropTableIfExists: (reader, [table], schema) => sql`drop table if exists ${inSchema(reader, table, schema)}`,
  createTableLike(reader, [table, like, callback], schema) {
    if (callback !== undefined) throw new Unknown()
    return sql`create table ${inSchema(reader, table, schema)} (like ${inSchema(reader, like, schema)} including all)`
  },
  createSchema: (reader, [schema]) => sql`create schema ${named(reader, schema)}`,
  createSchemaIfNotExists: (reader, [schema]) => sql`create schema if not exists ${named(reader, schema)}`,
  dropSchema: (reader, [schema, cascade]) => sql`drop schema ${named(reader, schema)}${cascadeOf(reader, cascade)}`,
  dropSchemaIfExists: (reader, [schema, cascade]) => sql`drop schema if exists ${named(reader, schema)}${cascadeOf(reader, cascade)}`,
  createExtension: (reader, [extension]) => sql`create extension ${named(reader, extension)}`,
  createExtensionIfNotExists: (reader, [extension]) => sql`create extension if not exists ${named(reader, extension)}`,
  dropExtension: (reader, [extension]) => sql`drop extension ${named(reader, extension)}`,
  dropExtensionIfExists: (reader, [extension]) => sql`drop extension if exists ${named(reader, extension)}`,
  dropView: (reader, [view], schema) => sql`drop view ${inSchema(reader, view, schema)}`,
  dropViewIfExists: (reader, [view], schema) => sql`drop view if exists ${inSchema(reader, view, schema)}`,
  dropMaterializedView: (reader, [view], schema) => sql`drop materialized view ${inSchema(reader, view, schema)}`,
  dropMaterializedViewIfExists: (reader, [view], schema) => sql`drop materialized view if exists ${inSchema(reader, view, schema)}`,
  renameView: (reader, [from, to]) => sql`alter view ${named(reader, from)} rename to ${named(reader, to)}`,
  refreshMaterializedView: (reader, [view, concurrently]) =>
    sql`refresh materialized view${concurrently !== undefined && reader.flag(concurrently) ? " concurrently" : ""} ${named(reader, view)}`,
  createView: (reader, [view, callback], schema) => sql`create view ${viewOf(reader, view, callback, schema)}`,
  createViewOrReplace: (reader, [view, callback], schema) => sql`create or replace view ${viewOf(reader, view, callback, schema)}`,
  createMaterializedView: (reader, [view, callback], schema) => sql`create materialized view ${viewOf(reader, view, callback, schema)}`,
}

/** A view whose query is written in SQL. */
function viewOf(reader: Reader, view: Node | undefined, callback: Node | undefined, schema: string | null): Piece[] {
  const { chains, maybe, others } = bodyOf(reader, callback)
  if (maybe.length + others.length > 0) throw new Unknown()
  let columns: Piece[] = []
  let query: Piece[] | null = null
  for (const { links } of chains) {
    for (const { name: method, arguments: given } of links) {
      const first = given?.[0]
      if (method === "columns") columns = sql` (${reader.texts(first).map(({ text }) => name(text).sql).join(", ")})`
      else if (method === "as" && first !== undefined) query = sql`${{ sql: reader.raw(first) ?? unknown(), node: first }}`
      else throw new Unknown()
    }
  }
  if (query === null) throw new Unknown()
  return sql`${inSchema(reader, view, schema)}${columns} as ${query}`
}

function cascadeOf(reader: Reader, node: Node | undefined): string {
  return node !== undefined && reader.flag(node) ? " cascade" : ""
}

function inSchema(reader: Reader, node: Node | undefined, schema: string | null): Piece {
  const text = reader.text(node)
  return name(schema === null ? text : `${schema}.${text}`, node)
}

function named(reader: Reader, node: Node | undefined): Piece {
  return name(reader.text(node), node)
}
