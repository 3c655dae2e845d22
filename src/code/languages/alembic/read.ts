/** Revisions of Alembic: raw SQL, and what its operations make. */
import { argumentsOf } from "../arguments.ts"
import type { Collected } from "../collected.ts"
import { createCollector, keyword, nameAt, positional } from "../collector.ts"
import { argumentsAt, type Range } from "../expression.ts"
import { madeText } from "../made.ts"
import { isConditionAt, lineHas, pythonConstants, receiverOf, regions } from "../python/blocks.ts"
import { lexPython } from "../python/lexer.ts"
import type { PythonModules } from "../python/modules.ts"
import { isNone, textAt } from "../python/values.ts"
import { isSign, isWord, textOf, type Token } from "../tokens.ts"
import { enumStatement } from "./columns.ts"
import { runsIn, type Run } from "./functions.ts"
import { statementsOf, type Batch, type Statement } from "./operations.ts"
import { rowsAt, sessionQuery, type ChangedRows } from "./rows.ts"
import { typeSource, type TypeSource } from "./types.ts"

const NO_BUILDER = /^(?:execute|get_bind|get_context|f|inline_literal|invoke|batch_alter_table|run_async)$/
/** What a connection is called, to tell its `scalar()` from that of a result. */
const CONNECTION = /(?:^|_)(?:conn|connection|bind|session|engine)$/

/** What types, tables and metadata of SQLAlchemy do to the database: `sa.Enum("a", name="state").create(op.get_bind())`. */
const SCHEMA_ITEM = /^(?:create|drop)(?:_all)?$/

/**
 * Statements with names that a naming convention of the project's metadata may have made; and types of new tables, which SQLAlchemy leaves out
 * where it knows that they are there.
 */
const DERIVED = /^(?:DROP INDEX|(?:CREATE|DROP) TYPE) | DROP CONSTRAINT /

/** @param modules Those of the project; null where none is in sight. */
export function readAlembic(source: string, modules: PythonModules | null = null): Collected {
  const tokens = lexPython(source)
  const autocommitting = autocommittingIn(tokens)
  const batches = batchesIn(tokens, source)
  const outside = regions(tokens, source, (at) => isWord(tokens[at], "with") && lineHas(tokens, at, (token) => isWord(token, "autocommit_block")))
  const conditional = regions(tokens, source, (at) => isConditionAt(tokens, at))
  const collector = createCollector(tokens, pythonConstants(tokens, source), {
    down: regions(tokens, source, (at) => isWord(tokens[at], "def") && /^_?downgrade/.test(textOf(tokens[at + 1]) ?? "")),
    outside,
    conditional,
    ignored: [],
  })
  const runsOf = runsIn(tokens, source)
  const revision = typeSource(tokens, source, modules)
  /** Where a call runs, and how; the collector tells it of one that runs where it stands. */
  const placesOf = (at: number): readonly (Partial<Run> & { readonly conditional?: true; readonly outside?: true })[] =>
    runsOf(at)?.map((run) => ({ ...run, ...(isIn(conditional, at, run.at) && { conditional: true }), ...(isIn(outside, at, run.at) && { outside: true }) })) ?? [{}]
  const addMade = (statements: readonly Statement[], at: number, call: Range): void => {
    for (const statement of statements) {
      const text = madeText(statement, tokens, call)
      for (const { at: place = at, ...run } of placesOf(at)) collector.made(text, place, { ...run, ...(DERIVED.test(text.sql) && { derived: true }) })
    }
  }
  /** Takes down what a call changes in rows. */
  const addRows = ({ parts, place }: ChangedRows, at: number, outside: boolean): void => {
    if (parts === null) {
      collector.builder(place.from, place.to, [place], { columns: [], wide: false })
      return
    }
    for (const { at: runsAt = at, ...run } of placesOf(at)) collector.made(madeText(parts, tokens, place), runsAt, { ...run, ...(outside && { outside }) })
  }
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word" || !isSign(tokens[at - 1], ".") || !isSign(tokens[at + 1], "(")) continue
    const receiver = textOf(receiverOf(tokens, at))
    const { list, end } = argumentsAt(tokens, at + 1)
    if (SCHEMA_ITEM.test(token.text) && receiver !== "op" && list.some((one) => isConnection(tokens, one))) {
      const type = receiverRange(tokens, at)
      const statement = enumStatement(tokens, token.text, type, argumentsOf(tokens, list), revision)
      if (statement === null) collector.builder(at - 2, end + 1, list)
      else addMade([statement], at, { from: type.from, to: end + 1 })
      continue
    }
    if (receiver === null) continue
    if (/^(?:execute|exec_driver_sql)$/.test(token.text) || (token.text === "scalar" && CONNECTION.test(receiver))) {
      const argument = keyword(tokens, list, "sqltext") ?? positional(tokens, list)[0]
      const outside = autocommitting.some((one) => one.name === receiver && one.from <= at && at < one.to)
      const placeholders = token.text === "exec_driver_sql" && positional(tokens, list).length > 1 ? "python" : null
      const rows = argument === undefined ? null : rowsAt(revision, argument, positional(tokens, list)[1] ?? null)
      if (argument === undefined || rows === "reads") continue
      if (rows !== null) {
        addRows(rows, at, outside)
        continue
      }
      for (const place of placesOf(at)) collector.sql(argument, { at, placeholders, ...place, ...(outside ? { outside } : {}) })
      continue
    }
    if (token.text === "query") {
      const rows = sessionQuery(revision, at)
      if (rows !== null) addRows(rows, at, false)
      continue
    }
    if (!/^(?:op|batch_op)$/.test(receiver) || NO_BUILDER.test(token.text)) continue
    const statements = madeBy(tokens, revision, at, receiver === "op" ? null : batches.find(({ from, to }) => from <= at && at < to))
    if (statements !== null) {
      addMade(statements, at, { from: at - 2, to: end + 1 })
      continue
    }
    collector.builder(at - 2, end + 1, list, token.text === "bulk_insert" ? { columns: [], wide: false } : {})
    const name = token.text === "create_table" ? nameAt(tokens, list[0]) : null
    if (name !== null) collector.table(name, nameAt(tokens, keyword(tokens, list, "schema")), at, keyword(tokens, list, "if_not_exists") !== null)
  }
  return collector.collected
}

