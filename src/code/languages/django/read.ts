/** Migrations of Django: raw SQL, and what its operations make. */
import type { Collected } from "../collected.ts"
import { createCollector, keyword, nameAt, positional, type Collector } from "../collector.ts"
import { isConditionAt, pythonConstants, receiverOf, regions } from "../python/blocks.ts"
import { argumentsAt, type Placeholders, type Range } from "../expression.ts"
import { madeText } from "../made.ts"
import { closing, isSign, isWord, textOf, type Token } from "../tokens.ts"
import { baseIn } from "./classes.ts"
import { runsBeforeItsName, stateBefore, type DjangoProject } from "./history.ts"
import { migrationOf, run } from "./migration.ts"
import { rowsIn } from "./rows.ts"
import { builtIn, keyOf, tableOf, type Model, type State } from "./state.ts"
import type { Deferred, Statement } from "./statements.ts"
import { throughOf } from "./tables.ts"

/** Operations that change no schema. */
const NO_BUILDER = /^(?:Migration|RunSQL|RunPython|SeparateDatabaseAndState|swappable_dependency|AlterModelOptions|AlterModelManagers)$/
const OPERATION = /^(?:(?:Add|Alter|Remove|Rename|Create|Delete|Validate)[A-Z]\w+|\w+Extension|RunSQL|RunPython)$/
/** Operations that leave all columns as they are, also of the package pgtrigger, and those that change nothing else than a column. */
const LEAVES_COLUMNS = /^(?:Add(?:Field|Index|Constraint|Trigger)|RemoveTrigger$)/
const CHANGES_COLUMN = /^(?:Alter|Remove|Rename)Field$/
/** Names of what runs SQL. */
const CONNECTION = /(?:^|_)(?:cur|cursor|schema_editor|conn|connection)$/i

/** Where a migration stands. */
export interface DjangoPlace {
  /** The label of its app, after which Django names tables. */
  readonly app: string
  readonly name: string
  /** Null: nothing is known of other migrations. */
  readonly project: DjangoProject | null
}

/** @param place That, or the label of the app alone. */
export function readDjango(source: string, place: string | DjangoPlace): Collected {
  const { app, name, project } = typeof place === "string" ? { app: place, name: "", project: null } : place
  const migration = migrationOf(source, project?.userModel ?? null)
  const { python, operations, version } = migration
  const { tokens } = python
  const functions = functionsOf(tokens, source)
  const inFunctions = (names: ReadonlyMap<string, number>): Range[] => regions(tokens, source, (at) => isWord(tokens[at], "def") && names.has(textOf(tokens[at + 1]) ?? ""))
  const conditional = regions(tokens, source, (at) => isConditionAt(tokens, at))
  const collector = createCollector(tokens, pythonConstants(tokens, source), {
    down: inFunctions(functions.backward),
    outside: [],
    conditional,
    ignored: operations === null ? stateOperations(tokens) : [],
  })
  const state = project === null ? builtIn() : stateBefore(project, { app, name })
  readFunctions(collector, tokens, functions, conditional, inFunctions)
  if (operations === null) {
    for (const [at, token] of tokens.entries()) {
      if (token.kind !== "word" || !isSign(tokens[at + 1], "(") || isWord(tokens[at - 1], "class") || collector.isIgnored(at)) continue
      const { end } = argumentsAt(tokens, at + 1)
      if (token.text === "RunSQL") readRunSql(collector, tokens, at)
      else if (OPERATION.test(token.text) && !NO_BUILDER.test(token.text)) leave(collector, tokens, { from: at, to: end + 1 }, app, state)
    }
    return collector.collected
  }
  const deferred: (Deferred & { readonly range?: Range })[] = []
  const isEarly = project !== null && runsBeforeItsName(project, { app, name })
  const emit = ({ parts, isDerived }: Statement, range: Range, isLast: boolean): void => {
    collector.made(madeText(parts, tokens, range), range.from, { ...((isDerived === true || isEarly) && { derived: true }), isLast })
  }
  const unread = (range: Range): void => {
    collector.builder(range.from, range.to, [range], { names: namesOf(tokens, range, app, state), columns: [] })
  }
  /** What the functions that a RunPython runs change in rows. */
  const readRows = (runs: number): void => {
    const names = new Map([...functions.forward].filter(([, place]) => place === runs))
    for (const body of inFunctions(names)) {
      for (const { parts, place } of rowsIn(python, state, body)) {
        // Other applications have their tables from elsewhere.
        collector.made(madeText(parts, tokens, place), runs, { order: orderIn(tokens, place.from), derived: true, conditional: conditional.some(({ from, to }) => from <= place.from && place.from < to) })
      }
    }
  }
  run({ python, app, userModel: project?.userModel ?? null, baseOf: baseIn(project), state, deferred, version, unread }, operations, {
    made: (range, statements) => {
      if (statements === null) leave(collector, tokens, range, app, state)
      for (const statement of statements ?? []) emit(statement, range, false)
      // They point to the operation that made them.
      for (const [index, one] of deferred.entries()) deferred[index] = { range, ...one }
    },
    raw: (range, kind) => {
      const at = tokens.findIndex((token, index) => index >= range.from && isSign(token, "(")) - 1
      if (kind === "RunSQL") readRunSql(collector, tokens, at)
      else readRows(at)
    },
  })
  for (const one of deferred) emit(one, one.range ?? { from: 0, to: 1 }, true)
  return collector.collected
}

