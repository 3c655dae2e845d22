/** Files of SQL that the code of a migration reads and sends: `knex.raw(fs.readFileSync(path.join(__dirname, "orders.sql"), "utf8"))`. */
import type { EmbeddedText } from "../embedded/index.ts"
import { child, children, pathOf, stringOf, textOf, unwrap, type Node } from "../embedded/node.ts"
import { resolved, type Resolve } from "./values.ts"

/** What the code says of where a file lies. */
export interface SqlFileRequest {
  /** The path relative to the folder of the migration, when all of it is in sight. */
  readonly exact: string | null
  /** The last part of the path, which ends in `.sql`. */
  readonly name: string
  /** Other words of the expression that reads the file, which may be its folders. */
  readonly folders: readonly string[]
}

export interface SqlFile {
  /** As findings name it. */
  readonly path: string
  readonly text: string
}

export type FindSqlFile = (request: SqlFileRequest) => SqlFile | null

/** Stands for what the code does not tell. */
export const UNKNOWN = "\0"
/** Stands for the folder of the migration. */
const HERE = "\u0001"
const DEEPEST = 12

/** The file that an expression reads; null when it is not one whose name is in sight. */
export function sqlFileOf(expression: Node, resolve: Resolve): SqlFileRequest | null {
  const path = spelled(expression, resolve, 0)
  const parts = path.split("/")
  const names = parts.filter((part) => /\.sql$/i.test(part))
  const [name] = names
  if (name === undefined || names.length > 1 || hasUnknown(name)) return null
  const folders = parts.filter((part) => part !== name && part !== "" && !/^\.+$/.test(part) && !hasUnknown(part))
  const exact = new RegExp(`${HERE}(/[^${UNKNOWN}${HERE}]*?\\.sql)(?:/|$)`, "i").exec(path)?.[1] ?? null
  return { exact: exact?.slice(1) ?? null, name: withoutMarks(name), folders }
}

/** The text of a file, which a call at that place sends. @param head What it puts in front. */
export function textOfFile({ path, text }: SqlFile, place: Pick<EmbeddedText, "from" | "to">, head = ""): EmbeddedText {
  const before = head === "" ? [] : [{ start: 0, end: head.length, from: 0, to: 0, kind: "fixed", host: null } as const]
  const segment = { start: head.length, end: head.length + text.length, from: 0, to: text.length, kind: "plain", host: null } as const
  return { sql: head + text, segments: [...before, segment], holes: [], ...place, file: path }
}

function hasUnknown(part: string): boolean {
  return part.includes(UNKNOWN) || part.slice(1).includes(HERE)
}

function withoutMarks(part: string): string {
  return part.replace(HERE, "")
}

/** The texts of an expression in their order; arguments are parts of a path. */
function spelled(node: Node, resolve: Resolve, depth: number): string {
  if (depth > DEEPEST) return UNKNOWN
  const inner = resolved(unwrap(node), resolve)
  const deeper = (one: Node | null): string => (one === null ? UNKNOWN : spelled(one, resolve, depth + 1))
  const plain = stringOf(inner)
  if (plain !== null) return plain.replaceAll("\\", "/")
  switch (inner.type) {
    case "TemplateLiteral": {
      const expressions = children(inner, "expressions")
      return children(inner, "quasis").map((quasi, index) => cooked(quasi) + (expressions[index] === undefined ? "" : deeper(expressions[index]))).join("")
    }
    case "BinaryExpression":
      return deeper(child(inner, "left")) + deeper(child(inner, "right"))
    case "CallExpression":
    case "NewExpression": {
      const callee = child(inner, "callee")
      const given = children(inner, "arguments")
      // `new URL("./orders.sql", import.meta.url)` begins at the file.
      if (inner.type === "NewExpression" && pathOf(callee) === "URL") return given[0] === undefined ? UNKNOWN : `${HERE}/${deeper(given[0])}`
      // `readFileSync(...).toString()`
      const object = callee?.type === "MemberExpression" ? unwrap(child(callee, "object") ?? callee) : null
      const before = object?.type === "CallExpression" ? [object] : []
      return [...before, ...given].map(deeper).join("/")
    }
    case "Identifier":
      return textOf(inner, "name") === "__dirname" ? HERE : UNKNOWN
    case "MemberExpression":
      return isImportMeta(child(inner, "object")) && textOf(child(inner, "property") ?? inner, "name") === "dirname" ? HERE : UNKNOWN
    default:
      return UNKNOWN
  }
}

function isImportMeta(node: Node | null): boolean {
  return node?.type === "MetaProperty"
}

function cooked(quasi: Node): string {
  const value = quasi["value"]
  return typeof value === "object" && value !== null && "cooked" in value && typeof value.cooked === "string" ? value.cooked : UNKNOWN
}
