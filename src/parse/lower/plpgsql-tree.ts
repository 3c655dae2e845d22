import { inQuotes } from "../../source/quote.ts"
import type { FunctionArgument, OperationOf, TypeName } from "../operation.ts"
import type { Fields } from "./guards.ts"
import { createSource } from "../../source/source.ts"
import { parsePlPgSql } from "../grammar/index.ts"
import { EMPTY } from "./context.ts"
import { fieldsOf, itemsOf } from "./guards.ts"

/** What has to be known of a function to read its body: parameters are variables there. */
export interface Signature extends Pick<OperationOf<"create function">, "kind"> {
  readonly arguments: readonly (Pick<FunctionArgument, "name" | "mode"> & { readonly type: WrittenType })[]
  readonly returns: WrittenType | null
}

type WrittenType = Pick<TypeName, "schema" | "name" | "dimensions">

/** The signature of a DO block. */
export const NO_SIGNATURE: Signature = { arguments: EMPTY, returns: null, kind: "procedure" }

/** The signature of a function of which only the body is known. */
export const UNKNOWN_SIGNATURE: Signature = { arguments: EMPTY, returns: null, kind: "function" }

/**
 * The tree of a function's body, with the text that it speaks of: where templates make the body unreadable, that is the
 * body with them filled. The parser wants a whole CREATE statement; what that says of types does not matter.
 */
export function readPlPgSql(
  body: string,
  signature: Signature,
): { readonly root: Fields; readonly text: string } | null {
  const root = parseTree(body, signature)
  if (root !== undefined) return { root, text: body }
  const { text, holes } = createSource(body).masked()
  const filled = holes.length === 0 ? undefined : parseTree(text, signature)
  return filled === undefined ? null : { root: filled, text }
}

function parseTree(text: string, signature: Signature): Fields | undefined {
  for (const returns of returnClauses(signature)) {
    const outcome = parsePlPgSql(wrapped(text, signature, returns))
    if (!outcome.ok) continue
    const [first] = itemsOf(fieldsOf(outcome.tree)?.["plpgsql_funcs"])
    const root = fieldsOf(fieldsOf(first)?.["PLpgSQL_function"])
    if (root !== undefined) return root
  }
  return undefined
}

/** Every form that RETURN takes, for a function of which only the body is known. */
const ANY_RETURNS = ["RETURNS void", "RETURNS int", "RETURNS trigger", "RETURNS SETOF record"]

/** Whether a function returns a set is not told by its type: both are tried, as RETURN takes different forms. */
function returnClauses(signature: Signature): readonly string[] {
  const { kind, returns, arguments: parameters } = signature
  if (signature === UNKNOWN_SIGNATURE) return ANY_RETURNS
  if (kind === "procedure") return [""]
  if (returns === null) return ["", "RETURNS void", "RETURNS SETOF record"]
  if (returns.name === "trigger" || returns.name === "event_trigger") return [`RETURNS ${returns.name}`]
  if (parameters.some(({ mode }) => mode === "table")) return [""]
  return [`RETURNS ${typeText(returns)}`, `RETURNS SETOF ${typeText(returns)}`]
}

function wrapped(text: string, signature: Signature, returns: string): string {
  let tag = "$pgsafe$"
  while (text.includes(tag)) tag = `${tag.slice(0, -1)}_$`
  if (signature === NO_SIGNATURE) return `DO LANGUAGE plpgsql ${tag}${text}${tag}`
  const scalars: string[] = []
  const columns: string[] = []
  for (const { name, type, mode } of signature.arguments) {
    const declared = `${name === null ? "" : inQuotes(name)} ${typeText(type)}`
    if (mode === "table") columns.push(declared)
    else scalars.push(`${mode} ${declared}`)
  }
  const result = columns.length > 0 ? `RETURNS TABLE (${columns.join(", ")})` : returns
  const keyword = signature.kind.toUpperCase()
  return `CREATE ${keyword} f(${scalars.join(", ")}) ${result} LANGUAGE plpgsql AS ${tag}${text}${tag}`
}

function typeText(type: WrittenType): string {
  const name = type.schema === null ? inQuotes(type.name) : `${inQuotes(type.schema)}.${inQuotes(type.name)}`
  return name + "[]".repeat(type.dimensions)
}
