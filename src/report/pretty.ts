import type { ResultFinding, ResultSummary } from "../engine/result.ts"
import type { Colors } from "./colors.ts"
import { codeFrame } from "./frame.ts"
import { lockInWords } from "./lock.ts"
import type { Reporter } from "./reporter.ts"
import { stepsAsSql } from "./steps.ts"
import { plural, visible, visiblePath, wrap } from "./text.ts"

export interface PrettyOptions {
  readonly colors: Colors
  readonly width: number
  /** Warnings are not shown. */
  readonly quiet: boolean
}

/** `--format pretty`: for people, in the manner of a compiler. */
export function prettyReporter({ colors, width, quiet }: PrettyOptions): Reporter {
  const explained = new Set<string>()
  let failed = 0
  return {
    start: () => "",
    file(findings, sql) {
      const lines = sql.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/)
      return findings.map((finding) => `${render(finding, lines)}\n`).join("")
    },
    error() {
      failed += 1
      return ""
    },
    end: (summary) => closing(summary),
  }

  function render(finding: ResultFinding, lines: readonly string[]): string {
    const paint = finding.severity === "error" ? colors.red : colors.yellow
    const gutter = " ".repeat(String(finding.endLine).length)
    const heading = `${colors.bold(paint(`${finding.severity}[${finding.rule}]`))}${colors.bold(`: ${visible(finding.message)}`)}`
    const out = [
      wrap(heading, width),
      `${gutter}${colors.dim("-->")} ${visiblePath(finding.file)}:${finding.line}:${finding.column}`,
      ...codeFrame(lines, finding, { colors, width, paint }),
    ]
    for (const lock of finding.locks) out.push(note(gutter, "lock", lockInWords(lock)))
    // The mechanism behind a rule is explained once a run; `pgsafe explain` has the rest.
    if (finding.why !== null && !explained.has(finding.rule)) {
      explained.add(finding.rule)
      out.push(note(gutter, "why", finding.why))
    }
    for (const unknown of finding.uncertain) out.push(note(gutter, "unknown", unknown))
    for (const { file, line, column, message } of finding.related) out.push(note(gutter, "see", `${visiblePath(file)}:${line}:${column}: ${message}`))
    if (finding.steps.length > 0) {
      out.push(note(gutter, "safe version", ""))
      const margin = `${gutter}   `
      const steps = visible(stepsAsSql(finding.steps, width - margin.length))
      out.push(steps.split("\n").map((line) => paintComment(line, margin)).join("\n"))
    }
    return `${out.join("\n")}\n`
  }

  function paintComment(line: string, margin: string): string {
    if (line === "") return ""
    return margin + (line.startsWith("-- ") ? colors.dim(line) : line)
  }

  function note(gutter: string, label: string, text: string): string {
    const head = `${gutter} ${colors.dim("=")} ${colors.bold(label)}:`
    return wrap(text === "" ? head : `${head} ${visible(text)}`, width, `${gutter}   `)
  }

  function closing({ files, statements, errors, warnings }: ResultSummary): string {
    const looked = `${plural(statements, "statement")} in ${plural(files, "file")}`
    const parts = [
      ...(errors > 0 ? [colors.bold(colors.red(plural(errors, "error")))] : []),
      ...(warnings > 0 ? [`${colors.bold(colors.yellow(plural(warnings, "warning")))}${quiet ? " (not shown)" : ""}`] : []),
    ]
    const found = parts.length === 0 ? (failed === 0 ? colors.green("no findings") : "no findings") : parts.join(" and ")
    const unread = failed === 0 ? "" : `; ${colors.bold(colors.red(`${plural(failed, "path")} not read`))}`
    return `${found} in ${looked}${unread}\n`
  }
}
