/** The tables that statements on rows name: `sa.table("orders", ...)`, what `op.create_table` returns, and mapped classes. */
import type { Said } from "../arguments.ts"
import type { Range } from "../expression.ts"
import { classAt } from "../python/modules.ts"
import { calledAt } from "../python/program.ts"
import { callAt, isNone, lineFrom, textAt } from "../python/values.ts"
import { valueOf } from "../python/variables.ts"
import { blockEnd, isSign, isWord, textOf, type Token } from "../tokens.ts"
import type { TypeSource } from "./types.ts"

/** A table as the code speaks of it. */
export interface Target {
  /** Its name, with its schema, and where the code speaks of it. */
  readonly table: Said
  /** What the code calls it: `orders`, `Order`, `sa.table(...)`. */
  readonly spelling: string
  /** The name of a column in the database. */
  columnOf(attribute: string): string
}

/** Variables may lead to each other. */
const DEEPEST = 6

/** The table that an expression stands for; null for what only running the code would tell. */
export function targetAt(revision: TypeSource, range: Range, depth = 0): Target | null {
  const { tokens } = revision.python
  const spelling = spelled(tokens, range)
  // `metadata.tables["orders"]`
  const reflected = isSign(tokens[range.to - 1], "]") && isWord(tokens[range.to - 4], "tables") ? textAt(tokens, { from: range.to - 2, to: range.to - 1 }) : null
  if (reflected !== null) return { table: { ...reflected, range }, spelling, columnOf: (attribute) => attribute }
  const made = calledAt(revision.python, range)
  if (depth > DEEPEST || made === null) return null
  if (made.isCall) {
    if (!/^(?:table|Table|create_table)$/.test(made.name)) return null
    const [name, schema] = [textAt(tokens, made.args.given[0] ?? made.args.option("name")), made.args.option("schema")]
    const prefix = schema === null || isNone(tokens, schema) ? "" : (textAt(tokens, schema)?.text ?? null)
    return name === null || prefix === null ? null : { table: { text: prefix === "" ? name.text : `${prefix}.${name.text}`, range }, spelling, columnOf: (attribute) => attribute }
  }
  // `Order.__table__`
  const end = isWord(tokens[range.to - 1], "__table__") ? range.to - 2 : range.to
  const value = end === range.from + 1 ? valueOf(tokens, revision.source, range.from) : null
  const target = value === null ? mapped(revision, { from: range.from, to: end }) : targetAt(revision, value, depth + 1)
  return target && { ...target, table: { ...target.table, range }, spelling }
}

/** How an expression is written, without blanks. */
export function spelled(tokens: readonly Token[], { from, to }: Range): string {
  return tokens.slice(from, to).map((token) => textOf(token) ?? "?").join("")
}

/** A class of the file, or of the project's modules, that says which table it is mapped to. */
function mapped({ python, modules, source }: TypeSource, { from, to }: Range): Target | null {
  const called = calledAt(python, { from, to })
  const own = to === from + 1 ? python.tokens.findIndex((token, at) => isWord(token, "class") && isWord(python.tokens[at + 1], called?.name)) : -1
  const found = own >= 0 ? { python, body: { from: own, to: blockEnd(python.tokens, own, source) } } : modules === null || called === null ? null : classAt(modules, called.path)
  if (found === null) return null
  const { tokens } = found.python
  const given = (name: string): Range | null => {
    const at = tokens.findIndex((token, index) => index > found.body.from && index < found.body.to && isWord(token, name) && isSign(tokens[index - 1], "\n") && (isSign(tokens[index + 1], "=") || isSign(tokens[index + 1], ":")))
    const equals = at < 0 ? -1 : tokens.findIndex((token, index) => index > at && (isSign(token, "=") || isSign(token, "\n")))
    return isSign(tokens[equals], "=") ? lineFrom(tokens, equals + 1) : null
  }
  const name = textAt(tokens, given("__tablename__"))
  // A schema may be among them.
  if (name === null || given("__table_args__") !== null) return null
  const columnOf = (attribute: string): string => {
    const value = given(attribute)
    const column = value === null ? null : callAt(tokens, value)
    return (column !== null && /^(?:Column|mapped_column)$/.test(column.name) ? textAt(tokens, column.args.given[0])?.text : undefined) ?? attribute
  }
  return { table: { text: name.text, range: { from, to } }, spelling: "", columnOf }
}
