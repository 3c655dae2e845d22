/** Raw SQL in migrations of Doctrine. */
import type { Collected } from "./collected.ts"
import { createCollector, nameAt, qualified } from "./collector.ts"
import { argumentsAt } from "./expression.ts"
import { lexPhp } from "./php.ts"
import { bodiesOf, flowOf, isGiven, methodsOf, phpConstants } from "./php-code.ts"
import { isSign, textOf } from "./tokens.ts"

/** Methods of the connection that send SQL at once. */
const AT_ONCE = /^(?:executeStatement|executeUpdate|executeQuery|exec|query)$/
const CONNECTION = /^(?:\$this->)?\$?(?:connection|conn)$/i
/** Methods of the schema, which Doctrine compares with what it was. */
const BUILDER = /^(?:createTable|getTable|dropTable|renameTable|createSequence|dropSequence|createNamespace)$/

/** Source: src/Version/DbalExecutor.php of doctrine/migrations 3. */
export function readDoctrine(source: string): Collected {
  const tokens = lexPhp(source)
  const methods = methodsOf(tokens)
  const collector = createCollector(tokens, phpConstants(tokens, methods), {
    down: bodiesOf(tokens, methods, /^(?:pre|post)?down$/i),
    outside: [],
    ...flowOf(tokens, source, methods, { abortIf: "fails", skipIf: "passes" }),
  })
  const [before, after] = [/^pre(?:up|down)$/i, /^post(?:up|down)$/i].map((named) => bodiesOf(tokens, methods, named))
  const isIn = (bodies: ReturnType<typeof bodiesOf> | undefined, at: number): boolean => bodies?.some(({ from, to }) => from <= at && at < to) === true
  const turns = new Map<number, number>()
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word" || !isSign(tokens[at - 1], ".") || !isSign(tokens[at + 1], "(") || collector.isIgnored(at)) continue
    const receiver = textOf(tokens[at - 2]) ?? ""
    const { list, end } = argumentsAt(tokens, at + 1)
    const [sql, parameters] = list
    const atOnce = AT_ONCE.test(token.text) && CONNECTION.test(receiver)
    if ((token.text === "addSql" || atOnce) && sql !== undefined) {
      collector.sql(sql, { at, placeholders: isGiven(tokens, parameters) ? "php" : null })
      turns.set(token.start, isIn(before, at) ? -2 : isIn(after, at) ? 2 : atOnce ? -1 : 0)
      continue
    }
    if (receiver !== "$schema" || !BUILDER.test(token.text)) continue
    collector.builder(at - 2, end + 1, list)
    const name = token.text === "createTable" ? nameAt(tokens, sql) : null
    if (name === null) continue
    const table = qualified(name)
    collector.table(table.name, table.schema, at, false)
  }
  // What is sent at once comes before what `addSql` has gathered, wherever it stands.
  const { collected } = collector
  return { ...collected, calls: collected.calls.map((call) => ({ ...call, at: call.at + (turns.get(call.at) ?? 0) * source.length })) }
}
