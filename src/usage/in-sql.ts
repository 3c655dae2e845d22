/** Uses in SQL: certain where the SQL names the table and the column, whatever the language around it. */
import { blanked, type Literal } from "./literals.ts"
import { readSql, type ColumnName, type Names, type TableName } from "./sql.ts"
import type { SourceFile } from "./source.ts"
import type { Grade, Wanted } from "./types.ts"

/** A piece of SQL in a source file, at its own places. */
export interface SqlPiece {
  readonly start: number
  readonly end: number
  readonly statements: readonly Names[]
}

export interface SqlUse {
  readonly start: number
  readonly grade: Grade
}

/** What SQL has to have to be worth reading. */
const SQL = /\b(?:select|insert|update|delete|merge|with|copy|alter|create|drop|truncate|from|join|call|refresh|where|order\s+by|group\s+by|returning)\b/i

/** Files that are SQL altogether. */
const SQL_FILES = new Set(["sql", "pgsql", "psql", "ddl"])

/** All SQL of a file: the file itself, its strings (put together where they are concatenated), the statements of MyBatis. */
export function sqlOf(source: SourceFile): SqlPiece[] {
  const { text, extension } = source
  if (SQL_FILES.has(extension)) return [pieceOf(text, 0, text.length)]
  const pieces: SqlPiece[] = []
  if (extension === "xml") {
    for (const { 0: all, 1: tag = "", 2: inner = "", index } of text.matchAll(/<(select|insert|update|delete|sql)\b[^>]*>([\s\S]*?)<\/\1>/g)) {
      const start = index + all.length - inner.length - tag.length - 3
      if (SQL.test(inner)) pieces.push(pieceOf(inner.replace(/<!\[CDATA\[|\]\]>|<[^>]*>/g, spaces), start, start + inner.length))
    }
    return pieces
  }
  for (const group of concatenated(source)) {
    const first = group[0]
    const last = group.at(-1)
    if (first === undefined || last === undefined) continue
    const between = group.flatMap(({ from, expressions = [] }, index) => {
      const before = group[index - 1]
      return [...(before === undefined ? [] : [{ start: before.to, end: from }]), ...expressions].map(({ start, end }) => ({ start: start - first.from, end: end - first.from }))
    })
    const content = blanked(text.slice(first.from, last.to), between)
    if (SQL.test(content)) pieces.push(pieceOf(content, first.from, last.to))
  }
  return pieces
}

/** Literals with nothing but a sign of concatenation between them. */
function concatenated({ code, strings }: SourceFile): Literal[][] {
  const groups: Literal[][] = []
  for (const literal of strings) {
    const group = groups.at(-1)
    const before = group?.at(-1)
    const joined = before !== undefined && literal.start - before.end < 200 && /^\s*(?:\+|\.|\.\.|\\|&|<>|\+\+)?\s*$/.test(code.slice(before.end, literal.start))
    // Without a sign only strings on lines of their own belong together: those of Python and C.
    const apart = before !== undefined && code.slice(before.end, literal.start).trim() === "" && !code.slice(before.end, literal.start).includes("\n")
    if (joined && !apart && group !== undefined) group.push(literal)
    else groups.push([literal])
  }
  return groups
}

