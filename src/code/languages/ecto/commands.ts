/** The commands of Ecto's migrations. Source: lib/ecto/migration.ex of ecto_sql 3. */
import type { Range } from "../expression.ts"
import { addConstraint, constraintIn, createIndex, dropConstraint, dropIndex, indexIn, renameIndex } from "./indexes.ts"
import { named } from "./columns.ts"
import { rowsFunction, rowsSql } from "./rows.ts"
import type { Call } from "./syntax.ts"
import { alterTable, changesOf, createTable, reverted, tableIn, type Statement, type Table } from "./tables.ts"
import { callOwn, runCallback, walkBlock, type Context, type Lines, type Walk } from "./walk.ts"
import { isNil, optionsOf, textIn, type Value } from "./values.ts"

const LINE = /^(?:add|add_if_not_exists|modify|remove|remove_if_exists|timestamps)$/
const QUERY = /(?:^|\.)(?:[Rr]epo|SQL)\.query(?:_many)?!?$/

/** Does what a command says; false for a name that is none. */
export const perform: Walk["perform"] = (walk, name, args, call, context) => {
  if (context.table !== null && LINE.test(name)) {
    const changes = changesOf(name, args, call.range, walk.settings)
    if (changes === null) context.table.isKnown = false
    else context.table.changes.push(...changes)
    return true
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command !== undefined) command({ walk, args, call, context })
  else if (QUERY.test(name)) query(walk, args, call, context)
  const rows = rowsFunction(name)
  if (rows !== null) changeRows(walk, rows, args, call, context)
  return command !== undefined || QUERY.test(name) || rows !== null
}

interface Command {
  readonly walk: Walk
  readonly args: readonly Value[]
  readonly call: Call
  readonly context: Context
}

const COMMANDS: Readonly<Record<string, (command: Command) => void>> = {
  create: (command) => create(command, false),
  create_if_not_exists: (command) => create(command, true),
  drop: (command) => drop(command, ""),
  drop_if_exists: (command) => drop(command, "IF EXISTS "),
  alter,
  rename,
  execute: ({ walk, args: [up, down], call, context }) => {
    const value = walk.isReverting ? down : up
    if (value !== undefined) execute(walk, value, call, context)
  },
  execute_file: ({ walk: { recorder, isReverting }, args: [up, down], call, context: { conditional } }) => {
    const path = isReverting ? down : up
    if (path !== undefined) recorder.unreadSql(path.range ?? call.range, { conditional, isPath: true })
  },
}

function create(command: Command, ifNotExists: boolean): void {
  const { walk, args, call, context } = command
  const [what] = args
  const { settings, isReverting } = walk
  const exists = ifNotExists ? "IF EXISTS " : ""
  if (what?.kind === "call" && what.name === "table") {
    const table = tableIn(what, settings)
    if (isReverting) {
      emit(command, table && [[`DROP TABLE ${exists}`, table.sql]], {})
      return
    }
    const lines = linesOf(walk, call, context)
    const statement = table !== null && lines.isKnown ? createTable(table, lines.changes, ifNotExists, settings) : null
    emit(command, statement && [statement], {})
    const schema = table === null ? null : isNil(table.prefix) ? null : textIn(table.prefix)
    if (statement === null && table !== null) walk.recorder.table(table.name, schema, ifNotExists || context.conditional)
    return
  }
  const [index, constraint] = [indexIn(what, settings), constraintIn(what, settings)]
  const forward = index === null ? constraint && addConstraint(constraint) : createIndex(index, ifNotExists)
  const backward = index === null ? constraint && dropConstraint(constraint, exists, "") : dropIndex(index, exists, "")
  const statement = isReverting ? backward : forward
  // Neither takes anything away.
  emit(command, statement && [statement], { columns: [] })
}

/** What the block of a table changes. */
function linesOf(walk: Walk, { block }: Call, context: Context): Lines {
  const lines: Lines = { changes: [], isKnown: true }
  if (block !== null) walkBlock(walk, block.body, { ...context, table: lines })
  return lines
}

function drop(command: Command, exists: string): void {
  const { args, walk: { settings, isReverting } } = command
  const [what, ...rest] = args
  const mode = optionsOf(rest).option("mode")
  const cascade = mode === null ? "" : { cascade: " CASCADE", restrict: "" }[textIn(mode) ?? ""]
  const [table, index, constraint] = [tableIn(what, settings), indexIn(what, settings), constraintIn(what, settings)]
  const statement = ((): Statement | null => {
    if (isReverting) return index && createIndex(index, exists !== "")
    if (cascade === undefined) return null
    if (table !== null) return [`DROP TABLE ${exists}`, table.sql, cascade]
    if (index !== null) return dropIndex(index, exists, cascade)
    return constraint && dropConstraint(constraint, exists, cascade)
  })()
  // Nothing else that is dropped comes back: Ecto refuses to revert the migration.
  if (isReverting && index === null) return
  emit(command, statement && [statement], {})
}

