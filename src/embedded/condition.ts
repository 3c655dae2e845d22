/** What conditions of code are where the database is PostgreSQL. */
import { child, children, pathOf, stringOf, textOf, unwrap, type Node } from "./node.ts"

/** Looks up what a name, or a call of a function in sight, stands for. */
type Resolve = (node: Node) => Node | null

const DEEPEST = 8

const POSTGRES_NAMES = "postgres(?:ql)?|pg(?:sql)?|psql"
const OTHER_NAMES = "(?:better_?)?sqlite3?|mysql2?|maria(?:db)?|mssql|sql_?server|tedious|oracle(?:db)?|cockroach(?:db)?|clickhouse|planetscale"

/** A name that says which database it is about, and nothing else: `isSqlite`, `DB_IS_MYSQL`, `usingPostgres`, `mysqlClient`. */
function about(names: string): RegExp {
  return new RegExp(`^(?:(?:db|database|dialect|client|driver|type)_?)?(?:(?:is|are|uses?|using|on|for|with)_?)?(?:${names})(?:_?(?:db|database|dialect|client|driver|engine|type|mode|only))?$`, "i")
}

const POSTGRES = about(POSTGRES_NAMES)
const OTHERS = about(OTHER_NAMES)

/**
 * Whether a condition of the code holds on PostgreSQL: `client === "mysql"` does not, `!isSqlite` does. Null where only running the code
 * would tell.
 */
export function verdictOf(given: Node, resolve: Resolve, depth = 0): boolean | null {
  const node = unwrap(given)
  if (depth > DEEPEST) return null
  const inner = (key: string): boolean | null => {
    const part = child(node, key)
    return part === null ? null : verdictOf(part, resolve, depth + 1)
  }
  switch (node.type) {
    case "Literal":
    case "BooleanLiteral":
      return typeof node["value"] === "boolean" ? node["value"] : null
    case "UnaryExpression": {
      const value = textOf(node, "operator") === "!" ? inner("argument") : null
      return value === null ? null : !value
    }
    case "LogicalExpression": {
      const operator = textOf(node, "operator")
      if (operator !== "&&" && operator !== "||") return null
      const sides = [inner("left"), inner("right")]
      const decides = operator === "||"
      return sides.includes(decides) ? decides : sides.includes(null) ? null : !decides
    }
    case "ConditionalExpression": {
      const test = inner("test")
      return test === null ? null : inner(test ? "consequent" : "alternate")
    }
    case "BinaryExpression":
      return comparison(node, resolve, depth)
    case "Identifier":
    case "MemberExpression":
    case "CallExpression": {
      const value = valueBehind(node, resolve)
      return (value === null ? null : verdictOf(value, resolve, depth + 1)) ?? asked(node) ?? named(node)
    }
    default:
      return null
  }
}

/** `===` and its kin. */
function comparison(node: Node, resolve: Resolve, depth: number): boolean | null {
  const operator = textOf(node, "operator")
  const [left, right] = [child(node, "left"), child(node, "right")]
  if (left === null || right === null || !/^[=!]==?$/.test(operator ?? "")) return null
  const same = equal(left, right, resolve, depth)
  return same === null ? null : same === operator?.startsWith("=")
}

function equal(left: Node, right: Node, resolve: Resolve, depth: number): boolean | null {
  const [one, other] = [textBehind(left, resolve), textBehind(right, resolve)]
  if (one !== null && other !== null) return one === other
  for (const [side, opposite] of [[left, right], [right, left]] as const) {
    const flag = unwrap(side)["value"]
    if (typeof flag !== "boolean") continue
    const verdict = verdictOf(opposite, resolve, depth + 1)
    return verdict === null ? null : verdict === flag
  }
  const verdicts = [databaseOf(left, resolve), databaseOf(right, resolve)].filter((verdict) => verdict !== null)
  return verdicts.length === 1 ? (verdicts[0] ?? null) : null
}

/** Whether a value names PostgreSQL or another database; null for anything else. */
function databaseOf(node: Node, resolve: Resolve): boolean | null {
  const text = textBehind(node, resolve)
  return text === null ? named(node) : databaseIn(text)
}

function databaseIn(text: string): boolean | null {
  const plain = text.replaceAll("-", "_")
  return POSTGRES.test(plain) ? true : OTHERS.test(plain) ? false : null
}

/** What the last name of a path says: `knex.client.isMysql()`, `Dialect.SQLITE`. */
function named(node: Node): boolean | null {
  const path = pathOf(node)
  return path === null ? null : databaseIn(path.replace(/\(\)$/, "").split(".").at(-1) ?? "")
}

