/** Calls to which SQL is handed as text. */
import { textAt, verdictOf } from "../../embedded/index.ts"
import { child, children, unwrap, type Node } from "../../embedded/node.ts"
import { isFunction } from "../nodes.ts"
import { sqlFileOf, textOfFile } from "../sql-files.ts"
import { placeOf, resolved } from "../values.ts"
import { maybe, type Place } from "./place.ts"
import { resultOf } from "../result.ts"
import { findIn, type Walker } from "./walker.ts"

/** Sends the SQL that is handed to a call. @param path How it is called. @returns whether it is such a call */
export function sendRaw(walker: Walker, call: Node, path: string, place: Place): boolean {
  if (place.inQuery === true && path.endsWith(".raw")) return true
  const read = textAt(call, findIn(walker, place.scope), path)
  if (read === null) return false
  const { outbox } = walker
  const [first] = children(call, "arguments")
  const found = read.text === null && first !== undefined ? (textOfResult(walker, call, first, path, place) ?? read) : read
  const choice = first === undefined || found.text !== null ? null : resolved(first, place.scope.resolve)
  if (found.text !== null) outbox.send(found.text, call, found.explicit, path, place)
  else if (choice?.type === "ConditionalExpression") sendChoice(walker, call, choice, path, place)
  else if (first !== undefined && sendFile(walker, call, first, path, place)) return true
  else if (first === undefined || isFunction(unwrap(first))) return false
  else if (!isFile(first, walker.sources.all)) outbox.missed(call, true, place)
  return true
}

/** `flag ? "one" : "other"`: either may be sent, unless the flag is known. */
function sendChoice(walker: Walker, call: Node, choice: Node, path: string, place: Place): void {
  const test = child(choice, "test")
  const known = test === null ? null : verdictOf(test, place.scope.resolve)
  const more = children(call, "arguments").slice(1)
  for (const [branch, when] of [[child(choice, "consequent"), true], [child(choice, "alternate"), false]] as const) {
    if (branch === null || known === !when) continue
    sendRaw(walker, { ...call, arguments: [branch, ...more] }, path, known === null ? maybe(place) : place)
  }
}

/** SQL that the code reads from a file. */
function sendFile({ outbox, sqlFile }: Walker, call: Node, argument: Node, path: string, place: Place): boolean {
  if (sqlFile === null) return false
  const { scope: inside, node } = resultOf(argument, place.scope) ?? { scope: place.scope, node: argument }
  const request = sqlFileOf(node, inside.resolve) ?? sqlFileOf(argument, place.scope.resolve)
  const file = request === null ? null : sqlFile(request)
  if (file === null) return false
  outbox.send(textOfFile(file, placeOf(call)), call, true, path, place)
  return true
}

/** SQL that a function makes. */
function textOfResult(walker: Walker, call: Node, argument: Node, path: string, { scope }: Place): ReturnType<typeof textAt> {
  const result = resultOf(argument, scope)
  if (result === null) return null
  const found = textAt({ ...call, arguments: [result.node, ...children(call, "arguments").slice(1)] }, findIn(walker, result.scope), path)
  return found?.text == null ? null : found
}

/** SQL that db-migrate's own templates read from a file, which is linted as such. */
function isFile(argument: Node, source: string): boolean {
  const { from, to } = placeOf(argument)
  return /^(?:data|sql)$/.test(source.slice(from, to)) && /["'`]sqls["'`]/.test(source)
}