function alter(command: Command): void {
  const { walk, args, call, context } = command
  const table = tableIn(args[0], walk.settings)
  const lines = linesOf(walk, call, context)
  const changes = walk.isReverting ? reverted(lines.changes) : lines.changes
  if (lines.isKnown && (changes === null || changes.length === 0)) return
  const statement = table !== null && lines.isKnown && changes !== null ? alterTable(table, changes, walk.settings) : null
  const adds = lines.isKnown && changes?.every(({ action }) => action.startsWith("add"))
  emit(command, statement && [statement], adds ? { columns: [] } : {})
}

function rename(command: Command): void {
  const { args, walk: { settings } } = command
  const [what, column, ...rest] = args
  const options = optionsOf(rest.length > 0 ? rest : column === undefined ? [] : [column])
  const to = options.option("to")
  const [table, index] = [tableIn(what, settings), indexIn(what, settings)]
  emit(command, to === null ? null : renamed(table, index, rest.length > 0 ? column : undefined, to, command), {})
}

function renamed(table: Table | null, index: ReturnType<typeof indexIn>, column: Value | undefined, to: Value, { args: [what], walk: { settings, isReverting } }: Command): readonly Statement[] | null {
  if (index !== null) {
    const statement = renameIndex(index, to, isReverting)
    return statement && [statement]
  }
  if (table === null) return null
  if (column === undefined) {
    const other = tableIn(to, settings)
    const [from, target] = isReverting ? [other, what] : [table, to]
    const [name] = target?.kind === "call" ? target.args : []
    const newName = name === undefined ? null : named(name)
    return from === null || other === null || newName === null ? null : [["ALTER TABLE ", from.sql, " RENAME TO ", newName]]
  }
  const [old, newName] = isReverting ? [named(to), named(column)] : [named(column), named(to)]
  return old === null || newName === null ? null : [["ALTER TABLE ", table.sql, " RENAME ", old, " TO ", newName]]
}

/** What a command does, or that it is not known. */
function emit({ walk: { recorder }, args, call, context }: Command, statements: readonly Statement[] | null, doubt: { readonly columns?: readonly string[] }): void {
  const { conditional } = context
  for (const statement of statements ?? []) recorder.made(statement, call.range, { conditional })
  if (statements !== null) return
  const [what] = args
  const [name] = what?.kind === "call" ? what.args : []
  recorder.unreadCommand(call.range, args, { isWide: textIn(name) === null, ...doubt })
}

function execute(walk: Walk, value: Value, call: Call, context: Context): void {
  const { recorder } = walk
  const { conditional } = context
  const how = { conditional }
  const range: Range = value.range ?? call.range
  switch (value.kind) {
    case "text":
      recorder.raw(value, range, how)
      return
    case "list":
      for (const item of value.items) execute(walk, item, call, context)
      return
    case "function":
    case "function of the file":
      recorder.together(() => runDeferred(walk, value, call, context))
      return
    case "pair":
      return
    default:
      recorder.unreadSql(range, how)
  }
}

function runDeferred(walk: Walk, value: Value, call: Call, context: Context): void {
  const inside = { ...context, deferred: true }
  if (value.kind === "function of the file") callOwn(walk, value.name, [], call.range, inside)
  else runCallback(walk, value, [], call, inside)
}

/** `repo().query!("...")`, `SQL.query!(repo(), "...")` */
function query({ recorder }: Walk, args: readonly Value[], { args: ranges, range }: Call, { conditional, deferred }: Context): void {
  const text = args.find((arg) => arg.kind === "text")
  const how = { conditional, isImmediate: !deferred }
  if (text?.kind === "text") recorder.raw(text, text.range ?? range, how)
  else recorder.unreadSql(ranges[0] ?? range, how)
}

/** `Repo.update_all(...)` and its kin, which run at once. */
function changeRows({ recorder }: Walk, name: string, args: readonly Value[], { range }: Call, { scope, conditional, deferred }: Context): void {
  const statement = rowsSql(scope, name, args, range)
  if (statement === null) recorder.unreadCommand(range, args, { isWide: false, columns: [] })
  else recorder.made(statement, range, { conditional, isImmediate: !deferred })
}
