/** Raw SQL in migrations of Phinx and CakePHP. */
import type { Collected } from "./collected.ts"
import { createCollector, nameAt, qualified } from "./collector.ts"
import { argumentsAt } from "./expression.ts"
import { lexPhp } from "./php.ts"
import { bodiesOf, flowOf, isGiven, methodsOf, phpConstants } from "./php-code.ts"
import { isSign, isWord, textOf, type Token } from "./tokens.ts"

/** Source: src/Phinx/Migration/AbstractMigration.php of cakephp/phinx 0.16. */
export function readPhinx(source: string): Collected {
  const tokens = lexPhp(source)
  const methods = methodsOf(tokens)
  // Where there is `change`, neither `up` nor `down` runs.
  const [reverts, never] = methods.some(({ name }) => name === "change") ? [/^(?!)/, /^(?:up|down)$/i] : [/^down$/i, /^(?!)/]
  const { conditional, ignored } = flowOf(tokens, source, methods)
  const collector = createCollector(tokens, phpConstants(tokens, methods), {
    down: bodiesOf(tokens, methods, reverts),
    outside: [],
    conditional,
    ignored: [...ignored, ...bodiesOf(tokens, methods, never)],
  })
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word" || !isSign(tokens[at - 1], ".") || !isSign(tokens[at + 1], "(") || collector.isIgnored(at)) continue
    const receiver = textOf(tokens[at - 2]) ?? ""
    const { list, end } = argumentsAt(tokens, at + 1)
    const [first, parameters] = list
    if (/^(?:execute|query)$/.test(token.text) && /^\$this(?:->adapter)?$|^\)$/.test(receiver) && first !== undefined) {
      if (receiver === ")" && !isWord(tokens[at - 4], "getAdapter")) continue
      collector.sql(first, { at, placeholders: isGiven(tokens, parameters) ? "php" : null })
    } else if (token.text === "table" && receiver === "$this") {
      collector.builder(at - 2, end + 1, list)
      const name = isCreated(tokens, at) ? nameAt(tokens, first) : null
      if (name === null) continue
      const table = qualified(name)
      collector.table(table.name, table.schema, at, false)
    } else if (/^(?:createSchema|dropSchema)$/.test(token.text) && receiver === "$this") collector.builder(at - 2, end + 1, list)
  }
  return collector.collected
}

/** Whether the calls that follow `$this->table(...)`, or those of the variable that holds it, end with `create()`. */
function isCreated(tokens: readonly Token[], at: number): boolean {
  const holder = isSign(tokens[at - 3], "=") ? textOf(tokens[at - 4]) : null
  const creates = (from: number): boolean => {
    const end = tokens.findIndex((token, index) => index >= from && isSign(token, ";"))
    return tokens.slice(from, end < 0 ? tokens.length : end).some((token, index, all) => isWord(token, "create") && isSign(all[index - 1], ".") && isSign(all[index + 1], "("))
  }
  return creates(at) || (holder !== null && tokens.some((token, index) => isWord(token, holder) && index > at && isSign(tokens[index + 1], ".") && creates(index)))
}
