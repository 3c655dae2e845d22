/** Follows the code of a migration of Ecto, statement by statement. */
import type { Range } from "../expression.ts"
import type { Token } from "../tokens.ts"
import { decide, matches, type Direction } from "./conditions.ts"
import { argumentsOf, bind, clausesFor, DEEPEST, enter, evaluate } from "./evaluate.ts"
import type { Recorder } from "./recorder.ts"
import type { Settings } from "./settings.ts"
import { callAt, clausesIn, matchIn, operandsOf, statementsIn, type Call } from "./syntax.ts"
import type { Change } from "./tables.ts"
import { textIn, type Scope, type Value } from "./values.ts"

export interface Walk {
  /** Does what a command says; false for a name that is none. */
  readonly perform: (walk: Walk, name: string, args: readonly Value[], call: Call, context: Context) => boolean
  readonly recorder: Recorder
  readonly settings: Settings
  readonly direction: Direction
  /** `change` is reverted: each command does the opposite. */
  readonly isReverting: boolean
  /** Functions of other modules may be called by their names alone. */
  readonly hasImports: boolean
}

/** Where the code stands. */
export interface Context {
  readonly scope: Scope
  /** The code may pass over it. */
  readonly conditional: boolean
  /** In a function that Ecto calls when the command has its turn. */
  readonly deferred: boolean
  /** In the block of a table: what its lines change. */
  readonly table: Lines | null
}

export interface Lines {
  readonly changes: Change[]
  isKnown: boolean
}

const COMMAND = /^(?:create|create_if_not_exists|drop|drop_if_exists|alter|rename|execute|execute_file)$/
/** Modules whose functions are called by their names alone, too. */
const OWN_MODULE = /^(?:Ecto\.Migration|__MODULE__)$/
/** Lists with more elements are not followed. */
const LONGEST_LIST = 500
const EACH = /^(?:Enum|Stream)\.(?:each|map|flat_map)$/
/** Blocks that run as they stand. */
const PLAIN_BLOCK = /^(?:try|quote)$/
/** What runs a function at once. */
const RUNS = /(?:^|\.)(?:[Rr]epo)\.(?:transaction|transact|checkout)$/

export function walkBlock(walk: Walk, range: Range, context: Context): void {
  walkStatements(walk, statementsIn(context.scope.tokens, range), context)
}

function walkStatements(walk: Walk, statements: readonly Range[], context: Context): void {
  let { scope } = context
  for (const statement of statements) scope = walkStatement(walk, statement, { ...context, scope })
}

/** @returns the names behind it */
function walkStatement(walk: Walk, range: Range, context: Context): Scope {
  const { scope } = context
  const { tokens } = scope
  const match = matchIn(tokens, range)
  if (match !== null) {
    walkStatement(walk, match.right, context)
    return bind(scope, match.left, evaluate(scope, match.right))
  }
  const call = callAt(tokens, range)
  if (call !== null) walkCall(walk, call, context)
  else walkOperands(walk, range, context)
  return scope
}

/** `condition && create(...)`; whatever else calls something that changes the schema is not understood. */
function walkOperands(walk: Walk, range: Range, context: Context): void {
  const { tokens } = context.scope
  const [operator] = ["&&", "||"].filter((sign) => operandsOf(tokens, range, sign).length > 1)
  if (operator !== undefined) {
    for (const operand of operandsOf(tokens, range, operator)) walkStatement(walk, operand, { ...context, conditional: true })
    return
  }
  if (mayChange(tokens, range)) leave(walk, range, [], context)
}

function mayChange(tokens: readonly Token[], { from, to }: Range): boolean {
  return tokens.slice(from, to).some((token) => token.kind === "word" && COMMAND.test(token.text))
}

function walkCall(walk: Walk, written: Call, context: Context): void {
  const { scope } = context
  const call = OWN_MODULE.test(written.path.join(".")) ? { ...written, path: [] } : written
  const name = [...call.path, call.name].join(".")
  if (name.startsWith("@")) return
  if (call.path.length === 0 && scope.functions.has(name)) {
    callOwn(walk, name, argumentsOf(scope, call.args), call.range, context)
    return
  }
  const control = Object.hasOwn(CONTROL, name) ? CONTROL[name] : undefined
  if (control !== undefined) {
    control(walk, call, context)
    return
  }
  const args = argumentsOf(scope, call.args)
  if (EACH.test(name)) each(walk, args, call, context)
  else if (!walk.perform(walk, name, args, call, context)) passBy(walk, name, args, call, context)
}

type Control = (walk: Walk, call: Call, context: Context) => void

