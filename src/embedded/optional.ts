/** Expressions inside of SQL that stand for a text or for none. */
import { child, children, pathOf, stringOf, unwrap, type Node } from "./node.ts"

/** Tags that put SQL into SQL as it is. */
export const SQL_TAG = /(?:^|\.)(?:sql|SQL|pgsql|Prisma\.sql)(?:$|\.(?:fragment|unsafe|typeAlias\(\)|type\(\)|void|__dangerous__rawValue)$)/

const DEEPEST = 12

/**
 * Whether an expression chooses between a text and none: `open ? "AND shipped" : ""`, also of fragments, by way of a name, and of a function that
 * is handed a condition and a fragment: ``when(open, sql`AND shipped`)``.
 *
 * @param valueOf What a name stands for, when that is in sight.
 */
export function isOptional(given: Node, valueOf: (name: Node) => Node | null, depth = 0): boolean {
  const node = unwrap(given)
  if (depth > DEEPEST) return false
  const may = (key: string): boolean => {
    const part = child(node, key)
    return part !== null && (isNothing(part) || isOptional(part, valueOf, depth + 1))
  }
  switch (node.type) {
    case "ConditionalExpression":
      return may("consequent") || may("alternate")
    case "LogicalExpression":
      return may("right")
    case "CallExpression": {
      const [first, ...others] = children(node, "arguments")
      return first !== undefined && !isFragment(first) && others.length > 0 && others.every(isFragment)
    }
    case "Identifier":
    case "MemberExpression": {
      const value = valueOf(node)
      return value !== null && isOptional(value, valueOf, depth + 1)
    }
    default:
      return false
  }
}

function isFragment(given: Node): boolean {
  const node = unwrap(given)
  return node.type === "TaggedTemplateExpression" && SQL_TAG.test(pathOf(child(node, "tag")) ?? "")
}

function isNothing(given: Node): boolean {
  const node = unwrap(given)
  const template = node.type === "TaggedTemplateExpression" ? child(node, "quasi") : node
  if (template?.type !== "TemplateLiteral") return stringOf(node)?.trim() === ""
  const [quasi, ...others] = children(template, "quasis")
  const value = quasi?.["value"]
  return others.length === 0 && typeof value === "object" && value !== null && "raw" in value && typeof value.raw === "string" && value.raw.trim() === ""
}
