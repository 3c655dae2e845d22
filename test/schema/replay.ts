import { loadGrammar } from "../../src/parse/grammar/load-node.ts"
import { parseFile } from "../../src/parse/index.ts"
import {
  createCatalog,
  snapshot,
  type Conflict,
  type MutableCatalog,
  type TableSnapshot,
} from "../../src/schema/index.ts"

loadGrammar()

export interface Replay {
  readonly catalog: MutableCatalog
  readonly conflicts: readonly Conflict[]
}

interface Options {
  readonly complete?: boolean
  readonly pgVersion?: number
  readonly catalog?: MutableCatalog
  /** The number of the transaction of the first statement; without it, one that no other replay has. */
  readonly transaction?: number
}

let statements = 0

/** Replays a script; each statement is a transaction of its own unless the script says otherwise. */
export function replay(sql: string, { complete = true, pgVersion = 16, catalog, transaction }: Options = {}): Replay {
  const into = catalog ?? createCatalog({ complete, pgVersion })
  const parsed = parseFile(sql)
  if (parsed.errors.length > 0) throw new Error(parsed.errors.map(({ message }) => message).join("\n"))
  const conflicts = parsed.statements.flatMap((statement, index) => {
    statements += 1
    const origin = { file: "a.sql", span: statement.span, deploy: 1, transaction: transaction === undefined ? statements : transaction + index }
    return into.apply(statement, origin, ({ start, end }) => sql.slice(start, end))
  })
  return { catalog: into, conflicts }
}

/** The catalog after a script that PostgreSQL would run without an error. */
export function catalogAfter(sql: string, options: Options = {}): MutableCatalog {
  const { catalog, conflicts } = replay(sql, options)
  if (conflicts.length > 0) throw new Error(conflicts.map(({ message }) => message).join("\n"))
  return catalog
}

export function tableAfter(sql: string, name: string, options: Options = {}): TableSnapshot {
  const found = snapshot(catalogAfter(sql, options)).tables.find((table) => table.name === `public.${name}`)
  if (found === undefined) throw new Error(`no table ${name}`)
  return found
}

export function names(list: readonly { readonly name: string }[]): readonly string[] {
  return list.map(({ name }) => name)
}
