import { Linter } from "eslint"
import plugin from "./source.ts"

export interface Options {
  readonly filename?: string
  readonly settings?: object
  /** Default: all of the `recommended` configuration. */
  readonly rules?: Record<string, "error">
}

const MIGRATION = "src/migrations/20240102030405-change.js"

/** Lints a file of JavaScript; each message as `<rule>: <the text reported>`. */
export function lintCode(code: string, { filename = MIGRATION, settings = {}, rules }: Options = {}): string[] {
  return messages(code, { filename, settings, ...(rules !== undefined && { rules }) }).map(({ ruleId, line, column, endLine, endColumn }) => {
    const starts = [0]
    for (const { index } of code.matchAll(/\r\n|[\r\n\u2028\u2029]/g)) starts.push(index + (code.startsWith("\r\n", index) ? 2 : 1))
    const at = (row: number, col: number): number => (starts[row - 1] ?? 0) + col - 1
    return `${ruleId?.replace("pgsafe/", "") ?? "no rule"}: ${code.slice(at(line, column), at(endLine ?? line, endColumn ?? column))}`
  })
}

export function messages(code: string, { filename = MIGRATION, settings = {}, rules }: Options = {}): Linter.LintMessage[] {
  return new Linter({ configType: "flat" }).verify(
    code,
    [
      { ...plugin.configs.recommended, files: ["**/*"], ...(rules !== undefined && { rules }) },
      { languageOptions: { sourceType: code.includes("import ") ? "module" : "commonjs" }, settings: { pgsafe: settings } },
    ],
    filename,
  )
}
