/** Migrations of Ecto: raw SQL, and what the commands of its schema builder make. */
import type { Collected } from "../collected.ts"
import type { Range } from "../expression.ts"
import { isWord, textOf, type Token } from "../tokens.ts"
import { perform } from "./commands.ts"
import type { Direction } from "./conditions.ts"
import { lexElixir } from "./elixir.ts"
import { evaluate } from "./evaluate.ts"
import { collectedOf, createRecorder } from "./recorder.ts"
import { settingsIn, type Settings } from "./settings.ts"
import { callAt, closingAt, elementsIn, statementsIn, type Call } from "./syntax.ts"
import type { Clause, Scope, Value } from "./values.ts"
import { callOwn, type Walk } from "./walk.ts"

/** @param settings What the repository's settings say of all migrations, in keywords. */
export function readEcto(source: string, settings = ""): Collected {
  const tokens = lexElixir(source)
  const all = modulesIn(tokens, { from: 0, to: tokens.length })
  const module = all.find(({ functions }) => ["up", "change"].some((name) => functions.has(name))) ?? all.find(({ functions }) => functions.has("down"))
  if (module === undefined) return unreadFile(tokens)
  const known = settingsIn(settings)
  const isWrapped = !/^\s*@disable_ddl_transaction\s+true\b/m.test(source)
  const { functions } = module
  const up = run(tokens, module, known, [...(isWrapped ? ["after_begin"] : []), functions.has("up") ? "up" : "change", ...(isWrapped ? ["before_commit"] : [])], "up")
  const down = run(tokens, module, known, [functions.has("down") ? "down" : "change"], "down")
  const [forward, backward] = [collectedOf(up, false), collectedOf(down, true)]
  return {
    calls: [...forward.calls, ...backward.calls],
    tables: [...forward.tables, ...backward.tables],
    unread: [...forward.unread, ...backward.unread],
    builders: [...forward.builders, ...backward.builders],
  }
}

/** A file whose functions come from elsewhere: it may change whatever it names. */
function unreadFile(tokens: readonly Token[]): Collected {
  const recorder = createRecorder(tokens)
  recorder.unreadCommand({ from: 0, to: tokens.length }, [], { isWide: true })
  return collectedOf(recorder.events(), false)
}

function run(tokens: readonly Token[], { functions, names, hasImports }: Module, settings: Settings, entries: readonly string[], direction: Direction): ReturnType<ReturnType<typeof createRecorder>["events"]> {
  const isReverting = direction === "down" && entries.includes("change")
  const recorder = createRecorder(tokens, isReverting)
  const walk: Walk = { perform, recorder, settings, direction, isReverting, hasImports }
  const scope: Scope = { tokens, isElsewhere: false, names, functions, depth: 0 }
  for (const name of entries) {
    if (functions.has(name)) callOwn(walk, name, [], { from: 0, to: 1 }, { scope, conditional: false, deferred: false, table: null })
    recorder.flush()
  }
  return recorder.events()
}

interface Module {
  readonly functions: ReadonlyMap<string, readonly Clause[]>
  /** Its attributes. */
  readonly names: ReadonlyMap<string, Value>
  /** It may call functions of other modules by their names alone. */
  readonly hasImports: boolean
}

/** The modules of a file, outer ones first. */
function modulesIn(tokens: readonly Token[], range: Range): readonly Module[] {
  return statementsIn(tokens, range).flatMap((statement) => {
    const call = callAt(tokens, statement)
    if (call?.name !== "defmodule" || call.block === null) return []
    return [moduleOf(tokens, call.block.body), ...modulesIn(tokens, call.block.body)]
  })
}

/** Modules whose functions change no schema on their own. */
const KNOWN_IMPORT = /^(?:Ecto\.(?:Migration|Query|Query\.API|Changeset|Adapters\.SQL)|Logger|Bitwise|IO|Enum|String|Map|Kernel)$/

interface Found extends Module {
  readonly functions: Map<string, Clause[]>
  readonly names: Map<string, Value>
  hasImports: boolean
}

function moduleOf(tokens: readonly Token[], body: Range): Module {
  const found: Found = { functions: new Map(), names: new Map(), hasImports: false }
  define(found, tokens, body, false)
  return found
}

/** @param perhaps It stands under a condition, which is decided when the code is compiled. */
function define(found: Found, tokens: readonly Token[], body: Range, perhaps: boolean): void {
  const { functions, names } = found
  for (const statement of statementsIn(tokens, body)) {
    const call = callAt(tokens, statement)
    if (call === null) continue
    const [first] = call.args
    if (call.name.startsWith("@")) {
      const scope: Scope = { tokens, isElsewhere: false, names, functions, depth: 0 }
      // Of an attribute that is given again only the place would tell which value counts.
      if (first !== undefined) names.set(call.name, perhaps || names.has(call.name) ? { kind: "unknown", range: first } : evaluate(scope, first))
    } else if (/^defp?$/.test(call.name)) {
      const clause = clauseOf(tokens, call, perhaps)
      if (clause !== null) functions.set(clause.name, [...(functions.get(clause.name) ?? []), clause])
    } else if (/^(?:if|unless)$/.test(call.name) && call.block !== null) {
      for (const branch of [call.block.body, ...call.block.others]) define(found, tokens, branch, true)
    } else if (/^(?:import|use)$/.test(call.name) && first !== undefined) {
      const name = tokens.slice(first.from, first.to).map((token) => textOf(token) ?? "").join("")
      if (!KNOWN_IMPORT.test(name) && !(call.name === "use" && /\.Migration$/.test(name))) found.hasImports = true
    }
  }
}

/** `def up do`, `defp index(table, columns) when is_atom(table), do: ...`; null for a head alone. */
function clauseOf(tokens: readonly Token[], { args, block }: Call, perhaps: boolean): (Clause & { readonly name: string }) | null {
  const [head] = args
  const name = head === undefined ? null : textOf(tokens[head.from])
  if (head === undefined || name === null || block === null) return null
  const open = head.from + 1
  const close = textOf(tokens[open]) === "(" ? closingAt(tokens, open) : head.from
  const parameters = close > open ? elementsIn(tokens, { from: open + 1, to: close }) : []
  const guard = isWord(tokens[close + 1], "when") ? { from: close + 2, to: head.to } : null
  return { name, tokens, parameters, guard, mayBePassed: perhaps, body: block.body }
}
