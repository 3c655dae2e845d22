/** Migrations of Rails: raw SQL, and what its schema builder makes. */
import { argumentsOf } from "../arguments.ts"
import type { Collected } from "../collected.ts"
import { constantsOf } from "../constants.ts"
import { createCollector, keyword, nameAt, qualified } from "../collector.ts"
import { argumentsAt, sqlOf, type Range } from "../expression.ts"
import { madeText } from "../made.ts"
import { changedRows, tablesOfModels } from "./rows.ts"
import { statementsOf } from "./schema.ts"
import type { Rails, Statement } from "./statement.ts"
import { changeTable, createTable, linesOf } from "./tables.ts"
import { lexRuby } from "../ruby.ts"
import { viewOf } from "./views.ts"
import { blockEnd, closing, isSign, isWord, textOf, type Token } from "../tokens.ts"

/** Methods that take SQL. */
const RAW = /^(?:execute|exec_query|exec_update|exec_insert|exec_delete|select_all|select_value|select_values|select_rows)$/
/** Methods of the connection that have namesakes elsewhere, and the statements that they are given. */
const CHANGE = /^(?:update|insert|delete)$/
const CHANGES = /^(?:\s|--.*(?!.)|\/\*[^]*?\*\/)*(?:update|insert|delete|with)\b/i
const CONNECTION = /^(?:connection|conn|self|ActiveRecord|base|Base|migration)$/i
/** Methods that change the schema. */
const BUILDER = /^(?:add|remove|rename|change|create|drop|validate|enable|disable|safely|swap|undo|backfill|update)_\w+[!?]?$|^replace_view$/
const NO_BUILDER = /^(?:disable_ddl_transaction!|disable_statement_timeout|enable_lock_retries!|disable_lock_retries!|create_or_|update_(?:all|column|attribute))/

/**
 * Statements with names that Rails makes up or looks up. They may be other ones in the database: Rails renames indexes together with their
 * tables and columns, and a project may teach it irregular words.
 */
const DERIVED = /^(?:CREATE (?:UNIQUE )?|DROP |ALTER )INDEX |^ALTER SEQUENCE |\bREFERENCES |\bVALIDATE CONSTRAINT /

export function readRails(source: string): Collected {
  const tokens = lexRuby(source)
  const constants = constantsOf(tokens, source, (at) => argumentsAt(tokens, at).end)
  const collector = createCollector(tokens, constants, {
    down: blocks(tokens, source, isDown),
    outside: [],
    conditional: [...blocks(tokens, source, isCondition), ...behindReturns(tokens, source)],
    // What a block of `revert` holds is undone.
    ignored: blocks(tokens, source, (all, at) => isWord(all[at], "revert") && (isWord(all[at + 1], "do") || isSign(all[at + 1], "{"))),
  })
  const rails: Rails = { version: versionIn(source) }
  // What the file's own methods do is read where they are written.
  const own = new Set(tokens.flatMap((token, at) => (isWord(tokens[at - 1], "def") ? [textOf(token)] : [])))
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word" || isWord(tokens[at - 1], "def")) continue
    const receiver = isSign(tokens[at - 1], ".") || isSign(tokens[at - 1], "&.") ? textOf(tokens[at - 2]) : null
    if (RAW.test(token.text) || CHANGE.test(token.text)) {
      if (receiver !== null && !CONNECTION.test(receiver)) continue
      const { list, end } = argumentsAt(tokens, at + 1)
      const [first] = list
      if (first === undefined) continue
      if (CHANGE.test(token.text) && !CHANGES.test(sqlOf(tokens, first, constants)?.sql ?? "")) continue
      if (/^select_/.test(token.text)) continue
      collector.sql(first, modifies(tokens, isSign(tokens[end], ")") ? end + 1 : end) ? { conditional: true } : {})
      continue
    }
    if (receiver !== null && /^(?:update|delete)_all$/.test(token.text)) {
      const rows = changedRows(tokens, at)
      // Which table a model has may be said elsewhere.
      if (rows !== null) collector.made(madeText(rows.parts, tokens, rows.place), at, { derived: true, ...(modifies(tokens, rows.place.to) && { conditional: true }) })
      continue
    }
    if (receiver !== null || !BUILDER.test(token.text) || NO_BUILDER.test(token.text) || own.has(token.text) || !startsStatement(tokens, at)) continue
    const { list, end } = argumentsAt(tokens, at + 1)
    if (list.length === 0 || isSign(tokens[at + 1], "=") || isSign(tokens[at + 1], ".") || isSign(tokens[at + 1], "|")) continue
    const made = collector.isIgnored(at) ? null : madeBy(tokens, at, source, rails)
    if (made !== null) {
      const conditional = modifies(tokens, made.end) || made.isLookedUp ? { conditional: true } : {}
      for (const statement of made.statements) {
        const text = madeText(statement, tokens, { from: at, to: end })
        collector.made(text, at, { ...conditional, ...(DERIVED.test(text.sql) && { derived: true }) })
      }
      continue
    }
    const call = { from: at, to: isSign(tokens[at + 1], "(") ? end + 1 : end }
    const file = viewOf(token.text, argumentsOf(tokens, list), call, modifies(tokens, call.to) || collector.isConditional(at))
    collector.builder(at, end, list, { ...(file !== null && { file }), ...(nameAt(tokens, list[0]) === null && { names: tablesOfModels(tokens) }) })
    const name = /^create_table$/.test(token.text) ? nameAt(tokens, list[0]) : null
    if (name === null) continue
    const older = keyword(tokens, list, "if_not_exists") !== null || isWord(tokens[end], "unless") || isWord(tokens[end], "if")
    const { schema, name: table } = qualified(name)
    collector.table(table, schema, at, older)
  }
  return collector.collected
}

