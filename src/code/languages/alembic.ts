/** Raw SQL in revisions of Alembic. */
import type { Collected } from "./collected.ts"
import { constantsOf, createCollector, keyword, nameAt, positional } from "./collector.ts"
import { argumentsAt, type Range } from "./expression.ts"
import { lexPython } from "./python.ts"
import { blockEnd, isSign, isWord, textOf, type Token } from "./tokens.ts"

const NO_BUILDER = /^(?:execute|get_bind|get_context|f|inline_literal|invoke|batch_alter_table|run_async)$/
const CONNECTION = /^(?:op|conn|connection|bind|session|get_bind|engine)$/

export function readAlembic(source: string): Collected {
  const tokens = lexPython(source)
  const collector = createCollector(tokens, pythonConstants(tokens), {
    down: regions(tokens, source, (at) => isWord(tokens[at], "def") && /^_?downgrade/.test(textOf(tokens[at + 1]) ?? "")),
    outside: regions(tokens, source, (at) => isWord(tokens[at], "with") && lineHas(tokens, at, "autocommit_block")),
    conditional: regions(tokens, source, (at) => isConditionAt(tokens, at)),
    ignored: [],
  })
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word" || !isSign(tokens[at - 1], ".") || !isSign(tokens[at + 1], "(")) continue
    const receiver = textOf(receiverOf(tokens, at))
    if (receiver === null) continue
    const { list, end } = argumentsAt(tokens, at + 1)
    if (/^(?:execute|exec_driver_sql|scalar)$/.test(token.text) && CONNECTION.test(receiver)) {
      const argument = keyword(tokens, list, "sqltext") ?? positional(tokens, list)[0]
      if (argument !== undefined && !isQuery(tokens, argument)) collector.sql(argument, { at })
      continue
    }
    if (!/^(?:op|batch_op)$/.test(receiver) || NO_BUILDER.test(token.text)) continue
    collector.builder(at - 2, end + 1)
    const name = token.text === "create_table" ? nameAt(tokens, list[0]) : null
    if (name !== null) collector.table(name, nameAt(tokens, keyword(tokens, list, "schema")), at, keyword(tokens, list, "if_not_exists") !== null)
  }
  return collector.collected
}

/** `op`, or `get_bind` of `op.get_bind()`. */
function receiverOf(tokens: readonly Token[], at: number): Token | undefined {
  if (!isSign(tokens[at - 2], ")")) return tokens[at - 2]
  return isSign(tokens[at - 3], "(") ? tokens[at - 4] : undefined
}

/** An expression of SQLAlchemy, such as `users.update().where(...)`: rows are changed, the schema is not. */
function isQuery(tokens: readonly Token[], { from, to }: Range): boolean {
  return !tokens.slice(from, to).some(({ kind }) => kind === "text") && tokens.slice(from, to).some((token, index) => token.kind === "sign" && token.text === "." && /^(?:insert|update|delete|select|values|where)$/.test(textOf(tokens[from + index + 1]) ?? ""))
}

export function isConditionAt(tokens: readonly Token[], at: number): boolean {
  return /^(?:if|elif|else|except|while)$/.test(textOf(tokens[at]) ?? "") && (at === 0 || isSign(tokens[at - 1], "\n"))
}

export function pythonConstants(tokens: readonly Token[]): ReturnType<typeof constantsOf> {
  return constantsOf(tokens, (from) => {
    let at = from
    while (at < tokens.length && !isSign(tokens[at], "\n")) at += 1
    return at
  })
}

function lineHas(tokens: readonly Token[], at: number, word: string): boolean {
  for (let next = at; next < tokens.length && !isSign(tokens[next], "\n"); next += 1) if (isWord(tokens[next], word)) return true
  return false
}

export function regions(tokens: readonly Token[], source: string, starts: (at: number) => boolean): Range[] {
  const found: Range[] = []
  for (let at = 0; at < tokens.length; at += 1) if (starts(at)) found.push({ from: at, to: blockEnd(tokens, at, source) })
  return found
}
