/** The shape of PHP code: its methods, what names stand for, and what runs on PostgreSQL. */
import { argumentsAt, type Constants, type Range } from "./expression.ts"
import { closing, isSign, isWord, textOf, type Token } from "./tokens.ts"

export interface Method {
  readonly name: string
  readonly body: Range
}

/** The methods that have a body. */
export function methodsOf(tokens: readonly Token[]): readonly Method[] {
  return tokens.flatMap((token, at): Method[] => {
    const name = textOf(tokens[at + 1])
    if (!isWord(token, "function") || name === null || !isSign(tokens[at + 2], "(")) return []
    const end = closing(tokens, at + 2)
    const open = tokens.findIndex((one, index) => index > end && (isSign(one, "{") || isSign(one, ";")))
    return isSign(tokens[open], "{") ? [{ name, body: { from: open, to: closing(tokens, open) } }] : []
  })
}

/** The bodies of methods, and of those that only they call. */
export function bodiesOf(tokens: readonly Token[], methods: readonly Method[], named: RegExp): readonly Range[] {
  const taken = new Set(methods.filter(({ name }) => named.test(name)))
  const isTaken = (at: number): boolean => [...taken].some(({ body }) => body.from <= at && at < body.to)
  for (;;) {
    const more = methods.filter((method) => {
      const calls = tokens.flatMap((token, at) => (isWord(token, method.name) && isSign(tokens[at - 1], ".") && isSign(tokens[at + 1], "(") ? [at] : []))
      return !taken.has(method) && calls.length > 0 && calls.every(isTaken)
    })
    if (more.length === 0) return [...taken].map(({ body }) => body)
    for (const method of more) taken.add(method)
  }
}

/** Constants and properties of the class, and variables of methods, as far as one assignment in sight gives them a value. */
export function phpConstants(tokens: readonly Token[], methods: readonly Method[]): Constants {
  const assigned = new Map<string, Assignment[]>()
  const add = (name: string, assignment: Assignment): void => {
    assigned.set(name, [...(assigned.get(name) ?? []), assignment])
  }
  const methodAt = (at: number): Method | undefined => methods.find(({ body }) => body.from <= at && at < body.to)
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word") continue
    const adds = isSign(tokens[at + 1], "+=")
    if (!adds && !isSign(tokens[at + 1], "=")) continue
    const value = { from: at + 2, to: valueEnd(tokens, at + 2) }
    const method = methodAt(at)
    if (method !== undefined || token.text.startsWith("$this->")) add(token.text, { at, method, value: adds ? null : value })
    else if (token.text.startsWith("$")) for (const prefix of ["$this->", "self::$", "static::$"]) add(prefix + token.text.slice(1), { at, method, value })
    else for (const prefix of ["self::", "static::"]) add(prefix + token.text, { at, method, value })
  }
  return {
    get(name, at) {
      const all = assigned.get(name) ?? []
      const isLocal = name.startsWith("$") && !name.startsWith("$this->")
      const before = isLocal ? all.filter((one) => one.method === methodAt(at) && one.at < at) : all
      const last = before.at(-1)
      if (last === undefined || (isLocal ? isPassedOver(tokens, last.at, at) : before.length > 1)) return undefined
      return last.value ?? undefined
    },
  }
}

interface Assignment {
  readonly at: number
  readonly method: Method | undefined
  /** Null for what is added to the value. */
  readonly value: Range | null
}

/** Where the expression ends that begins at a token. */
function valueEnd(tokens: readonly Token[], from: number): number {
  let depth = 0
  for (let at = from; at < tokens.length; at += 1) {
    const text = tokens[at]?.kind === "sign" ? textOf(tokens[at]) : null
    if (text === "(" || text === "[" || text === "{") depth += 1
    else if (text === ")" || text === "]" || text === "}") {
      if (depth === 0) return at
      depth -= 1
    } else if ((text === ";" || text === ",") && depth === 0) return at
  }
  return tokens.length
}

