/**
 * Rows that Eloquent's models change as a query: `Order::where(...)->update([...])`. Source: src/Illuminate/Database/Eloquent/Model.php and
 * Builder.php of laravel/framework 12. That Eloquent also sets `updated_at` is left out.
 */
import type { Said } from "../arguments.ts"
import { plural } from "../inflections.ts"
import { isSign, isWord, textOf, type Token } from "../tokens.ts"
import { textAt, type Link } from "./values.ts"

/** Methods with which a query on a model begins. Facades have none of them. */
const BEGINS = /^(?:query|newQuery|where\w*|withTrashed|onlyTrashed|withoutGlobalScopes?|on)$/
/** Those of them that pick no rows, as far as anybody can see here. */
const STARTS = /^(?:query|newQuery|on|withTrashed|withoutGlobalScopes?)$/
/** Methods that give models, or anything else that is no query any more. */
const ENDS = /^(?:all|get|first\w*|find\w*|sole|value|pluck|cursor|lazy\w*|each\w*|chunk\w*|create\w*|make|map|paginate|count|exists)$/
const CLASS = /^\\?(?:\w+\\)*([A-Z]\w*)$/

/** A query on a model. */
export interface ModelQuery {
  readonly table: Said
  /** The calls behind what only begins a query. */
  readonly links: readonly Link[]
  /** Whether the class may mark rows as deleted where it is told to delete them. */
  readonly mayMark: boolean
}

/** The query whose first call is at a token, behind the name of a class; null for what is none, and for models that are changed one by one. */
export function modelQuery(tokens: readonly Token[], at: number, links: readonly Link[]): ModelQuery | null {
  const name = CLASS.exec(textOf(tokens[at - 2]) ?? "")?.[1]
  const [first] = links
  if (name === undefined || first === undefined || !BEGINS.test(first.name) || links.some((link) => ENDS.test(link.name))) return null
  const body = bodyOf(tokens, name)
  const table = { text: body === null ? usualTable(imported(tokens, name)) : (declaredTable(tokens, body) ?? usualTable(name)), range: { from: at - 2, to: at - 1 } }
  // Its class says so, if it is in sight.
  const marks = body === null || tokens.slice(body.from, body.to).some((token) => isWord(token, "SoftDeletes"))
  return {
    table,
    links: links.filter((link) => !STARTS.test(link.name)).map((link) => (link.name === "forceDelete" ? { ...link, name: "delete" } : link)),
    mayMark: marks && links.at(-1)?.name === "delete",
  }
}

/** The class that a file knows under a name: `use App\\Models\\User as Owner;`. */
function imported(tokens: readonly Token[], name: string): string {
  const at = tokens.findIndex((token, index) => isWord(token, "as") && isWord(tokens[index + 1], name) && isWord(tokens[index - 2], "use"))
  return at < 0 ? name : (CLASS.exec(textOf(tokens[at - 1]) ?? "")?.[1] ?? name)
}

/** A class of the file, from its name on. */
function bodyOf(tokens: readonly Token[], name: string): { readonly from: number; readonly to: number } | null {
  const from = tokens.findIndex((token, at) => isWord(token, "class") && isWord(tokens[at + 1], name))
  if (from < 0) return null
  const next = tokens.findIndex((token, at) => at > from && isWord(token, "class") && !isSign(tokens[at - 1], "."))
  return { from, to: next < 0 ? tokens.length : next }
}

/** `protected $table = "orders";` */
function declaredTable(tokens: readonly Token[], { from, to }: { readonly from: number; readonly to: number }): string | null {
  const at = tokens.findIndex((token, index) => index > from && index < to && isWord(token, "$table") && isSign(tokens[index + 1], "="))
  return at < 0 ? null : (textAt(tokens, { from: at + 2, to: at + 3 })?.text ?? null)
}

/** The plural of the class in words: `OrderLine` as `order_lines`. Source: Str::pluralStudly and Str::snake. */
function usualTable(name: string): string {
  return plural(name.replace(/(.)(?=[A-Z])/g, "$1_").toLowerCase())
}