const CONTROL: Readonly<Record<string, Control>> = {
  if: (walk, call, context) => branch(walk, call, context, true),
  unless: (walk, call, context) => branch(walk, call, context, false),
  case: choose,
  cond: choose,
  for: comprehend,
  flush: ({ recorder }) => recorder.flush(),
}

function branch(walk: Walk, { args, block }: Call, context: Context, wanted: boolean): void {
  const [condition] = args
  const verdict = condition === undefined ? null : decide(context.scope, condition, walk.direction)
  const isBody = verdict === null ? null : verdict === wanted
  const inside = isBody === null ? perhaps(context) : context
  if (block === null) return
  if (isBody !== false) walkBlock(walk, block.body, inside)
  if (isBody !== true) for (const other of block.others) walkBlock(walk, other, inside)
}

function perhaps(context: Context): Context {
  if (context.table !== null) context.table.isKnown = false
  return { ...context, conditional: true }
}

/** `case` and `cond`: the clause that is sure to be taken, or else all of them. */
function choose(walk: Walk, { args, block }: Call, context: Context): void {
  const { scope } = context
  const clauses = block === null ? [] : clausesIn(scope.tokens, block.body)
  const [subject] = args
  const verdicts = clauses.map(({ pattern }) => (subject === undefined ? null : matches(scope, subject, pattern, walk.direction)))
  const first = verdicts.findIndex((verdict) => verdict !== false)
  const isSure = verdicts[first] === true
  for (const [index, { pattern, statements }] of clauses.entries()) {
    if (verdicts[index] === false || (isSure && index !== first)) continue
    const inside = isSure ? context : perhaps(context)
    walkStatements(walk, statements, { ...inside, scope: bind(scope, pattern, null) })
  }
}

/** `for table <- [:a, :b], do: ...` */
function comprehend(walk: Walk, { args, block }: Call, context: Context): void {
  const { tokens } = context.scope
  if (block === null) return
  let rounds: readonly Context[] = [context]
  for (const part of args) {
    const [pattern, list] = operandsOf(tokens, part, "<-")
    if (pattern === undefined) continue
    if (list === undefined) {
      // A filter, or where the results go.
      rounds = rounds.map((round) => (callAt(tokens, part)?.name === "into" ? round : perhaps(round)))
      continue
    }
    rounds = rounds.flatMap((round) => itemsOf(evaluate(round.scope, list))?.map((item) => ({ ...round, scope: bind(round.scope, pattern, item) })) ?? [{ ...perhaps(round), scope: bind(round.scope, pattern, null) }])
  }
  for (const round of rounds.slice(0, LONGEST_LIST)) walkBlock(walk, block.body, round)
}

function itemsOf(value: Value): readonly Value[] | null {
  const isListed = value.kind === "list" || value.kind === "map"
  return isListed && value.items.length <= LONGEST_LIST ? value.items : null
}

/** `Enum.each([:a, :b], fn table -> ... end)` */
function each(walk: Walk, [list, callback]: readonly Value[], call: Call, context: Context): void {
  if (list === undefined || callback === undefined) return
  const items = itemsOf(list)
  if (items === null) runCallback(walk, callback, null, call, perhaps(context))
  for (const item of items ?? []) runCallback(walk, callback, [item], call, context)
}

/** Runs a function that is given as a value. @param args Null where it is not known what it is given. */
export function runCallback(walk: Walk, callback: Value, args: readonly Value[] | null, call: Call, context: Context): void {
  if (callback.kind === "function") {
    const { lambda, scope } = callback
    const { body, parameters } = lambda
    if (parameters === null) {
      for (const { statements } of clausesIn(scope.tokens, body)) walkStatements(walk, statements, { ...perhaps(context), scope })
      return
    }
    const numbered = new Map([...scope.names, ...(args ?? []).map((arg, index) => [`&${String(index + 1)}`, arg] as const)])
    const outer: Scope = { ...scope, names: numbered, depth: context.scope.depth + 1 }
    const inside = parameters.reduce((all, parameter, index) => bind(all, parameter, args?.[index] ?? null), outer)
    walkBlock(walk, body, { ...context, scope: inside })
    return
  }
  if (callback.kind !== "function of the file") {
    leave(walk, call.range, [], context)
    return
  }
  const { name, arity } = callback
  const given: readonly Value[] = args ?? Array.from({ length: arity }, () => ({ kind: "unknown", range: call.range }))
  if (context.scope.functions.has(name)) callOwn(walk, name, given, call.range, context)
  else walk.perform(walk, name, given, call, context)
}