/** Escapes and the holes of templates are blanked, so that places stay the same. */
function pieceOf(sql: string, start: number, end: number): SqlPiece {
  const plain = sql
    .replace(/\\(["'`])((?:(?!\\?\1)[^\n])*)\\\1/g, (_, quote: string, content: string) => ` ${quote}${content}${quote} `)
    // A verbatim string of C# doubles its quotes.
    .replace(/""(\w+)""/g, ' "$1" ')
    .replace(/[#$]\{[^{}]*\}|\{\{[^{}]*\}\}|\\[nrt\\]/g, spaces)
  const statements = readSql(plain).map((names) => moved(names, start))
  return { start, end, statements }
}

function spaces(text: string): string {
  return text.replace(/[^\n]/g, " ")
}

function moved(names: Names, by: number): Names {
  const move = <Part extends { readonly start: number; readonly end: number }>(part: Part): Part => ({ ...part, start: part.start + by, end: part.end + by })
  return { ...names, tables: names.tables.map(move), columns: names.columns.map(move), calls: names.calls.map(move), values: names.values.map(move) }
}

/** The uses of a removed name in one statement. */
export function usesInSql(names: Names, { removed, mayHave }: Wanted): SqlUse[] {
  switch (removed.kind) {
    case "column":
      return columnUses(names, removed.schema, removed.table, removed.column, mayHave)
    case "relation":
      if (!names.complete) return []
      return names.tables.filter((table) => isTable(table, removed.schema, removed.relation, names)).map(({ start }) => ({ start, grade: "certain" }))
    case "function":
      return names.complete || names.calls.length > 0
        ? names.calls.filter(({ name, schema }) => name === removed.function && isSchema(schema, removed.schema) && names.complete).map(({ start }) => ({ start, grade: "certain" }))
        : []
    case "enum value":
      return names.values.flatMap(({ text, column, start }) => {
        const compared = text === removed.value && column !== null && names.complete
        return compared && names.tables.some(({ name }) => mayHave(name, column)) ? [{ start, grade: "certain" as const }] : []
      })
  }
}

function columnUses(names: Names, schema: string | null, table: string, column: string, mayHave: Wanted["mayHave"]): SqlUse[] {
  const uses: SqlUse[] = []
  const isOwn = (one: TableName): boolean => isTable(one, schema, table, names)
  const present = names.tables.some(isOwn)
  for (const found of names.columns) {
    if (found.name !== column) continue
    const { qualifier, owner, start } = found
    if (owner !== null) {
      if (isOwn(owner)) uses.push({ start, grade: "certain" })
    } else if (qualifier !== null) {
      const meant = meantBy(qualifier, found, names)
      const isNamed = meant === undefined && qualifier === table && !names.own.has(qualifier) && isSchema(found.schema, schema) && !present
      if (isNamed || (meant !== undefined && meant !== "query" && isOwn(meant))) {
        uses.push({ start, grade: isNamed && !names.complete && names.columns.length === 1 && names.values.length === 0 ? "likely" : "certain" })
      } else if (names.complete && isOfWhole(meant, qualifier, names, isOwn)) {
        uses.push({ start, grade: meant === "query" && qualifier === table ? "certain" : "likely" })
      }
    } else if (present && names.complete) {
      const grade = gradeIn(found.query, names, isOwn, (one) => mayHave(one.name, column))
      if (grade !== null) uses.push({ start, grade })
    }
  }
  return uses
}

/**
 * How sure it is that a column without a qualifier is that of the table: it is one of the innermost query that has such a column. Null
 * where tables nearer than this one have it.
 */
function gradeIn(query: number, { tables, around, own, derived, whole }: Names, isOwn: (table: TableName) => boolean, hasIt: (table: TableName) => boolean): Grade | null {
  for (let at = query; at >= 0; at = around[at] ?? -1) {
    const here = tables.filter((table) => table.query === at)
    const others = here.filter((table) => !isOwn(table) && !(table.schema === null && own.has(table.name)))
    if (here.some(isOwn)) return others.some(hasIt) ? "likely" : "certain"
    if (others.some(hasIt)) return null
    // Tables of WITH and sub-queries have what their queries give.
    if (others.length < here.length || derived.some((one) => one.query === at)) break
  }
  return tables.some((table) => isOwn(table) && whole.has(table.query)) ? "likely" : null
}

/** Whether a qualifier is a table of WITH or a sub-query of FROM, in a statement of which some query gives all columns of the table. */
function isOfWhole(meant: TableName | "query" | undefined, qualifier: string, { tables, own, whole }: Names, isOwn: (table: TableName) => boolean): boolean {
  const isQuery = meant === undefined ? tables.every(({ name }) => name !== qualifier) : meant === "query" || (meant.schema === null && own.has(meant.name))
  return isQuery && tables.some((table) => isOwn(table) && table.query > 0 && whole.has(table.query))
}

/**
 * What stands for a qualifier, looked for from the column's query outwards: a table by alias, by name, or as what INSERT and ON CONFLICT
 * call it; "query" for a sub-query of FROM, which may be called like a table.
 */
function meantBy(qualifier: string, { schema, query }: ColumnName, { tables, derived, around }: Names): TableName | "query" | undefined {
  const called = (some: readonly TableName[]): TableName | undefined =>
    some.find((one) => one.alias === qualifier) ?? some.find((one) => one.name === qualifier && isSchema(one.schema, schema))
  for (let at = query; at >= 0; at = around[at] ?? -1) {
    const found = called(tables.filter((one) => one.query === at))
    if (found !== undefined) return found
    if (derived.some((one) => one.query === at && one.name === qualifier)) return "query"
  }
  return called(tables) ?? (["excluded", "new", "old"].includes(qualifier) ? tables[0] : undefined)
}

function isTable(one: TableName, schema: string | null, name: string, names: Names): boolean {
  return one.name === name && isSchema(one.schema, schema) && !(one.schema === null && names.own.has(name))
}

function isSchema(written: string | null, schema: string | null): boolean {
  return written === null || schema === null || written === schema
}
