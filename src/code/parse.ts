/** Parses JavaScript and TypeScript. Loaded only when there is code to lint: it takes some 40 ms. */
import { tsPlugin } from "@sveltejs/acorn-typescript"
import { Parser } from "acorn"
import { isNode, type Node } from "../embedded/node.ts"

const parser = Parser.extend(tsPlugin())

/** The program; null when it is not valid code of either kind of module. */
export function parseCode(source: string): Node | null {
  for (const sourceType of ["module", "script"] as const) {
    try {
      const options = { ecmaVersion: "latest", sourceType, allowHashBang: true, allowReturnOutsideFunction: true, locations: true } as const
      const program: unknown = parser.parse(source, options)
      if (isNode(program)) return program
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  return null
}
