/** The shape of code in Elixir: statements, calls and their blocks. */
import type { Range } from "../expression.ts"
import { trimmed } from "../expression.ts"
import { isSign, isWord, textOf, type Token } from "../tokens.ts"

export interface Call {
  /** What stands before the name, with periods: `["Enum"]`, `["repo"]`. */
  readonly path: readonly string[]
  readonly name: string
  /** With what a pipeline puts in front. */
  readonly args: readonly Range[]
  /** The block behind it, or what `do:` and `else:` give. */
  readonly block: Block | null
  readonly range: Range
}

export interface Block {
  readonly body: Range
  /** Behind `else`, `rescue` and the like. */
  readonly others: readonly Range[]
}

/** `fn x -> ... end` and `&(...)`. */
export interface Lambda {
  /** Patterns; null where it has several clauses or a guard. A capture's are called `&1` and so on. */
  readonly parameters: readonly Range[] | null
  readonly body: Range
}

/** An operator between two operands, or a comma: the statement goes on in the next line. */
const GOES_ON = /^(?:,|\+|\+\+|-|\||\|>|\|\||<>|<-|&&|=|==|!=|->|\\\\|\.)$/
const CARRIES_ON = /^(?:\|>|\|\||<>|&&|\+\+|\.|\|)$/
const WORD_OPERATOR = /^(?:and|or|in|not|when)$/
/** Words that never begin an argument. */
const NO_ARGUMENT = /^(?:do|end|and|or|in|when|else|rescue|after|catch)$/
/** Where another part of a block begins. */
const SECTION = /^(?:else|rescue|catch|after)$/

/** How a token changes the depth of brackets and blocks. */
function stepAt(tokens: readonly Token[], at: number): -1 | 0 | 1 {
  const token = tokens[at]
  if (token?.kind === "sign") return /^[([{]$/.test(token.text) ? 1 : /^[)\]}]$/.test(token.text) ? -1 : 0
  if (token?.kind !== "word" || !/^(?:do|fn|end)$/.test(token.text) || isKey(tokens, at) || isSign(tokens[at - 1], ".")) return 0
  return token.text === "end" ? -1 : 1
}

/** `do:` */
export function isKey(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at]
  return (token?.kind === "word" || token?.kind === "text") && isSign(tokens[at + 1], ":") && token.end === tokens[at + 1]?.start
}

/** The index of what closes the bracket or block that a token opens. */
export function closingAt(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let at = open; at < tokens.length; at += 1) {
    depth += stepAt(tokens, at)
    if (depth === 0) return at
  }
  return tokens.length
}

/** The stretches between those tokens at depth zero that are separators. */
function splitAt(tokens: readonly Token[], { from, to }: Range, separates: (at: number) => boolean): Range[] {
  const parts: Range[] = []
  let start = from
  let depth = 0
  for (let at = from; at < to; at += 1) {
    depth += stepAt(tokens, at)
    if (depth !== 0 || !separates(at)) continue
    parts.push(trimmed(tokens, { from: start, to: at }))
    start = at + 1
  }
  parts.push(trimmed(tokens, { from: start, to }))
  return parts.filter((part) => part.to > part.from)
}

/** What stands between commas. */
export function elementsIn(tokens: readonly Token[], range: Range): readonly Range[] {
  return splitAt(tokens, range, (at) => isSign(tokens[at], ","))
}

/** The operands of an operator at depth zero; one where there is none. */
export function operandsOf(tokens: readonly Token[], range: Range, operator: string): readonly Range[] {
  return splitAt(tokens, range, (at) => isSign(tokens[at], operator))
}

/** The same for an operator that is a word: `and`, `or`, `in`. */
export function sidesOf(tokens: readonly Token[], range: Range, word: string): readonly Range[] {
  return splitAt(tokens, range, (at) => isWord(tokens[at], word) && !isKey(tokens, at))
}

export function statementsIn(tokens: readonly Token[], range: Range): readonly Range[] {
  return splitAt(tokens, range, (at) => isSign(tokens[at], ";") || (isSign(tokens[at], "\n") && !goesOn(tokens, at)))
}

/** Whether a statement is carried on behind a line end. */
function goesOn(tokens: readonly Token[], at: number): boolean {
  let next = at + 1
  while (isSign(tokens[next], "\n")) next += 1
  const [before, after] = [tokens[at - 1], tokens[next]]
  const isOperator = (token: Token | undefined, signs: RegExp): boolean => (token?.kind === "sign" ? signs.test(token.text) : token?.kind === "word" && WORD_OPERATOR.test(token.text))
  return isOperator(before, GOES_ON) || isOperator(after, CARRIES_ON)
}