function isIn(ranges: readonly Range[], ...places: readonly number[]): boolean {
  return ranges.some(({ from, to }) => places.some((at) => from <= at && at < to))
}

/** The statements of an operation; null for what only running the code would tell. `batch`: undefined where it should have one. */
function madeBy(tokens: readonly Token[], revision: TypeSource, at: number, batch: (Batch & Range) | null | undefined): readonly Statement[] | null {
  return batch === undefined ? null : statementsOf(textOf(tokens[at]) ?? "", argumentsOf(tokens, argumentsAt(tokens, at + 1).list), batch, revision)
}

/** `with op.batch_alter_table("orders") as batch_op:` */
function batchesIn(tokens: readonly Token[], source: string): readonly (Batch & Range)[] {
  return regions(tokens, source, (at) => isWord(tokens[at], "with") && lineHas(tokens, at, (token) => isWord(token, "batch_alter_table"))).flatMap(({ from, to }) => {
    const at = tokens.findIndex((token, index) => index > from && isWord(token, "batch_alter_table"))
    const args = argumentsOf(tokens, argumentsAt(tokens, at + 1).list)
    const table = textAt(tokens, args.given[0] ?? args.option("table_name"))
    const schema = args.option("schema")
    if (table === null) return []
    return schema === null || isNone(tokens, schema) ? [{ from, to, table, schema: null }] : [{ from, to, table, schema: textAt(tokens, schema)?.text ?? null }]
  })
}

/** Where a name stands for a connection of its own that commits each statement: up to where the name is given away again. */
function autocommittingIn(tokens: readonly Token[]): readonly (Range & { readonly name: string })[] {
  const given = tokens.flatMap((token, at) => {
    const name = isSign(tokens[at + 1], "=") && !isSign(tokens[at + 2], "=") ? token : isWord(tokens[at - 1], "as") ? token : undefined
    if (name?.kind !== "word") return []
    let start = at
    while (start > 0 && !isSign(tokens[start - 1], "\n")) start -= 1
    return [{ name: name.text, from: at, commits: lineHas(tokens, start, isAutocommit) }]
  })
  return given.flatMap(({ name, from, commits }, index) => {
    if (!commits) return []
    return [{ name, from, to: given.slice(index + 1).find((one) => one.name === name)?.from ?? tokens.length }]
  })
}

/** `isolation_level="AUTOCOMMIT"`. */
function isAutocommit(token: Token, at: number, tokens: readonly Token[]): boolean {
  return token.kind === "text" && token.runs.map(({ value }) => value).join("") === "AUTOCOMMIT" && isWord(tokens[at - 2], "isolation_level")
}

/** What a method is called on: `state`, or `sa.Enum("a", name="state")`. */
function receiverRange(tokens: readonly Token[], at: number): Range {
  let from = at - 2
  if (isSign(tokens[from], ")")) {
    let depth = 0
    for (; from > 0; from -= 1) {
      const sign = tokens[from]?.kind === "sign" ? textOf(tokens[from]) : null
      if (sign === ")" || sign === "]" || sign === "}") depth += 1
      else if ((sign === "(" || sign === "[" || sign === "{") && --depth === 0) break
    }
    from -= 1
  }
  while (isSign(tokens[from - 1], ".")) from -= 2
  return { from, to: at - 1 }
}

/** `op.get_bind()`, or a variable that is called like one that holds it. */
function isConnection(tokens: readonly Token[], { from, to }: Range): boolean {
  const last = textOf(tokens[to - 1])
  return last === ")" ? isWord(tokens[to - 3], "get_bind") : CONNECTION.test(last ?? "") && tokens.slice(from, to).every(({ kind }) => kind !== "text")
}
