/** What expressions in Elixir stand for, as far as literals, names of the file and its functions tell. */
import type { Range } from "../expression.ts"
import { trimmed } from "../expression.ts"
import { isSign, isWord, textOf, type Run } from "../tokens.ts"
import { lexElixir } from "./elixir.ts"
import { callAt, captured, closingAt, elementsIn, isKey, lambdaAt, matchIn, operandsOf, statementsIn } from "./syntax.ts"
import { fieldOf, placeOf, plain, textIn, type Clause, type Place, type Scope, type Value } from "./values.ts"

/** Functions that call each other are followed so far. */
export const DEEPEST = 12

export function evaluate(scope: Scope, whole: Range): Value {
  const { tokens } = scope
  const range = trimmed(tokens, whole)
  const { from, to } = range
  const unknown: Value = { kind: "unknown", range: placeOf(scope, range) }
  if (from >= to || scope.depth > DEEPEST) return unknown
  if (isSign(tokens[from], "(") && closingAt(tokens, from) === to - 1) return evaluate(scope, { from: from + 1, to: to - 1 })
  if (to === from + 1) return word(scope, from) ?? unknown
  const bracketed = literalAt(scope, range)
  if (bracketed !== null) return bracketed
  const own = captured(tokens, range)
  if (own !== null) return { kind: "function of the file", ...own, range: placeOf(scope, range) }
  if (isSign(tokens[from], "&") && to === from + 2 && /^\d+$/.test(textOf(tokens[from + 1]) ?? "")) return scope.names.get(`&${textOf(tokens[from + 1]) ?? ""}`) ?? unknown
  const lambda = lambdaAt(tokens, range)
  if (lambda !== null) return { kind: "function", lambda, scope, range: placeOf(scope, range) }
  return joined(scope, range) ?? called(scope, range) ?? unknown
}