/** Whether what stands at a token is in a block that has ended before another. */
function isPassedOver(tokens: readonly Token[], inner: number, outer: number): boolean {
  let depth = 0
  for (let at = inner; at < outer; at += 1) {
    if (isSign(tokens[at], "{")) depth += 1
    else if (isSign(tokens[at], "}") && --depth < 0) return true
  }
  return false
}

/** Whether an argument gives parameters: anything but nothing, `[]` and `null`. */
export function isGiven(tokens: readonly Token[], range: Range | undefined): boolean {
  if (range === undefined || isWord(tokens[range.from], "null")) return false
  return !(isSign(tokens[range.from], "[") && range.to === range.from + 2)
}

/** What runs only under a condition, and what never runs on PostgreSQL. */
export interface Flow {
  readonly conditional: readonly Range[]
  readonly ignored: readonly Range[]
}

/**
 * What the methods pass over. Conditions that ask for the database's platform are decided; an answer that ends the method decides about
 * all that follows.
 *
 * @param stops Methods that end the migration when their first argument is true, and whether it has then failed or is passed over.
 */
export function flowOf(tokens: readonly Token[], source: string, methods: readonly Method[], stops: Readonly<Record<string, "fails" | "passes">> = {}): Flow {
  const conditional: Range[] = []
  const ignored: Range[] = []
  const textBetween = ({ from, to }: Range): string => source.slice(tokens[from]?.start ?? 0, tokens[to - 1]?.end ?? 0)
  const restOf = (at: number): Range => ({ from: at, to: methods.find(({ body }) => body.from <= at && at < body.to)?.body.to ?? tokens.length })
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word" || !isSign(tokens[at + 1], "(")) continue
    const stop = isSign(tokens[at - 1], ".") ? stops[token.text] : undefined
    if (stop !== undefined) {
      const [condition] = argumentsAt(tokens, at + 1).list
      const answer = condition === undefined ? null : platformAnswer(textBetween(condition))
      if (answer === true) ignored.push(restOf(at))
      else if (answer === null && stop === "passes") conditional.push(restOf(at))
    } else if (token.text === "if" && !isWord(tokens[at - 1], "else")) {
      for (const { range, runs } of branchesOf(tokens, at, textBetween)) {
        if (runs === false) ignored.push(range)
        else if (runs === null) conditional.push(range)
        if (runs !== false && tokens.slice(range.from, range.to).some((one) => isWord(one, "return"))) (runs === null ? conditional : ignored).push(restOf(range.to))
      }
    } else if (token.text === "switch") {
      for (const { range, runs } of casesOf(tokens, at, textBetween)) {
        if (runs !== true) (runs === null ? conditional : ignored).push(range)
      }
    } else if (token.text === "catch" || token.text === "match") {
      const open = closing(tokens, at + 1) + 1
      if (isSign(tokens[open], "{")) conditional.push({ from: open, to: closing(tokens, open) })
    }
  }
  return { conditional, ignored }
}

interface Branch {
  readonly range: Range
  /** Null when only running the code would tell. */
  readonly runs: boolean | null
}

/** The branches of the `if` at a token. */
function branchesOf(tokens: readonly Token[], first: number, textBetween: (range: Range) => string): readonly Branch[] {
  const branches: Branch[] = []
  let at: number | null = first
  // What is known of the branches before.
  let taken: boolean | null = false
  while (at !== null) {
    const isLast: boolean = isWord(tokens[at], "else") && !isWord(tokens[at + 1], "if")
    const head = isWord(tokens[at], "else") && !isLast ? at + 1 : at
    const close = isLast ? head : closing(tokens, head + 1)
    const answer = isLast ? true : platformAnswer(textBetween({ from: head + 2, to: close }))
    const range = blockAt(tokens, close + 1)
    branches.push({ range, runs: taken === true || answer === false ? false : taken === null || answer === null ? null : true })
    if (taken !== true && answer !== false) taken = answer === true && taken === false ? true : null
    at = !isLast && /^else(?:if)?$/.test(textOf(tokens[range.to + 1]) ?? "") ? range.to + 1 : null
  }
  return branches
}

