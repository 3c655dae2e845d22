/** Transactions that the code of a migration opens itself. */
import type { FoundText } from "./find.ts"
import { child, children, pathOf, rangeOf, textOf, unwrap, type Node } from "./node.ts"

/**
 * Calls that run a function in a transaction: `sequelize.transaction(async (t) => ..)` and its like of Knex, TypeORM, Drizzle and Slonik,
 * `db.transaction().execute(..)` of Kysely, `sql.begin(..)` of postgres.js and Bun, `db.tx(..)` of pg-promise, `$transaction(..)` of Prisma.
 */
const OPENS = /(?:^|[.$])(?:transaction(?:\(\)(?:\.\w+\(\))*\.execute)?|begin|tx)$/

/** Options that put a call into a transaction: Sequelize's and Knex's. */
const OPTION = /^(?:transaction|transacting)$/

/**
 * The transaction that the code opens round a call; null for none that can be told. Two calls have the same name in one and the same.
 * For trees whose nodes know their parents.
 */
export function transactionOf(node: Node, { source, resolve }: { readonly source: string; resolve(identifier: Node): Node | null }): string | null {
  for (let inner = node, outer = child(node, "parent"); outer !== null; inner = outer, outer = child(outer, "parent")) {
    if (!/Function/.test(inner.type) || outer.type !== "CallExpression" || !children(outer, "arguments").includes(inner)) continue
    const path = pathOf(child(outer, "callee"))
    if (path !== null && OPENS.test(path) && isUsed(inner, source)) return `function ${String(rangeOf(inner)?.[0])}`
  }
  return node.type === "CallExpression" ? handedTo(node, resolve) : null
}

/** What is not handed on is not used: calls without it run outside. */
function isUsed(callback: Node, source: string): boolean {
  const [first] = children(callback, "params")
  const name = first === undefined ? null : textOf(first, "name")
  const [start, end] = rangeOf(child(callback, "body") ?? callback) ?? [0, 0]
  return name !== null && new RegExp(`\\b${name.replaceAll("$", "\\$")}\\b`).test(source.slice(start, end))
}

/** `query(sql, { transaction })`, also with options that have a name. */
function handedTo(call: Node, resolve: (identifier: Node) => Node | null): string | null {
  for (const argument of children(call, "arguments").slice(1)) {
    const given = unwrap(argument)
    const options = given.type === "Identifier" ? unwrap(resolve(given) ?? given) : given
    if (options.type !== "ObjectExpression") continue
    for (const property of children(options, "properties")) {
      const key = child(property, "key")
      const value = child(property, "value")
      const handed = key !== null && OPTION.test(textOf(key, "name") ?? "") && value !== null ? pathOf(value) : null
      if (handed !== null && handed !== "undefined") return `value ${handed}`
    }
  }
  return null
}

/** Texts in the order in which they stand, with BEGIN and COMMIT where the code opens and ends transactions. */
export function inTransactions(texts: readonly FoundText[]): readonly FoundText[] {
  const result: FoundText[] = []
  let open: string | null = null
  for (const text of texts) {
    const { transaction = null } = text
    if (transaction !== open) {
      if (open !== null) result.push(said("COMMIT"))
      if (transaction !== null) result.push(said("BEGIN"))
      open = transaction
    }
    result.push(text)
  }
  if (open !== null) result.push(said("COMMIT"))
  return result
}

function said(sql: string): FoundText {
  return { text: { sql, segments: [], holes: [], from: 0, to: 0 }, explicit: true, down: false, silent: true }
}
