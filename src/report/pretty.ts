import wrapAnsi from "wrap-ansi"
import type { ResultError, ResultFinding, ResultSummary } from "../engine/result.ts"
import { renderSteps } from "../playbook/index.ts"
import type { Colors } from "./colors.ts"
import { codeFrame } from "./frame.ts"
import type { Reporter } from "./reporter.ts"

export interface PrettyOptions {
  readonly colors: Colors
  readonly width: number
  /** Print only errors, no warnings, no steps. */
  readonly quiet: boolean
}

/** How long a lock is held, in words. */
const DURATIONS = {
  instant: "for an instant",
  scan: "while the table is scanned",
  rewrite: "while the table is rewritten",
  build: "while the index is built",
  transaction: "until the transaction commits",
} as const

/** `--format pretty`: for people, in the manner of a compiler. */
export function prettyReporter({ colors, width }: PrettyOptions): Reporter {
  const explained = new Set<string>()
  return {
    start: () => "",
    file(findings, sql) {
      const lines = sql.split(/\r\n|\n|\r/)
      if (lines[0]?.startsWith("\uFEFF") === true) lines[0] = lines[0].slice(1)
      return findings.map((finding) => `${render(finding, lines)}\n`).join("")
    },
    error: (error) => `${colors.bold(colors.red("error"))}: ${place(error)}: ${error.message}\n\n`,
    end: (summary) => closing(summary, colors),
  }

  function render(finding: ResultFinding, lines: readonly string[]): string {
    const paint = finding.severity === "error" ? colors.red : colors.yellow
    const gutter = " ".repeat(String(finding.endLine).length)
    const out = [
      wrap(`${colors.bold(paint(`${finding.severity}[${finding.rule}]`))}${colors.bold(`: ${finding.message}`)}`, 0),
      `${gutter}${colors.dim("-->")} ${finding.file}:${finding.line}:${finding.column}`,
      ...codeFrame(lines, finding, { colors, width, paint }),
    ]
    for (const lock of finding.locks) {
      out.push(note(gutter, "lock", `${lock.mode} on ${lock.relation}: blocks ${lock.blocks.join(" and ")} ${DURATIONS[lock.duration]}`))
    }
    // The mechanism behind a rule is explained once a run; `pgsafe explain` has the rest.
    if (finding.why !== null && !explained.has(finding.rule)) {
      explained.add(finding.rule)
      out.push(note(gutter, "why", finding.why))
    }
    for (const uncertain of finding.uncertain) out.push(note(gutter, "unknown", uncertain))
    for (const { file, line, column, message } of finding.related) out.push(note(gutter, "see", `${file}:${line}:${column}: ${message}`))
    if (finding.steps.length > 0) {
      out.push(note(gutter, "safe version", ""))
      out.push(renderSteps(finding.steps).trimEnd().split("\n").map((line) => line === "" ? "" : `${gutter}   ${line}`).join("\n"))
    }
    return `${out.join("\n")}\n`
  }

  function note(gutter: string, label: string, text: string): string {
    return wrap(`${gutter} ${colors.dim("=")} ${colors.bold(label)}:${text === "" ? "" : ` ${text}`}`, gutter.length + 5 + label.length)
  }

  function wrap(text: string, indent: number): string {
    const [first = "", ...rest] = wrapAnsi(text, width, { trim: false }).split("\n")
    if (rest.length === 0) return first
    // Continuation lines are narrower than the first: what does not fit behind it is wrapped again.
    const tail = wrapAnsi(rest.join(" ").replace(/ +/g, " ").trim(), width - indent).split("\n")
    return [first.trimEnd(), ...tail.map((line) => " ".repeat(indent) + line)].join("\n")
  }
}

function place({ file, line, column }: ResultError): string {
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`
}

function closing({ files, statements, errors, warnings }: ResultSummary, colors: Colors): string {
  const looked = `${plural(statements, "statement")} in ${plural(files, "file")}`
  if (errors + warnings === 0) return `${colors.green("no findings")} in ${looked}\n`
  const parts = [
    ...(errors > 0 ? [colors.bold(colors.red(plural(errors, "error")))] : []),
    ...(warnings > 0 ? [colors.bold(colors.yellow(plural(warnings, "warning")))] : []),
  ]
  return `${parts.join(" and ")} in ${looked}\n`
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`
}
