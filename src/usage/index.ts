/**
 * The contract check: which places of an application still use what a migration takes away. Pure; it is given the files' texts.
 */
import { isColumn, isRelation } from "./in-code.ts"
import { sqlOf, usesInSql } from "./in-sql.ts"
import { around } from "./literals.ts"
import { keysOf, spellingOf, type TableSpelling } from "./models.ts"
import { scanFor, type Hit } from "./scan.ts"
import { openSource, type SourceFile } from "./source.ts"
import { keyOf } from "./spelling.ts"
import type { Grade, Removed, Use, Wanted } from "./types.ts"

export type { Grade, Removed, Use, Wanted } from "./types.ts"

/** A search for the uses of some names; files are handed to it one by one. */
export interface UseSearch {
  add(path: string, text: string): void
  /** How many files were searched. */
  readonly files: number
  /** The uses of a name, by file and place. */
  usesOf(wanted: Wanted): readonly Use[]
}

interface Question {
  readonly wanted: Wanted
  readonly table: TableSpelling
  /** A file has to have one of each to be looked at. */
  readonly owners: ReadonlySet<string>
  readonly members: ReadonlySet<string>
  readonly uses: Use[]
}

export function createUseSearch(wanted: readonly Wanted[]): UseSearch {
  const questions = wanted.map(questionOf)
  const scan = scanFor(questions.flatMap(({ owners, members }) => [...owners, ...members]))
  const byWanted = new Map(questions.map((question) => [question.wanted, question.uses]))
  let files = 0
  return {
    add(path, text) {
      files += 1
      const hits = scan(text)
      if (hits.length === 0) return
      const found = new Set(hits.map(({ key }) => key))
      const asked = questions.filter(({ owners, members }) => meet(found, owners) && meet(found, members))
      if (asked.length === 0) return
      const source = openSource(path, text)
      const pieces = sqlOf(source)
      for (const question of asked) {
        const uses = new Map<number, { readonly start: number; readonly grade: Grade }>()
        for (const { statements } of pieces) {
          for (const names of statements) for (const use of usesInSql(names, question.wanted)) keep(uses, source, use.start, use.grade)
        }
        // SQL has been judged by its own rules; what these do not find there is none.
        const inSql = (at: number): boolean => around(pieces, at)?.statements.some(({ complete }) => complete) === true
        // Settings and descriptions name things of their own; only SQL in them is about tables.
        if (!SETTINGS.has(source.extension)) for (const hit of hits) {
          if (question.members.has(hit.key) && !(inSql(hit.start) && !isHole(text, hit.start)) && isUse(source, hit, question)) keep(uses, source, hit.start, "likely")
        }
        question.uses.push(...[...uses.values()].sort((left, right) => left.start - right.start).map(({ start, grade }) => useAt(source, start, grade, question.wanted.removed)))
      }
    },
    get files() {
      return files
    },
    usesOf: (one) => byWanted.get(one) ?? [],
  }
}

const SETTINGS = new Set("yml yaml toml ini cfg conf properties env tf hcl graphql graphqls gql proto".split(" "))

function questionOf(wanted: Wanted): Question {
  const { removed } = wanted
  const table = spellingOf(removed.kind === "column" ? removed.table : removed.kind === "relation" ? removed.relation : removed.kind === "function" ? removed.function : removed.type, wanted.hasTable)
  const tableKeys = new Set(keysOf(table))
  switch (removed.kind) {
    case "column":
      return { wanted, table, owners: tableKeys, members: new Set([keyOf(removed.column)]), uses: [] }
    case "relation":
      return { wanted, table, owners: tableKeys, members: tableKeys, uses: [] }
    case "function":
      return { wanted, table, owners: new Set([keyOf(removed.function)]), members: new Set([keyOf(removed.function)]), uses: [] }
    case "enum value": {
      // A value may be anything; its first word leads to it.
      const key = keyOf(/[\p{L}\p{N}_]+/u.exec(removed.value)?.[0] ?? removed.value)
      return { wanted, table, owners: new Set([key]), members: new Set([key]), uses: [] }
    }
  }
}

function meet(found: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
  for (const key of found) if (wanted.has(key)) return true
  return false
}

function isUse(source: SourceFile, hit: Hit, { wanted: { removed }, table }: Question): boolean {
  switch (removed.kind) {
    case "column":
      return isColumn(source, hit, removed.column, table)
    case "relation":
      return isRelation(source, hit, table)
    case "function": {
      // What calls functions by name: `rpc("f")`, `func("f")`.
      const literal = source.stringAt(hit.start)
      return literal !== undefined && source.text.slice(literal.from, literal.to) === removed.function && /\b(?:rpc|func|callproc|call|fn)\s*\(\s*["'`]$/.test(source.text.slice(Math.max(0, hit.start - 20), hit.start))
    }
    case "enum value": {
      const literal = source.stringAt(hit.start)
      return literal !== undefined && source.text.slice(literal.from, literal.to) === removed.value && isColumn(source, hit, removed.value, table)
    }
  }
}

function isHole(text: string, at: number): boolean {
  const line = text.slice(Math.max(text.lastIndexOf("\n", at), at - 200), at)
  return /[#$]\{[^{}]*$/.test(line)
}

/** One use a line, the surest. */
function keep(uses: Map<number, { readonly start: number; readonly grade: Grade }>, { lines }: SourceFile, start: number, grade: Grade): void {
  const { line } = lines.position(start)
  const before = uses.get(line)
  if (before === undefined || (before.grade === "likely" && grade === "certain")) uses.set(line, { start, grade })
}

function useAt({ path, lines }: SourceFile, start: number, grade: Grade, removed: Removed): Use {
  const { line, column } = lines.position(start)
  return { file: path, line, column, grade, message: grade === "certain" ? `SQL uses ${nameOf(removed)}` : `likely uses ${nameOf(removed)}` }
}

function nameOf(removed: Removed): string {
  switch (removed.kind) {
    case "column":
      return `\`${removed.table}.${removed.column}\``
    case "relation":
      return `\`${removed.relation}\``
    case "function":
      return `\`${removed.function}\``
    case "enum value":
      return `the value \`${removed.value}\` of \`${removed.type}\``
  }
}