/** The cases of the `switch` at a token. Those that ask for the database's platform are decided, unless one of them goes on into the next. */
function casesOf(tokens: readonly Token[], first: number, textBetween: (range: Range) => string): readonly Branch[] {
  const open = closing(tokens, first + 1) + 1
  if (!isSign(tokens[open], "{")) return []
  const end = closing(tokens, open)
  const all = [{ range: { from: open, to: end }, runs: null }]
  const subject = textBetween({ from: first + 2, to: open - 1 })
  if (!/^\s*true\s*$|platform|driver|database|connection/i.test(subject)) return all
  const branches: Branch[] = []
  let labels: (boolean | null)[] = []
  let taken: boolean | null = false
  for (const { label, body } of casesIn(tokens, open, end)) {
    labels.push(label === null ? taken !== true : platformAnswer(textBetween(label)))
    // `case "a": case "b":`
    if (body.from === body.to) continue
    if (!endsCase(tokens, body) && body.to < end) return all
    const answer = labels.every((one) => one === false) ? false : labels.includes(true) ? true : null
    branches.push({ range: body, runs: taken === true ? false : answer === true && taken === null ? null : answer })
    if (taken !== true && answer !== false) taken = answer
    labels = []
  }
  return branches
}

interface Case {
  /** Null for `default`. */
  readonly label: Range | null
  readonly body: Range
}

/** What stands between the braces of a `switch`. */
function casesIn(tokens: readonly Token[], open: number, end: number): readonly Case[] {
  const heads: { readonly at: number; readonly colon: number; readonly label: Range | null }[] = []
  for (let at = open + 1; at < end; at += 1) {
    const token = tokens[at]
    if (token?.kind === "sign" && /^[([{]$/.test(token.text)) at = closing(tokens, at)
    else if (isWord(token, "case") || isWord(token, "default")) {
      const colon = colonAfter(tokens, at, end)
      heads.push({ at, colon, label: isWord(token, "case") ? { from: at + 1, to: colon } : null })
      at = colon
    }
  }
  return heads.map(({ colon, label }, index) => ({ label, body: { from: colon + 1, to: heads[index + 1]?.at ?? end } }))
}

/** The colon that ends a label, which is none of those in `Platform::NAME`. */
function colonAfter(tokens: readonly Token[], from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    const token = tokens[at]
    if (token?.kind === "sign" && /^[([{]$/.test(token.text)) at = closing(tokens, at)
    else if (isSign(token, ":") || isSign(token, ";")) return at
  }
  return end
}

/** Whether the last statement of a case leaves the `switch`. */
function endsCase(tokens: readonly Token[], { from, to }: Range): boolean {
  let start = (isSign(tokens[from], "{") && closing(tokens, from) === to - 1 ? to - 1 : to) - 1
  while (start > from && !/^[;{}]$/.test(tokens[start - 1]?.kind === "sign" ? (textOf(tokens[start - 1]) ?? "") : "")) start -= 1
  return /^(?:break|return|throw|continue)$/.test(textOf(tokens[start]) ?? "")
}

/** A block in braces, or one statement; its end is the token that closes it. */
function blockAt(tokens: readonly Token[], at: number): Range {
  return { from: at, to: isSign(tokens[at], "{") ? closing(tokens, at) : valueEnd(tokens, at) }
}

const OTHERS = /mysql|mariadb|sqlite|sql_?srv|sql_?server|mssql|oracle|oci8|db2/i

/** What a condition says on PostgreSQL that asks for the database; null for every other one. */
function platformAnswer(condition: string): boolean | null {
  const [, not, negated] = /^\s*(!?)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*$/.exec(condition) ?? []
  if (negated !== undefined) {
    const answer = platformAnswer(negated)
    return answer === null || not === "" ? answer : !answer
  }
  const parts = condition.split(/&&|\|\||\band\b|\bor\b/)
  const answers = parts.map((part) => {
    const own = /postgre|pgsql/i.test(part)
    if (own === OTHERS.test(part)) return null
    return own !== /^[\s(]*!|!==?|<>/.test(part)
  })
  const [first = null] = answers
  return answers.every((answer) => answer === first) ? first : null
}
