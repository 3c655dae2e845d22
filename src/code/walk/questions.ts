/** Conditions of code on what the database's schema has: `if (!(await knex.schema.hasTable("orders")))`. */
import { verdictOf, type Guard, type Question } from "../../embedded/index.ts"
import { child, children, rangeOf, textOf, unwrap, type Node } from "../../embedded/node.ts"
import { objectValue, resolved, textValue, type Resolve } from "../values.ts"
import { maybe, type Place } from "./place.ts"

/** What is known where the code goes on one way. */
interface Way {
  readonly guards: readonly Guard[]
  /** The answers are all that it takes. */
  readonly isExact: boolean
}

/** The ways behind a condition that holds, and behind one that does not. */
interface Ways {
  readonly yes: Way
  readonly no: Way
}

const OPEN: Way = { guards: [], isExact: false }
const FREE: Way = { guards: [], isExact: true }

/** Of which only running the code would tell. */
export const UNKNOWN: Ways = { yes: OPEN, no: OPEN }

/** A place further along a way. */
export function along({ guards, isExact }: Way, place: Place): Place {
  const further = guards.length === 0 ? place : { ...place, guards: [...place.guards, ...guards] }
  return isExact ? further : maybe(further)
}

const DEEPEST = 8

/** Where a condition leads. @param isNamed It is what a name stands for, and was found out once. */
export function waysOf(test: Node, place: Place, isNamed = false, depth = 0): Ways {
  const node = unwrap(test)
  if (depth > DEEPEST) return UNKNOWN
  const verdict = verdictOf(node, place.scope.resolve)
  if (verdict !== null) return verdict ? { yes: FREE, no: OPEN } : { yes: OPEN, no: FREE }
  const inner = (key: string): Ways => {
    const part = child(node, key)
    return part === null ? UNKNOWN : waysOf(part, place, isNamed, depth + 1)
  }
  const operator = textOf(node, "operator") ?? ""
  switch (node.type) {
    case "UnaryExpression":
      return operator === "!" ? turned(inner("argument")) : UNKNOWN
    case "LogicalExpression": {
      const [left, right] = [inner("left"), inner("right")]
      if (operator === "&&") return { yes: both(left.yes, right.yes), no: OPEN }
      return operator === "||" ? { yes: OPEN, no: both(left.no, right.no) } : UNKNOWN
    }
    case "BinaryExpression": {
      if (/^[=!]==?$/.test(operator)) {
        const right = child(node, "right")
        const flag = right?.["value"]
        const ways = typeof flag === "boolean" ? inner("left") : UNKNOWN
        return flag === operator.startsWith("=") ? ways : turned(ways)
      }
      break
    }
    default:
  }
  const question = questionOf(node, place, isNamed)
  if (question === null) {
    const behind = resolved(node, place.scope.resolve)
    return behind === node ? UNKNOWN : waysOf(behind, place, isNamed || node.type !== "CallExpression", depth + 1)
  }
  return { yes: { guards: [{ question, answer: true }], isExact: true }, no: { guards: [{ question, answer: false }], isExact: true } }
}

function turned({ yes, no }: Ways): Ways {
  return { yes: no, no: yes }
}

function both(one: Way, other: Way): Way {
  return { guards: [...one.guards, ...other.guards], isExact: one.isExact && other.isExact }
}

/** The question that an expression is the answer to. What a variable was told counts wherever it is used. */
function questionOf(node: Node, { frame, scope }: Place, isNamed: boolean): Question | null {
  const found = askedBy(node, scope.resolve)
  if (found === null) return null
  const { call, question } = found
  if (!isNamed && node.type === "CallExpression") return question
  const key = JSON.stringify([rangeOf(call)?.[0] ?? null, question])
  const known = frame.asked.get(key) ?? question
  frame.asked.set(key, known)
  return known
}

/** Whether an expression is the answer to a question, or has answers for properties. */
export function isAsked(node: Node, resolve: Resolve): boolean {
  return askedBy(unwrap(node), resolve) !== null || describedBy(node, resolve) !== null
}

interface Asked {
  readonly call: Node
  readonly question: Question
}

function askedBy(node: Node, resolve: Resolve): Asked | null {
  if (node.type === "MemberExpression") {
    const [object, property] = [child(node, "object"), child(node, "property")]
    const described = object === null ? null : describedBy(object, resolve)
    const column = property === null ? null : node["computed"] === true ? textValue(property, resolve) : textOf(property, "name")
    if (described !== null) return column === null ? null : { ...described, question: { ...described.question, column } }
  }
  if (node.type === "BinaryExpression" && textOf(node, "operator") === "in") {
    const [left, right] = [child(node, "left"), child(node, "right")]
    const described = right === null ? null : describedBy(right, resolve)
    const column = left === null ? null : textValue(left, resolve)
    return described === null || column === null ? null : { ...described, question: { ...described.question, column } }
  }
  const call = resolved(node, resolve)
  const method = methodOf(call)
  const [first, second] = children(call, "arguments")
  if (method === null || !/^(?:hasTable|tableExists|hasColumn)$/.test(method.name) || first === undefined) return null
  const relation = relationOf(first, method, resolve)
  if (relation === null) return null
  if (method.name !== "hasColumn") return { call, question: { relation, column: null } }
  const column = second === undefined ? null : textValue(second, resolve)
  return column === null ? null : { call, question: { relation, column } }
}

/** The table of which `queryInterface.describeTable("orders")` tells the columns. */
function describedBy(node: Node, resolve: Resolve): Asked | null {
  const call = resolved(node, resolve)
  const method = methodOf(call)
  const [first] = children(call, "arguments")
  const relation = method?.name !== "describeTable" || first === undefined ? null : relationOf(first, method, resolve)
  return relation === null ? null : { call, question: { relation, column: null } }
}

interface Method {
  readonly name: string
  readonly object: Node
}

/** The method that is called, of something else than the migration's own class. */
function methodOf(call: Node): Method | null {
  const callee = call.type === "CallExpression" ? child(call, "callee") : null
  if (callee?.type !== "MemberExpression") return null
  const [object, property] = [child(callee, "object"), child(callee, "property")]
  const name = property === null || callee["computed"] === true ? null : textOf(property, "name")
  return object === null || name === null || object.type === "ThisExpression" ? null : { name, object: unwrap(object) }
}

/** The table as PostgreSQL knows it: `withSchema("app").hasTable("orders")`, `{ schema: "app", tableName: "orders" }`, TypeORM's `"app.orders"`. */
function relationOf(node: Node, { object }: Method, resolve: Resolve): Question["relation"] | null {
  const options = objectValue(node, resolve)
  const name = textValue(options?.get("tableName") ?? node, resolve)
  if (name === null) return null
  if (options !== null) {
    const given = options.get("schema")
    const schema = given === undefined ? null : textValue(given, resolve)
    return given !== undefined && schema === null ? null : { schema, name }
  }
  if (methodOf(object)?.name === "withSchema") {
    const schema = textValue(children(object, "arguments")[0] ?? null, resolve)
    return schema === null ? null : { schema, name }
  }
  // Knex looks for a table of just that name.
  if (object.type === "MemberExpression" && textOf(child(object, "property") ?? object, "name") === "schema") return { schema: null, name }
  const [schema, table, ...more] = name.split(".")
  if (schema === undefined || table === undefined) return { schema: null, name }
  return more.length > 0 ? null : { schema, name: table }
}