/** The day that Rails 5.1 was released, from which on keys are bigint. */
const BIG_KEYS = 20170427

/** The version that decides what the calls mean. Before 7.0 a dump names only its newest migration, whose date tells as much. */
function versionIn(source: string): number {
  const named = /\b(?:Migration|Schema)\[(\d+\.\d+)\]/.exec(source)?.[1]
  if (named !== undefined) return Number(named)
  const dumped = /\bSchema\.define\(version: ([\d_]+)\)/.exec(source)?.[1]?.replaceAll("_", "")
  if (dumped === undefined) return 4.2
  return Number(dumped.slice(0, 8)) < BIG_KEYS ? 5 : 6.1
}

/** What a call of the schema builder emits. */
interface Made {
  readonly statements: readonly Statement[]
  /** Where it ends. */
  readonly end: number
  /** The call names no constraint: Rails takes one that references the other table, whatever its columns are. */
  readonly isLookedUp: boolean
}

/** Null for what only running the code would tell. */
function madeBy(tokens: readonly Token[], at: number, source: string, rails: Rails): Made | null {
  const method = textOf(tokens[at]) ?? ""
  const { list, end } = argumentsAt(tokens, at + 1)
  const args = argumentsOf(tokens, list)
  const next = isSign(tokens[at + 1], "(") ? end + 1 : end
  if (!/^(?:create|change)_table$/.test(method)) {
    const statements = statementsOf(method, args, rails)
    const isLookedUp = /^(?:validate|remove)_foreign_key$/.test(method) && args.option("name") === null && args.option("column") === null
    return statements && { statements, end: next, isLookedUp }
  }
  const isBraces = isSign(tokens[next], "{")
  const hasBlock = isBraces || isWord(tokens[next], "do")
  const close = !hasBlock ? next : isBraces ? closing(tokens, next) : blockEnd(tokens, lineStart(tokens, at), source)
  const lines = hasBlock ? linesOf(tokens, next, close) : []
  if (lines === null || !args.isWhole) return null
  const statements = method === "create_table" ? createTable(args, lines, rails) : changeTable(args, lines, rails)
  return statements && { statements, end: hasBlock ? close + 1 : close, isLookedUp: false }
}

/** What follows a `return`, which stands under a condition or has one: the method may have been left. */
function behindReturns(tokens: readonly Token[], source: string): Range[] {
  const methods = blocks(tokens, source, (all, at) => isWord(all[at], "def"))
  return tokens.flatMap((token, at) => {
    const method = isWord(token, "return") && startsStatement(tokens, at) ? methods.find(({ from, to }) => from <= at && at < to) : undefined
    return method === undefined ? [] : [{ from: at, to: method.to }]
  })
}

/** Whether a condition stands behind a statement. */
function modifies(tokens: readonly Token[], at: number): boolean {
  return isWord(tokens[at], "if") || isWord(tokens[at], "unless")
}

function startsStatement(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]
  return before === undefined || isSign(before, "\n") || isSign(before, ";") || isSign(before, "{") || isSign(before, "|") || isWord(before, "do") || isWord(before, "then")
}

/** `def down`, `def self.down`, `dir.down do ... end`, `dir.down { ... }`. */
function isDown(tokens: readonly Token[], at: number): boolean {
  if (isWord(tokens[at], "def")) {
    return isWord(tokens[at + 1], "down") || (isWord(tokens[at + 1], "self") && isWord(tokens[at + 3], "down"))
  }
  return isSign(tokens[at - 1], ".") && isWord(tokens[at], "down") && (isWord(tokens[at + 1], "do") || isSign(tokens[at + 1], "{"))
}

function isCondition(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at]
  return token?.kind === "word" && /^(?:if|unless|case|rescue|while|until)$/.test(token.text) && (at === 0 || isSign(tokens[at - 1], "\n"))
}

/** The stretches that begin at tokens of a kind. */
function blocks(tokens: readonly Token[], source: string, starts: (tokens: readonly Token[], at: number) => boolean): Range[] {
  const found: Range[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    if (!starts(tokens, at)) continue
    const brace = isSign(tokens[at + 1], "{")
    const first = lineStart(tokens, at)
    const end = brace ? closing(tokens, at + 1) : blockEnd(tokens, first, source)
    found.push({ from: at, to: isElse(tokens, end) ? elseEnd(tokens, end, source) : end })
  }
  return found
}

/** The other branches of a condition belong to it. */
function isElse(tokens: readonly Token[], at: number): boolean {
  return /^(?:else|elsif|when|in)$/.test(textOf(tokens[at]) ?? "")
}

function elseEnd(tokens: readonly Token[], from: number, source: string): number {
  let at = from
  while (isElse(tokens, at)) at = blockEnd(tokens, at, source)
  return at
}

/** The first token of the line of a token. */
function lineStart(tokens: readonly Token[], at: number): number {
  let first = at
  while (first > 0 && !isSign(tokens[first - 1], "\n")) first -= 1
  return first
}

