/** Raw SQL in migrations of Django. */
import { isConditionAt, pythonConstants, receiverOf, regions } from "./alembic/read.ts"
import type { Collected } from "./collected.ts"
import { createCollector, keyword, nameAt, positional } from "./collector.ts"
import { argumentsAt, type Placeholders, type Range } from "./expression.ts"
import { lexPython } from "./python.ts"
import { closing, isSign, isWord, textOf, type Token } from "./tokens.ts"

/** Operations that change no schema. */
const NO_BUILDER = /^(?:Migration|RunSQL|RunPython|SeparateDatabaseAndState|swappable_dependency|AlterModelOptions|AlterModelManagers)$/
const OPERATION = /^(?:(?:Add|Alter|Remove|Rename|Create|Delete|Validate)[A-Z]\w+|\w+Extension|RunSQL|RunPython)$/
/** Names of what runs SQL. */
const CONNECTION = /(?:^|_)(?:cur|cursor|schema_editor|conn|connection)$/i

/** @param app The folder of the app, after which Django names tables. */
export function readDjango(source: string, app: string): Collected {
  const tokens = lexPython(source)
  const { forward, backward } = functionsOf(tokens, source)
  const inFunctions = (names: ReadonlySet<string>): Range[] => regions(tokens, source, (at) => isWord(tokens[at], "def") && names.has(textOf(tokens[at + 1]) ?? ""))
  const collector = createCollector(tokens, pythonConstants(tokens, source), {
    down: inFunctions(backward),
    outside: [],
    conditional: regions(tokens, source, (at) => isConditionAt(tokens, at)),
    ignored: stateOperations(tokens),
  })
  const forwards = inFunctions(forward)
  const backwards = inFunctions(backward)
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word" || !isSign(tokens[at + 1], "(") || isWord(tokens[at - 1], "class") || collector.isIgnored(at)) continue
    const { list, end } = argumentsAt(tokens, at + 1)
    if (token.text === "RunSQL") {
      const given = positional(tokens, list)
      const sql = keyword(tokens, list, "sql") ?? given[0]
      const reverse = keyword(tokens, list, "reverse_sql") ?? given[1]
      if (sql !== undefined) for (const { text, placeholders } of textsOf(tokens, sql)) collector.sql(text, { at, down: false, placeholders })
      if (reverse !== undefined) for (const { text, placeholders } of textsOf(tokens, reverse)) collector.sql(text, { at, down: true, placeholders })
      continue
    }
    if (token.text === "execute" && isSign(tokens[at - 1], ".") && CONNECTION.test(textOf(receiverOf(tokens, at)) ?? "")) {
      const [first, parameters] = positional(tokens, list)
      const placeholders = parameters !== undefined || keyword(tokens, list, "params") !== null ? "python" : null
      const runs = [...forwards, ...backwards].some(({ from, to }) => from <= at && at < to)
      if (first !== undefined && runs) collector.sql(first, { at, placeholders })
      continue
    }
    if (token.text === "RunPython" || !OPERATION.test(token.text) || NO_BUILDER.test(token.text)) continue
    collector.builder(at, end + 1, list)
    const model = token.text === "CreateModel" ? nameAt(tokens, keyword(tokens, list, "name") ?? list[0]) : null
    if (model !== null) collector.table(tableOf(tokens, list) ?? `${app}_${model.toLowerCase()}`, null, at, false)
  }
  return collector.collected
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
function tableOf(tokens: readonly Token[], list: readonly Range[]): string | null {
  const options = keyword(tokens, list, "options")
  if (options === null) return null
  for (let at = options.from; at + 2 < options.to; at += 1) {
    if (nameAt(tokens, { from: at, to: at + 1 }) === "db_table" && isSign(tokens[at + 1], ":")) return nameAt(tokens, { from: at + 2, to: at + 3 })?.replaceAll('"', "") ?? null
  }
  return null
}

/** The functions that `RunPython` runs, and those with which it reverts them. */
function functionsOf(tokens: readonly Token[], source: string): { readonly forward: ReadonlySet<string>; readonly backward: ReadonlySet<string> } {
  const forward = new Set<string>()
  const backward = new Set<string>()
  for (const [at, token] of tokens.entries()) {
    if (!isWord(token, "RunPython") || !isSign(tokens[at + 1], "(")) continue
    const { list } = argumentsAt(tokens, at + 1)
    const given = positional(tokens, list)
    const run = textOf(tokens[(keyword(tokens, list, "code") ?? given[0])?.from ?? -1])
    const revert = textOf(tokens[(keyword(tokens, list, "reverse_code") ?? given[1])?.from ?? -1])
    if (run !== null) forward.add(run)
    if (revert !== null && revert !== run) backward.add(revert)
  }
  addCalled(tokens, source, forward)
  addCalled(tokens, source, backward)
  for (const name of forward) backward.delete(name)
  return { forward, backward }
}

/** Adds the functions of the file that those functions call, and what these call. */
function addCalled(tokens: readonly Token[], source: string, names: Set<string>): void {
  const bodies = new Map<string, readonly Token[]>()
  for (const { from, to } of regions(tokens, source, (at) => isWord(tokens[at], "def"))) bodies.set(textOf(tokens[from + 1]) ?? "", tokens.slice(from + 2, to))
  // A set also goes through what is added on the way.
  for (const name of names) {
    const body = bodies.get(name) ?? []
    for (const [at, token] of body.entries()) if (token.kind === "word" && isSign(body[at + 1], "(") && bodies.has(token.text)) names.add(token.text)
  }
}

/** What Django is only told about. */
function stateOperations(tokens: readonly Token[]): Range[] {
  return tokens.flatMap((token, at) => {
    if (!isWord(token, "state_operations") || !isSign(tokens[at + 1], "=") || !isSign(tokens[at + 2], "[")) return []
    return [{ from: at, to: closing(tokens, at + 2) }]
  })
}
