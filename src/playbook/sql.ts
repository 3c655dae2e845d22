import { quoteIdent } from "../schema/format.ts"
import { quoteLiteral } from "../source/quote.ts"

export { quoteLiteral }

/** A name as recipes take it: schema-qualified or not, unquoted. */
export interface PlainName {
  readonly schema: string | null
  readonly name: string
}

/**
 * Put before a statement that needs a strong lock for an instant: while it waits for the lock, everything behind it in
 * the queue waits too (docs: Client Connection Defaults, lock_timeout).
 */
export const LOCK_TIMEOUT = "SET lock_timeout = '5s';"

/** Put behind it: a concurrent index build later in the session must wait for old transactions as long as it takes. */
export const NO_LOCK_TIMEOUT = "RESET lock_timeout;"

/** Parts of a statement in one line where they fit, each in its own line where not. */
export function fit(head: string, ...parts: readonly string[]): string {
  const line = [head, ...parts].join(" ")
  return line.length <= 72 && !line.includes("\n") ? line : [head, ...parts].join("\n  ")
}

/** `ALTER TABLE t` with one action, or with several in lines of their own where they do not fit into one. */
export function alterTable(table: PlainName, actions: readonly string[], only = false): string {
  const alter = `ALTER TABLE ${only ? "ONLY " : ""}${quoteName(table)}`
  const [first = ""] = actions
  if (actions.length === 1) return `${alter} ${first};`
  return `${fit(alter, ...actions.slice(0, -1).map((action) => `${action},`), actions.at(-1) ?? "")};`
}

/** ADD CONSTRAINT of one constraint or several at once; names as SQL. */
export function addingConstraints(table: PlainName, constraints: readonly { readonly name: string; readonly definition: string }[]): string {
  const [first] = constraints
  if (first !== undefined && constraints.length === 1) return fit(`ALTER TABLE ${quoteName(table)} ADD CONSTRAINT ${first.name}`, `${first.definition};`)
  return alterTable(
    table,
    constraints.map(({ name, definition }) => `ADD CONSTRAINT ${name} ${definition}`),
  )
}

/** The name as SQL, qualified as it came. */
export function quoteName(name: PlainName): string {
  return name.schema === null ? quoteIdent(name.name) : `${quoteIdent(name.schema)}.${quoteIdent(name.name)}`
}

/** `name` in the schema that `neighbor` is written with. */
export function beside(neighbor: PlainName, name: string): PlainName {
  return { schema: neighbor.schema, name }
}

/** The name as an argument of regclass: `'app."Orders"'`. */
export function regclass(name: PlainName): string {
  return `${quoteLiteral(quoteName(name))}::regclass`
}

/** `a, b, c`, quoted. */
export function columnList(columns: readonly string[]): string {
  return columns.map(quoteIdent).join(", ")
}

/** A body between dollar quotes that it does not contain. */
export function dollarQuote(body: string): string {
  let tag = "$$"
  for (let n = 0; body.includes(tag); n++) tag = n === 0 ? "$body$" : `$body${String(n)}$`
  return `${tag}\n${body}\n${tag}`
}

/** The lines of a text, each but the empty ones behind `by` spaces. */
export function indent(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(by))
}

/** In parentheses, unless it already stands in one pair of them. */
export function parenthesized(expression: string): string {
  const text = expression.trim()
  return isEnclosed(text) ? text : `(${text})`
}

function isEnclosed(text: string): boolean {
  if (!text.startsWith("(") || !text.endsWith(")") || /['"$]/.test(text)) return false
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(") depth++
    else if (text[i] === ")" && --depth === 0) return i === text.length - 1
  }
  return false
}
