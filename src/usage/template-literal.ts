/** Template literals of JavaScript, whose expressions may hold other templates. */
import type { Span } from "../source/span.ts"
import type { Literal } from "./literals.ts"

/** How deep templates are looked for in each other's expressions. */
const DEEPEST = 20

/** Expressions hold little code; what seems to go on and on is no expression, but a misread sign. */
const LONGEST = 20_000

/** The template that begins at a place; null when its end, or that of an expression in it, is not found. */
export function templateAt(text: string, start: number): Literal | null {
  const expressions: Span[] = []
  const end = templateEnd(text, start, expressions, 0)
  return end === null ? null : { start, end, from: start + 1, to: end - 1, ...(expressions.length > 0 && { expressions }) }
}

/** Adds what is no text, backticks of inner templates included, and gives the place behind the template. */
function templateEnd(text: string, start: number, expressions: Span[], depth: number): number | null {
  if (depth > DEEPEST) return null
  const signs = /\\|`|\$\{/g
  signs.lastIndex = start + 1
  for (let match = signs.exec(text); match !== null; match = signs.exec(text)) {
    if (match[0] === "`") return match.index + 1
    if (match[0] === "\\") {
      signs.lastIndex = match.index + 2
      continue
    }
    const behind = expressionEnd(text, match.index, expressions, depth)
    if (behind === null) return null
    signs.lastIndex = behind
  }
  return null
}

const SIGNS = /["'`{}]|\/[/*]/g

/** Reads `${...}`, and gives the place behind its bracket. */
function expressionEnd(text: string, start: number, expressions: Span[], depth: number): number | null {
  const signs = new RegExp(SIGNS)
  signs.lastIndex = start + 2
  let open = 1
  let from = start
  for (let match = signs.exec(text); match !== null; match = signs.exec(text)) {
    const at = match.index
    if (at - start > LONGEST) return null
    switch (match[0]) {
      case "{":
        open += 1
        break
      case "}":
        open -= 1
        if (open > 0) break
        expressions.push({ start: from, end: at + 1 })
        return at + 1
      case "`": {
        expressions.push({ start: from, end: at + 1 })
        const end = templateEnd(text, at, expressions, depth + 1)
        if (end === null) return null
        from = end - 1
        signs.lastIndex = end
        break
      }
      case "//":
      case "/*":
        signs.lastIndex = commentEnd(text, at)
        break
      default:
        signs.lastIndex = stringEnd(text, at)
    }
  }
  return null
}

function commentEnd(text: string, at: number): number {
  const isLine = text.startsWith("//", at)
  const end = text.indexOf(isLine ? "\n" : "*/", at + 2)
  return end < 0 ? text.length : isLine ? end : end + 2
}

/** A quote that is not closed on its line belongs to no string, but to a regular expression or to a text of JSX. */
function stringEnd(text: string, at: number): number {
  const string = /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/y
  string.lastIndex = at
  return string.test(text) ? string.lastIndex : at + 1
}