/** `left = right`; null for anything else. */
export function matchIn(tokens: readonly Token[], range: Range): { readonly left: Range; readonly right: Range } | null {
  if (begins(tokens, range)) return null
  let depth = 0
  for (let at = range.from; at < range.to; at += 1) {
    depth += stepAt(tokens, at)
    if (depth === 0 && isSign(tokens[at], "=")) return { left: { from: range.from, to: at }, right: trimmed(tokens, { from: at + 1, to: range.to }) }
  }
  return null
}

/** Whether an expression begins with a call without brackets, whose arguments are all that follows. */
function begins(tokens: readonly Token[], range: Range): boolean {
  const head = headOf(tokens, range)
  return head !== null && head.next < range.to && isArgument(tokens, head.next)
}

/** Whether an argument of a call without brackets begins at a token. */
function isArgument(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at]
  if (token === undefined) return false
  if (token.kind === "text") return true
  if (token.kind === "word") return !NO_ARGUMENT.test(token.text) || isKey(tokens, at)
  // With a blank before it and none behind: `execute [...]`, `add -1`, `&fun/1`.
  const isSpaced = (tokens[at - 1]?.end ?? 0) < token.start
  return isSpaced && (/^[[{%&(]$/.test(token.text) || (token.text === "-" && tokens[at + 1]?.start === token.end))
}

/** A name with what stands before it. `next`: what follows the name. */
function headOf(tokens: readonly Token[], { from, to }: Range): { readonly path: readonly string[]; readonly name: string; readonly next: number } | null {
  const words: string[] = []
  let at = from
  for (;;) {
    const word = tokens[at]
    if (word?.kind !== "word" || at >= to || /^[:~\d?]/.test(word.text)) return null
    words.push(word.text)
    // What a call in between is given does not matter.
    const open = isCallBracket(tokens, at + 1) ? closingAt(tokens, at + 1) + 1 : at + 1
    if (!isSign(tokens[open], ".") || open >= to || tokens[open + 1]?.kind !== "word") return { path: words.slice(0, -1), name: words.at(-1) ?? "", next: at + 1 }
    at = open + 1
  }
}

/** A bracket that follows a name at once. */
function isCallBracket(tokens: readonly Token[], at: number): boolean {
  return isSign(tokens[at], "(") && tokens[at - 1]?.end === tokens[at]?.start
}

/** The call that an expression is; null for anything else. A name alone is a call, too. */
export function callAt(tokens: readonly Token[], range: Range): Call | null {
  const head = headOf(tokens, range)
  if (head !== null && head.next < range.to && isArgument(tokens, head.next) && !isCallBracket(tokens, head.next)) return openCall(tokens, range, head)
  const piped = operandsOf(tokens, range, "|>")
  const last = piped.at(-1)
  if (piped.length > 1 && last !== undefined) {
    const call = callAt(tokens, last)
    // The sign and the line end before it.
    let end = last.from - 1
    while (end > range.from && !isSign(tokens[end], "|>")) end -= 1
    return call && { ...call, args: [trimmed(tokens, { from: range.from, to: end }), ...call.args], range }
  }
  if (head === null) return null
  const bracketed = isCallBracket(tokens, head.next)
  const close = bracketed ? closingAt(tokens, head.next) : head.next - 1
  const rest = { from: close + 1, to: range.to }
  const args = bracketed ? elementsIn(tokens, { from: head.next + 1, to: close }) : []
  if (rest.from < rest.to && !isBlock(tokens, rest.from)) return null
  return withBlock(tokens, { path: head.path, name: head.name, args, block: null, range }, rest)
}

/** A call without brackets: its arguments go on to its block. */
function openCall(tokens: readonly Token[], range: Range, { path, name, next }: { readonly path: readonly string[]; readonly name: string; readonly next: number }): Call {
  let [at, depth] = [next, 0]
  for (; at < range.to; at += 1) {
    if (depth === 0 && isBlock(tokens, at)) break
    depth += stepAt(tokens, at)
  }
  const elements = elementsIn(tokens, { from: next, to: at })
  // An inner call without brackets takes the rest: `create index :orders, [:region]`.
  const inner = elements.findIndex(({ from, to }) => begins(tokens, { from: isKey(tokens, from) ? from + 2 : from, to }))
  const args = inner < 0 ? elements : [...elements.slice(0, inner), ...elements.slice(inner, inner + 1).map(({ from }) => trimmed(tokens, { from, to: at }))]
  return withBlock(tokens, { path, name, args, block: null, range }, { from: at, to: range.to })
}

function isBlock(tokens: readonly Token[], at: number): boolean {
  return isWord(tokens[at], "do") && !isKey(tokens, at)
}

/** With the block that stands behind the call, or among its arguments: `do: ..., else: ...`. */
function withBlock(tokens: readonly Token[], call: Call, rest: Range): Call {
  if (isBlock(tokens, rest.from) && rest.from < rest.to) return { ...call, block: blockAt(tokens, rest.from) }
  const given = (name: string): Range[] => call.args.flatMap(({ from, to }) => (isWord(tokens[from], name) && isKey(tokens, from) ? [trimmed(tokens, { from: from + 2, to })] : []))
  const [body] = given("do")
  if (body === undefined) return call
  return { ...call, args: call.args.filter(({ from }) => !(isKey(tokens, from) && /^(?:do|else)$/.test(textOf(tokens[from]) ?? ""))), block: { body, others: given("else") } }
}

function blockAt(tokens: readonly Token[], open: number): Block {
  const close = closingAt(tokens, open)
  const isSection = (at: number): boolean => SECTION.test(textOf(tokens[at]) ?? "") && tokens[at]?.kind === "word" && !isKey(tokens, at) && isSign(tokens[at - 1], "\n")
  const [body, ...others] = splitAt(tokens, { from: open + 1, to: close }, isSection)
  const empty = { from: open + 1, to: open + 1 }
  return body === undefined ? { body: empty, others: [] } : { body, others }
}

/** The clauses of `case`, `cond` and the like, each with what stands before its arrow. */
export function clausesIn(tokens: readonly Token[], range: Range): readonly { readonly pattern: Range; readonly statements: readonly Range[] }[] {
  const clauses: { pattern: Range; statements: Range[] }[] = []
  for (const statement of statementsIn(tokens, range)) {
    const [pattern, body] = operandsOf(tokens, statement, "->")
    if (pattern !== undefined && hasArrow(tokens, statement)) clauses.push({ pattern, statements: body === undefined ? [] : [body] })
    else clauses.at(-1)?.statements.push(statement)
  }
  return clauses
}

function hasArrow(tokens: readonly Token[], { from, to }: Range): boolean {
  let depth = 0
  for (let at = from; at < to; at += 1) {
    depth += stepAt(tokens, at)
    if (depth === 0 && isSign(tokens[at], "->")) return true
  }
  return false
}

/** A function without a name; null for anything else. */
export function lambdaAt(tokens: readonly Token[], { from, to }: Range): Lambda | null {
  if (isWord(tokens[from], "fn") && closingAt(tokens, from) === to - 1) {
    const clauses = clausesIn(tokens, { from: from + 1, to: to - 1 })
    const arrow = tokens.findIndex((token, at) => at > from && isSign(token, "->"))
    if (arrow < 0 || arrow >= to) return null
    const head = trimmed(tokens, { from: from + 1, to: arrow })
    const isSimple = clauses.length <= 1 && !tokens.slice(head.from, head.to).some((token) => isWord(token, "when"))
    const list = isSign(tokens[head.from], "(") && closingAt(tokens, head.from) === head.to - 1 ? { from: head.from + 1, to: head.to - 1 } : head
    return { parameters: isSimple ? elementsIn(tokens, list) : null, body: { from: arrow + 1, to: to - 1 } }
  }
  if (!isSign(tokens[from], "&") || isSign(tokens[from + 1], "\n")) return null
  return { parameters: [], body: trimmed(tokens, { from: from + 1, to }) }
}

/** `&name/1`: the name; null for anything else. */
export function captured(tokens: readonly Token[], { from, to }: Range): { readonly name: string; readonly arity: number } | null {
  if (!isSign(tokens[from], "&") || to !== from + 4 || !isSign(tokens[from + 2], "/")) return null
  const [name, arity] = [textOf(tokens[from + 1]), textOf(tokens[from + 3])]
  return name === null || arity === null ? null : { name, arity: Number(arity) }
}
