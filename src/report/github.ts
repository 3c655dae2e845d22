import type { ResultError, ResultFinding } from "../engine/result.ts"
import { lockInWords } from "./lock.ts"
import type { Reporter } from "./reporter.ts"
import { stepsAsSql } from "./steps.ts"
import { plural } from "./text.ts"

/**
 * `--format github`: workflow commands, which GitHub shows beside the lines of a pull request
 * (GitHub documentation, "Workflow commands for GitHub Actions").
 */
export function githubReporter(): Reporter {
  return {
    start: () => "",
    file: (findings) => findings.map(annotation).join(""),
    error: (error) => failure(error),
    end: ({ files, statements, errors, warnings }) =>
      `pgsafe: ${plural(errors, "error")} and ${plural(warnings, "warning")} in ${plural(statements, "statement")} in ${plural(files, "file")}\n`,
  }
}

function annotation(finding: ResultFinding): string {
  const properties = [
    `file=${property(finding.file)}`,
    `line=${finding.line}`,
    `endLine=${finding.endLine}`,
    // Columns are only shown, and only valid, within one line.
    ...(finding.line === finding.endLine ? [`col=${finding.column}`, `endColumn=${finding.endColumn}`] : []),
    `title=${property(`pgsafe: ${finding.rule}`)}`,
  ]
  return `::${finding.severity} ${properties.join(",")}::${data(details(finding))}\n`
}

/** What the annotation says: the message, the locks, what is not known, and the safe version as SQL. */
function details({ message, why, locks, steps, related, uncertain }: ResultFinding): string {
  const parts = [message, ...locks.map((lock) => `Lock: ${lockInWords(lock)}`)]
  if (why !== null) parts.push(why)
  for (const unknown of uncertain) parts.push(`Unknown: ${unknown}`)
  for (const place of related) parts.push(`See ${place.file}:${place.line}:${place.column}: ${place.message}`)
  if (steps.length > 0) parts.push(stepsAsSql(steps, Infinity))
  return parts.join("\n")
}

function failure({ file, line, column, message }: ResultError): string {
  const place = line === undefined ? "" : `,line=${line},col=${column ?? 1}`
  return `::error file=${property(file)}${place},title=pgsafe::${data(message)}\n`
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C")
}
