import { rules } from "../../rules/index.ts"
import { lintCode } from "../../src/cli/code-files.ts"
import { parseCode } from "../../src/code/parse.ts"
import { readCode } from "../../src/code/read.ts"
import type { Finding } from "../../src/engine/finding.ts"
import { activate } from "../../src/engine/select.ts"

/** What a migration in JavaScript sends, text by text, and the calls that were not read. */
export function read(tool: string, source: string): { readonly sql: readonly string[]; readonly unread: readonly string[] } {
  const program = parseCode(source)
  if (program === null) throw new Error("not valid")
  const { script, unread } = readCode(program, source, tool)
  return { sql: script.sql.split("\n;\n").filter(Boolean), unread: unread.map(({ start, end }) => source.slice(start, end)) }
}

/** What is found in a migration in any language, but for missing timeouts. */
export function linted(path: string, source: string): readonly Finding[] {
  const options = { pgVersion: 17, rules: activate(rules, { ignore: ["lock-timeout-missing"] }), transaction: undefined }
  const result = lintCode(path, source, options)
  if (result === null || "message" in result) throw new Error(result === null ? "no migration" : result.message)
  return result.findings
}