function word(scope: Scope, at: number): Value | null {
  const token = scope.tokens[at]
  const range = placeOf(scope, { from: at, to: at + 1 })
  if (token === undefined || token.kind === "sign") return null
  if (token.kind === "text") return { kind: "text", runs: token.runs.flatMap((run) => filled(scope, run)), range }
  const { text } = token
  if (/^\d/.test(text)) return /^\d[\d_]*(?:\.\d+)?(?:e-?\d+)?$/.test(text) ? { kind: "number", text: text.replaceAll("_", ""), range } : null
  if (text.startsWith(":")) {
    const atom = text.slice(1).replace(/#\{\s*(@?\w+)\s*\}/g, (hole, name: string) => textIn(scope.names.get(name)) ?? hole)
    return atom.includes("#{") ? null : { kind: "atom", text: atom, range }
  }
  if (text.startsWith("~w")) return listOfWords(text, range)
  if (/^(?:true|false|nil)$/.test(text)) return { kind: "atom", text, range }
  return scope.names.get(text) ?? called(scope, { from: at, to: at + 1 })
}

/** `~w(a b)a` */
function listOfWords(text: string, range: Place): Value | null {
  const [, inner = "", modifier = ""] = /^~w\W([^]*)\W(\w*)$/.exec(text) ?? []
  if (inner.includes("#{")) return null
  const items = inner.split(/\s+/).flatMap((one): Value[] => {
    if (one === "") return []
    return [modifier === "a" ? { kind: "atom", text: one, range } : { kind: "text", runs: [{ value: one, from: 0, to: 0, kind: "escape" }], range }]
  })
  return { kind: "list", items, range }
}

/** Lists, tuples, maps, negative numbers. */
function literalAt(scope: Scope, range: Range): Value | null {
  const { tokens } = scope
  const { from, to } = range
  const place = placeOf(scope, range)
  if (isSign(tokens[from], "-") && to === from + 2) {
    const number = word(scope, from + 1)
    return number?.kind === "number" ? { ...number, text: `-${number.text}`, range: place } : null
  }
  const kind = isSign(tokens[from], "[") ? "list" : isSign(tokens[from], "{") ? "tuple" : isSign(tokens[from], "%") && isSign(tokens[from + 1], "{") ? "map" : null
  const open = kind === "map" ? from + 1 : from
  if (kind === null || closingAt(tokens, open) !== to - 1) return null
  const items = elementsIn(tokens, { from: open + 1, to: to - 1 })
  return { kind, items: kind === "tuple" ? argumentsOf(scope, items) : items.map((item) => elementOf(scope, item)), range: place }
}

/** An element of a list, or an argument: perhaps with a key. */
export function elementOf(scope: Scope, range: Range): Value {
  const { tokens } = scope
  const place = placeOf(scope, range)
  if (isKey(tokens, range.from)) {
    const token = tokens[range.from]
    const text = token?.kind === "text" ? plain(token.runs) : (textOf(token) ?? "")
    const key: Value = text === null ? { kind: "unknown", range: place } : { kind: "atom", text, range: placeOf(scope, { from: range.from, to: range.from + 1 }) }
    return { kind: "pair", key, value: evaluate(scope, { from: range.from + 2, to: range.to }), range: place }
  }
  const [key, value, more] = operandsOf(tokens, range, "=>")
  if (key !== undefined && value !== undefined && more === undefined) return { kind: "pair", key: evaluate(scope, key), value: evaluate(scope, value), range: place }
  return evaluate(scope, range)
}

/** Texts put together with `<>`, lists with `++`. */
function joined(scope: Scope, range: Range): Value | null {
  const texts = operandsOf(scope.tokens, range, "<>")
  if (texts.length > 1) {
    const runs = texts.flatMap((one) => runsOf(scope, one))
    return { kind: "text", runs, range: placeOf(scope, range) }
  }
  const operands = operandsOf(scope.tokens, range, "++")
  if (operands.length < 2) return null
  const lists = operands.map((one) => evaluate(scope, one))
  const items = lists.flatMap((one) => (one.kind === "list" ? one.items : []))
  return lists.every(({ kind }) => kind === "list") ? { kind: "list", items, range: placeOf(scope, range) } : null
}

function runsOf(scope: Scope, range: Range): readonly Run[] {
  const value = evaluate(scope, range)
  if (value.kind === "text") return value.runs
  const [start, end] = [scope.tokens[range.from]?.start ?? 0, scope.tokens[range.to - 1]?.end ?? 0]
  return [{ value: "...", from: start, to: end, kind: "hole" }]
}

/** What stands in the place of an interpolation. */
function filled(scope: Scope, run: Run): readonly Run[] {
  if (run.kind !== "hole") return [run]
  const inner = run.value.replace(/^#\{\s*|\s*\}$/g, "")
  const tokens = lexElixir(inner)
  const value = evaluate({ ...scope, tokens, isElsewhere: true, depth: scope.depth + 1 }, { from: 0, to: tokens.length })
  const here = { from: run.from, to: run.to }
  if (value.kind === "text") return value.runs.map((one): Run => ({ ...one, ...here, kind: one.kind === "hole" ? "hole" : "escape" }))
  const text = value.kind === "atom" && value.text === "nil" ? null : textIn(value)
  return [text === null ? run : { value: text, ...here, kind: "escape" }]
}

/** Functions that leave a text or an atom what it says. */
const TO_ATOM = /^String\.to(?:_existing)?_atom$/
const TO_TEXT = /^(?:Atom\.to_string|to_string|String\.trim|Kernel\.to_string)$/

/** Functions that make a text or another list of a list. */
const OVER_LIST = /^Enum\.(map|join|map_join)$/

/** `Enum.map(list, fun)`, `Enum.join(list, ", ")`, `Enum.map_join(list, ", ", fun)`; null for what only running the code would tell. */
function listed(scope: Scope, name: string, [list, ...rest]: readonly Value[], range: Place): Value | null {
  const callback = name === "join" ? undefined : rest.at(-1)
  const separator = name === "map" ? "" : rest.length > (callback === undefined ? 0 : 1) ? textIn(rest[0]) : ""
  if (list?.kind !== "list" || separator === null || scope.depth > DEEPEST) return null
  const items = callback === undefined ? list.items : list.items.map((item) => applied(scope, callback, item))
  const known = items.flatMap((item) => (item === null ? [] : [item]))
  if (known.length < items.length) return null
  if (name === "map") return { kind: "list", items: known, range }
  const texts = known.map((item) => textIn(item))
  return texts.includes(null) ? null : { kind: "text", runs: [{ value: texts.join(separator), from: 0, to: 0, kind: "escape" }], range }
}

/** What a function returns for one argument; null for what only running the code would tell. */
function applied(scope: Scope, callback: Value, arg: Value): Value | null {
  if (callback.kind === "function of the file") return result(scope, callback.name, [arg]) ?? null
  if (callback.kind !== "function") return null
  const { lambda, scope: own } = callback
  const [parameter, more] = lambda.parameters ?? []
  const [body, other] = statementsIn(own.tokens, lambda.body)
  if (lambda.parameters === null || body === undefined || other !== undefined || more !== undefined) return null
  const numbered: Scope = { ...own, names: new Map(own.names).set("&1", arg), depth: scope.depth + 1 }
  return evaluate(parameter === undefined ? numbered : bind(numbered, parameter, arg), body)
}

function called(scope: Scope, range: Range): Value | null {
  const call = callAt(scope.tokens, range)
  if (call === null || call.block !== null) return null
  const name = [...call.path, call.name].join(".")
  const [holder, ...deeper] = call.path
  const field = holder === undefined || deeper.length > 0 || call.args.length > 0 ? null : fieldOf(scope.names.get(holder), call.name)
  if (field !== null) return field
  const args = argumentsOf(scope, call.args)
  const place = placeOf(scope, range)
  const [first] = args
  if (TO_ATOM.test(name) || TO_TEXT.test(name)) {
    const text = textIn(first)
    if (text !== null && TO_ATOM.test(name)) return { kind: "atom", text, range: place }
    return first?.kind === "text" ? first : text === null ? null : { kind: "text", runs: [{ value: text, from: 0, to: 0, kind: "escape" }], range: place }
  }
  const over = OVER_LIST.exec(name)?.[1]
  if (over !== undefined) return listed(scope, over, args, place)
  // Without `--prefix` there is none, and with it what names none is there as well.
  if (name === "prefix" && args.length === 0) return { kind: "atom", text: "nil", range: place }
  const own = call.path.length === 0 ? result(scope, name, args) : undefined
  return own === undefined ? { kind: "call", name, args, range: place } : own
}

/** The arguments of a call, or the elements of a tuple; entries at their end are one list. */
export function argumentsOf(scope: Scope, ranges: readonly Range[]): readonly Value[] {
  const values = ranges.map((range) => elementOf(scope, range))
  const first = values.findIndex(({ kind }) => kind === "pair")
  const [from, to] = [ranges[first], ranges.at(-1)]
  if (from === undefined || to === undefined) return values
  return [...values.slice(0, first), { kind: "list", items: values.slice(first), range: placeOf(scope, { from: from.from, to: to.to }) }]
}

/** What a function of the file returns; undefined when there is none, null when only running it would tell. */
function result(scope: Scope, name: string, args: readonly Value[]): Value | null | undefined {
  if (!scope.functions.has(name)) return undefined
  const [clause, other] = clausesFor(scope, name, args.length)
  if (clause === undefined || other !== undefined) return null
  let inside = enter(scope, clause, args)
  const statements = statementsIn(clause.tokens, clause.body)
  for (const statement of statements.slice(0, -1)) {
    const match = matchIn(clause.tokens, statement)
    if (match === null) return null
    inside = bind(inside, match.left, evaluate(inside, match.right))
  }
  const last = statements.at(-1)
  return last === undefined ? null : evaluate(inside, last)
}

/** The clauses of a function of the file that take so many arguments. */
export function clausesFor({ functions }: Scope, name: string, count: number): readonly Clause[] {
  return (functions.get(name) ?? []).filter(({ tokens, parameters }) => {
    const optional = parameters.filter((parameter) => operandsOf(tokens, parameter, "\\\\").length > 1).length
    return count <= parameters.length && count >= parameters.length - optional
  })
}

/** Inside of a function of the file. */
export function enter(scope: Scope, { tokens, parameters }: Clause, args: readonly (Value | null)[]): Scope {
  const attributes = [...scope.names].filter(([name]) => name.startsWith("@"))
  let inside: Scope = { ...scope, tokens, isElsewhere: false, names: new Map(attributes), depth: scope.depth + 1 }
  for (const [index, parameter] of parameters.entries()) {
    const [name = parameter, byDefault] = operandsOf(tokens, parameter, "\\\\")
    inside = bind(inside, name, args[index] ?? (byDefault === undefined ? null : evaluate(inside, byDefault)))
  }
  return inside
}

/** Gives names what a pattern finds in a value; null: nothing is known of it. */
export function bind(scope: Scope, whole: Range, value: Value | null): Scope {
  const { tokens } = scope
  const pattern = trimmed(tokens, whole)
  const token = tokens[pattern.from]
  if (pattern.to === pattern.from + 1 && token?.kind === "word" && /^[a-z_]/.test(token.text)) {
    return { ...scope, names: new Map(scope.names).set(token.text, value ?? { kind: "unknown", range: placeOf(scope, pattern) }) }
  }
  const isList = isSign(token, "[") || isSign(token, "{")
  const parts = isList && closingAt(tokens, pattern.from) === pattern.to - 1 ? elementsIn(tokens, { from: pattern.from + 1, to: pattern.to - 1 }) : null
  if (parts !== null && (value?.kind === "tuple" || value?.kind === "list" || value?.kind === "pair")) {
    const items = value.kind === "pair" ? [value.key, value.value] : value.items
    return parts.reduce((inside, part, index) => bind(inside, part, items[index] ?? null), scope)
  }
  const entries = isSign(token, "%") && isSign(tokens[pattern.from + 1], "{") && value?.kind === "map" ? elementsIn(tokens, { from: pattern.from + 2, to: pattern.to - 1 }) : null
  if (entries !== null && entries.every(({ from }) => isKey(tokens, from))) {
    return entries.reduce((inside, { from, to }) => bind(inside, { from: from + 2, to }, fieldOf(value, textOf(tokens[from]) ?? "")), scope)
  }
  const names = new Map(scope.names)
  for (let at = pattern.from; at < pattern.to; at += 1) {
    const text = textOf(tokens[at])
    if (isWord(tokens[at]) && text !== null && /^[a-z_]/.test(text) && !isKey(tokens, at)) names.set(text, { kind: "unknown", range: placeOf(scope, { from: at, to: at + 1 }) })
  }
  return { ...scope, names }
}
