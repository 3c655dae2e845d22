import { RESULT_VERSION, type ResultError } from "../engine/result.ts"
import type { Reporter } from "./reporter.ts"

/** `--format json`: the library's result as one JSON document, written while the run goes on. */
export function jsonReporter(pgVersion: number): Reporter {
  const errors: ResultError[] = []
  let separator = "\n"
  return {
    start: () => `{"version":${RESULT_VERSION},"pgVersion":${pgVersion},"findings":[`,
    file(findings) {
      let text = ""
      for (const finding of findings) {
        text += separator + JSON.stringify(finding)
        separator = ",\n"
      }
      return text
    },
    error(error) {
      errors.push(error)
      return ""
    },
    end: (summary) => `\n],"errors":${JSON.stringify(errors)},"summary":${JSON.stringify(summary)}}\n`,
  }
}