/** `client.includes("mysql")`, `["pg", "postgres"].includes(client)`, `/sqlite/.test(client)`, `isDatabase("mysql")`. */
function asked(call: Node): boolean | null {
  const callee = call.type === "CallExpression" ? child(call, "callee") : null
  if (callee === null) return null
  const method = callee.type === "MemberExpression" ? textOf(child(callee, "property") ?? callee, "name") : null
  if (method !== null && !/^(?:includes|startsWith|endsWith|indexOf|match|test|is[A-Z]?\w*)$/.test(method)) return null
  if (method === null && !/^is/.test(textOf(callee, "name") ?? "")) return null
  const object = callee.type === "MemberExpression" ? child(callee, "object") : null
  const parts = [...(object === null ? [] : [object]), ...children(call, "arguments")].flatMap((part) => (part.type === "ArrayExpression" ? children(part, "elements") : [part]))
  const verdicts = parts.flatMap((part): boolean[] => {
    const text = plainText(part) ?? patternOf(part)
    const verdict: boolean | null = text === null ? null : databaseIn(text)
    return verdict === null ? [] : [verdict]
  })
  return verdicts.includes(true) ? true : verdicts.length > 0 ? false : null
}

/** The text of a regular expression that is one word. */
function patternOf(node: Node): string | null {
  const regex = node["regex"]
  return typeof regex === "object" && regex !== null && "pattern" in regex && typeof regex.pattern === "string" ? regex.pattern.replace(/^\^|\$$/g, "") : null
}

function textBehind(node: Node, resolve: Resolve): string | null {
  const inner = unwrap(node)
  return plainText(inner) ?? plainText(valueBehind(inner, resolve))
}

/** The text of a literal, or of a template without expressions. */
function plainText(node: Node | null): string | null {
  if (node?.type !== "TemplateLiteral") return stringOf(node)
  const [quasi, ...others] = children(node, "quasis")
  const value = quasi?.["value"]
  return others.length === 0 && typeof value === "object" && value !== null && "cooked" in value && typeof value.cooked === "string" ? value.cooked : null
}

/** What a name or call, or a property of an object in sight, stands for. */
function valueBehind(node: Node, resolve: Resolve): Node | null {
  if (node.type !== "MemberExpression") {
    const value = node.type === "Identifier" || node.type === "CallExpression" ? resolve(node) : null
    return value === null ? null : unwrap(value)
  }
  const object = child(node, "object")
  const property = child(node, "property")
  const name = property === null ? null : node["computed"] === true ? stringOf(property) : textOf(property, "name")
  const owner = object === null ? null : valueBehind(unwrap(object), resolve)
  if (name === null || owner?.type !== "ObjectExpression") return null
  const properties = children(owner, "properties")
  if (properties.some((one) => one.type === "SpreadElement" || one["computed"] === true)) return null
  const found = properties.find((one) => {
    const key = child(one, "key")
    return key !== null && (textOf(key, "name") ?? stringOf(key)) === name
  })
  const value = found === undefined ? null : child(found, "value")
  return value === null ? null : unwrap(value)
}

/** Cases of a `switch` that share their statements. */
export interface Case {
  /** The last of them, which has the statements. */
  readonly node: Node
  readonly body: readonly Node[]
  /** Whether they run on PostgreSQL; null where only running the code would tell. */
  readonly verdict: boolean | null
}

/** The cases of `switch (client) { case "mysql": .. }`. */
export function casesOf(node: Node, resolve: Resolve): readonly Case[] {
  const discriminant = child(node, "discriminant")
  const text = discriminant === null ? null : textBehind(discriminant, resolve)
  const cases: Case[] = []
  let labels: (Node | null)[] = []
  let falls = false
  for (const one of children(node, "cases")) {
    const body = children(one, "consequent")
    labels.push(child(one, "test"))
    if (body.length === 0) continue
    const chosen: boolean | null = labels.includes(null) ? otherwise(cases) : chosenBy(labels.filter((label) => label !== null), text, resolve)
    const verdict: boolean | null = falls && chosen !== true ? null : chosen
    cases.push({ node: one, body, verdict })
    falls = verdict !== false && !/^(?:Break|Return|Throw|Continue)Statement$/.test(lastOf(body)?.type ?? "")
    labels = []
  }
  return cases
}

/** What one of the labels names decides; beside another database, an unknown one is another, too. */
function chosenBy(labels: readonly Node[], discriminant: string | null, resolve: Resolve): boolean | null {
  const verdicts = labels.map((label): boolean | null => {
    const text = discriminant === null ? null : textBehind(label, resolve)
    return text === null ? databaseOf(label, resolve) : text === discriminant
  })
  return verdicts.includes(true) ? true : verdicts.includes(false) && (discriminant === null || !verdicts.includes(null)) ? false : null
}

/** `default`: what comes by when no other case does. */
function otherwise(cases: readonly Case[]): boolean | null {
  const verdicts = cases.map(({ verdict }) => verdict)
  return verdicts.includes(true) ? false : verdicts.includes(null) ? null : true
}

function lastOf(body: readonly Node[]): Node | undefined {
  const last = body.at(-1)
  return last?.type === "BlockStatement" ? lastOf(children(last, "body")) : last
}