/** Runs a function of the file. */
export function callOwn(walk: Walk, name: string, args: readonly Value[], range: Range, context: Context): void {
  const { scope } = context
  if (scope.depth > DEEPEST) {
    leave(walk, range, args, context)
    return
  }
  let isSure = true
  for (const clause of clausesFor(scope, name, args.length)) {
    const entered = enter(scope, clause, args)
    const guarded = clause.guard === null ? true : decide(entered, clause.guard, walk.direction)
    const accepted = acceptance(clause.tokens, clause.parameters, args, scope)
    if (accepted === false || guarded === false) continue
    const verdict = accepted === true && guarded === true && !clause.mayBePassed ? true : null
    const inside = isSure && verdict === true ? context : perhaps(context)
    walkBlock(walk, clause.body, { ...inside, scope: entered })
    if (verdict === true) return
    isSure = false
  }
}

/** Whether patterns accept arguments; null where only running the code would tell. */
function acceptance(tokens: readonly Token[], parameters: readonly Range[], args: readonly Value[], scope: Scope): boolean | null {
  const verdicts = args.map((arg, index) => {
    const parameter = parameters[index]
    const token = parameter === undefined ? undefined : tokens[parameter.from]
    if (parameter === undefined || token === undefined) return null
    // A name takes anything.
    if (token.kind === "word" && /^[a-z_]/.test(token.text) && !/^(?:true|false|nil)$/.test(token.text)) return true
    const pattern = evaluate({ ...scope, tokens, isElsewhere: false }, parameter)
    if ([pattern, arg].some(({ kind }) => kind === "unknown" || kind === "call")) return null
    if (pattern.kind !== arg.kind) return false
    const [one, other] = [textIn(pattern), textIn(arg)]
    return one === null || other === null ? null : one === other
  })
  return verdicts.includes(false) ? false : verdicts.includes(null) ? null : true
}

/** Modules whose functions change no schema, save for those that are called after it. */
const HARMLESS_MODULE = /^(?:Access|Agent|Application|Atom|Base|Calendar|Code|Date|DateTime|Decimal|Ecto\.(?:Query|Changeset|UUID|Schema)|Enum|File|Float|GenServer|IO|Integer|Jason|JSON|Kernel|Keyword|List|Logger|Map|MapSet|Mix|Module|NaiveDateTime|Node|Path|Process|Range|Regex|Stream|String|System|Task|Time|Tuple|URI|UUID|Version)(?:\.|$)|(?:^|\.)[Rr]epo$/
/** Functions that say that they change it, and modules of other packages that do. */
const CHANGES_SCHEMA = /^(?:create|drop|alter|add|remove|rename|up|down|change|migrate|setup|install|upgrade|enable|disable)(?:_|!|$)/
const WRITTEN = /^(?:import|alias|require|use|raise|reraise|throw|super|from|def\w*)$/
/** Functions of Kernel. */
const KERNEL = /^(?:abs|apply|binary_part|byte_size|ceil|div|elem|exit|floor|get_in|hd|if|inspect|is_\w+|length|map_size|max|min|node|not|pop_in|put_elem|put_in|rem|round|self|send|spawn|struct!?|tap|then|tl|to_char_?list|to_string|trunc|tuple_size|update_in|direction|prefix|repo)$/

/** A call that is no command of Ecto's: what it is given may run all the same, and other modules may change the schema. */
function passBy(walk: Walk, name: string, args: readonly Value[], call: Call, context: Context): void {
  if (WRITTEN.test(name)) return
  // What a pipeline hands over is done first.
  for (const range of call.args) if (COMMAND.test(callAt(context.scope.tokens, range)?.name ?? "")) walkStatement(walk, range, context)
  const path = call.path.join(".")
  // A name alone is a variable.
  const isCalled = call.range.to > call.range.from + 1
  const isForeign = path === "" ? walk.hasImports && isCalled && !KERNEL.test(name) : /Migrat/.test(path) || (!HARMLESS_MODULE.test(path) && CHANGES_SCHEMA.test(call.name))
  if (isForeign || context.table !== null) leave(walk, call.range, args, context)
  const runs = RUNS.test(name) || PLAIN_BLOCK.test(name)
  const inside = runs ? context : perhaps(context)
  for (const arg of args) if (arg.kind === "function") runCallback(walk, arg, null, call, inside)
  if (call.block === null) return
  walkBlock(walk, call.block.body, inside)
  for (const other of call.block.others) for (const { statements } of clausesIn(context.scope.tokens, other)) walkStatements(walk, statements, perhaps(context))
}

/** Something that only running the code would tell. */
function leave({ recorder }: Walk, range: Range, args: readonly Value[], { table }: Context): void {
  if (table !== null) table.isKnown = false
  else recorder.unreadCommand(range, args, { isWide: false })
}