/** Where something stands among all that one RunPython runs, from 0 to 1. */
function orderIn(tokens: readonly Token[], at: number): number {
  return at / tokens.length
}

/** The SQL that functions of `RunPython` send, which runs where that stands. */
function readFunctions(collector: Collector, tokens: readonly Token[], { forward, backward }: Functions, conditional: readonly Range[], inFunctions: (names: ReadonlyMap<string, number>) => Range[]): void {
  const bodies = [...inFunctions(forward), ...inFunctions(backward)]
  for (const [at, token] of tokens.entries()) {
    if (!isWord(token, "execute") || !isSign(tokens[at + 1], "(") || !isSign(tokens[at - 1], ".") || !CONNECTION.test(textOf(receiverOf(tokens, at)) ?? "")) continue
    const { list } = argumentsAt(tokens, at + 1)
    const [first, parameters] = positional(tokens, list)
    const placeholders = parameters !== undefined || keyword(tokens, list, "params") !== null ? "python" : null
    const body = bodies.findLast(({ from, to }) => from <= at && at < to)
    if (first === undefined || body === undefined) continue
    const name = textOf(tokens[body.from + 1]) ?? ""
    collector.sql(first, { at: forward.get(name) ?? backward.get(name) ?? at, order: orderIn(tokens, at), down: backward.has(name), placeholders, conditional: conditional.some(({ from, to }) => from <= at && at < to) })
  }
}

function readRunSql(collector: Collector, tokens: readonly Token[], at: number): void {
  const { list } = argumentsAt(tokens, at + 1)
  const given = positional(tokens, list)
  const sql = keyword(tokens, list, "sql") ?? given[0]
  const reverse = keyword(tokens, list, "reverse_sql") ?? given[1]
  if (sql !== undefined) for (const { text, placeholders } of textsOf(tokens, sql)) collector.sql(text, { at, down: false, placeholders })
  if (reverse !== undefined) for (const { text, placeholders } of textsOf(tokens, reverse)) collector.sql(text, { at, down: true, placeholders })
}

/** Counts an operation that is not understood; the table that it makes is new all the same. */
function leave(collector: Collector, tokens: readonly Token[], { from, to }: Range, app: string, state: State): void {
  const at = tokens.findIndex((token, index) => index >= from && isSign(token, "(")) - 1
  const { list } = argumentsAt(tokens, at + 1)
  collector.builder(at, to, list, { names: namesOf(tokens, { from, to }, app, state), ...changedBy(tokens, at, list) })
  const model = textOf(tokens[at]) === "CreateModel" ? nameAt(tokens, keyword(tokens, list, "name") ?? list[0]) : null
  if (model !== null) collector.table(tableIn(tokens, list) ?? `${app}_${model.toLowerCase()}`, null, at, false)
}

/** The columns that an operation may change; nothing where it may be any. */
function changedBy(tokens: readonly Token[], at: number, list: readonly Range[]): { readonly columns?: readonly string[] } {
  const operation = textOf(tokens[at]) ?? ""
  if (LEAVES_COLUMNS.test(operation)) return { columns: [] }
  const given = positional(tokens, list)
  const name = nameAt(tokens, keyword(tokens, list, "name") ?? keyword(tokens, list, "old_name") ?? given[1])
  return CHANGES_COLUMN.test(operation) && name !== null ? { columns: [name, `${name}_id`] } : {}
}

/** The tables of the models that a part of the code names, and the columns of foreign keys that it may name. */
function namesOf(tokens: readonly Token[], { from, to }: Range, app: string, state: State): readonly string[] {
  const words = tokens.slice(from, to).map((token) => (token.kind === "text" ? token.runs.map(({ value }) => value).join("") : token.text)).filter((word) => /^\w+$/.test(word))
  return [...new Set(words)].flatMap((word) => {
    const model = state.get(keyOf(app, word))
    return [`${word}_id`, `${app}_${word.toLowerCase()}`, ...(model === undefined ? [] : tablesOf(model))]
  })
}

function tablesOf(model: Model): readonly string[] {
  const through = [...model.fields].flatMap(([name, field]) => (field === null ? [] : (throughOf(model, name, field) ?? [])))
  return [model, ...through].map(tableOf)
}

interface Text {
  readonly text: Range
  readonly placeholders: Placeholders | null
}

/** A text, or the elements of a list of them: texts, and pairs of a text and its parameters. */
function textsOf(tokens: readonly Token[], range: Range): readonly Text[] {
  if (tokens.slice(range.from, range.to).some((token) => isWord(token, "noop"))) return []
  if (!isSign(tokens[range.from], "[")) return [{ text: range, placeholders: null }]
  const end = closing(tokens, range.from)
  const texts: Text[] = []
  let depth = 0
  let from = range.from + 1
  const take = (to: number): void => {
    const pair = isSign(tokens[from], "(") && closing(tokens, from) === to - 1 ? argumentsAt(tokens, from).list : []
    const parameters = pair[1]
    if (to > from) texts.push({ text: pair[0] ?? { from, to }, placeholders: parameters !== undefined && !isWord(tokens[parameters.from], "None") ? "python" : null })
  }
  for (let at = from; at < end; at += 1) {
    const text = tokens[at]?.kind === "sign" ? textOf(tokens[at]) : null
    if (text === "(" || text === "[") depth += 1
    else if (text === ")" || text === "]") depth -= 1
    else if (text === "," && depth === 0) {
      take(at)
      from = at + 1
    }
  }
  take(end)
  return texts
}

/** `options={"db_table": "..."}` of a model. */
function tableIn(tokens: readonly Token[], list: readonly Range[]): string | null {
  const options = keyword(tokens, list, "options")
  if (options === null) return null
  for (let at = options.from; at + 2 < options.to; at += 1) {
    if (nameAt(tokens, { from: at, to: at + 1 }) === "db_table" && isSign(tokens[at + 1], ":")) return nameAt(tokens, { from: at + 2, to: at + 3 })?.replaceAll('"', "") ?? null
  }
  return null
}

/** Functions, each with the token of the first `RunPython` that runs it. */
interface Functions {
  readonly forward: ReadonlyMap<string, number>
  readonly backward: ReadonlyMap<string, number>
}

/** The functions that `RunPython` runs, and those with which it reverts them. */
function functionsOf(tokens: readonly Token[], source: string): Functions {
  const forward = new Map<string, number>()
  const backward = new Map<string, number>()
  const note = (names: Map<string, number>, name: string | null, at: number): void => {
    if (name !== null && !names.has(name)) names.set(name, at)
  }
  for (const [at, token] of tokens.entries()) {
    if (!isWord(token, "RunPython") || !isSign(tokens[at + 1], "(")) continue
    const { list } = argumentsAt(tokens, at + 1)
    const given = positional(tokens, list)
    const run = textOf(tokens[(keyword(tokens, list, "code") ?? given[0])?.from ?? -1])
    const revert = textOf(tokens[(keyword(tokens, list, "reverse_code") ?? given[1])?.from ?? -1])
    note(forward, run, at)
    if (revert !== run) note(backward, revert, at)
  }
  addCalled(tokens, source, forward)
  addCalled(tokens, source, backward)
  for (const name of forward.keys()) backward.delete(name)
  return { forward, backward }
}

/** Adds the functions of the file that those functions call, and what these call. */
function addCalled(tokens: readonly Token[], source: string, names: Map<string, number>): void {
  const bodies = new Map<string, readonly Token[]>()
  for (const { from, to } of regions(tokens, source, (at) => isWord(tokens[at], "def"))) bodies.set(textOf(tokens[from + 1]) ?? "", tokens.slice(from + 2, to))
  // A map also goes through what is added on the way.
  for (const [name, place] of names) {
    const body = bodies.get(name) ?? []
    for (const [at, token] of body.entries()) if (token.kind === "word" && isSign(body[at + 1], "(") && bodies.has(token.text) && !names.has(token.text)) names.set(token.text, place)
  }
}

/** What Django is only told about. */
function stateOperations(tokens: readonly Token[]): Range[] {
  return tokens.flatMap((token, at) => {
    if (!isWord(token, "state_operations") || !isSign(tokens[at + 1], "=") || !isSign(tokens[at + 2], "[")) return []
    return [{ from: at, to: closing(tokens, at + 2) }]
  })
}
