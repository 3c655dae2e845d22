import type { Tokens } from "../source/tokens.ts"
import type { Duration, Step } from "./step.ts"
import { lex } from "../source/lexer.ts"
import { TokenKind } from "../source/tokens.ts"

const WIDTH = 80

const HEADINGS: Readonly<Record<Step["deploy"], string>> = {
  expand: "Expand: add the new shape; the old one goes on working",
  migrate: "Migrate: move data and code over",
  contract: "Contract: remove the old shape when nothing uses it any more",
}

const HELD: Readonly<Record<Duration, string>> = {
  instant: "for an instant",
  scan: "while the rows are read",
  rewrite: "while the table is rewritten",
  build: "while the index is built",
  transaction: "until each transaction ends",
}

/**
 * The steps as plain text of 80 columns: a heading for each deploy, numbered titles, the lock, the SQL, the note. Only prose is
 * wrapped; SQL keeps its lines, however long, so that it can be pasted.
 */
export function renderSteps(steps: readonly Step[]): string {
  return steps
    .map((step, position) => {
      const heading = step.deploy === steps[position - 1]?.deploy ? [] : [HEADINGS[step.deploy], ""]
      return [...heading, ...renderStep(step, position + 1)].join("\n")
    })
    .join("\n\n")
}

function renderStep(step: Step, number: number): string[] {
  const label = `${String(number)}. `
  const margin = " ".repeat(label.length + 2)
  const lines = wrap(step.title, `  ${label}`, margin)
  const conditions = [lockWords(step), step.transaction ? null : "Outside a transaction."].filter((words) => words !== null)
  if (conditions.length > 0) lines.push(...wrap(conditions.join(" "), margin, margin))
  if (step.sql !== "") lines.push("", ...sqlLines(step.sql, `${margin}  `), "")
  if (step.note !== null) lines.push(...step.note.split("\n").flatMap((line) => noteLines(line, margin)))
  while (lines.at(-1) === "") lines.pop()
  return lines
}

/** Prose is wrapped; an indented line is code. */
function noteLines(line: string, margin: string): string[] {
  return line.startsWith("  ") ? [`${margin}${line}`] : wrap(line, margin, margin)
}

function lockWords({ lock }: Step): string | null {
  return lock === null ? null : `${lock.mode} on ${lock.relation} ${HELD[lock.duration]}.`
}

/** Indented, unless a constant or name that runs over several lines would change with it. */
function sqlLines(sql: string, margin: string): string[] {
  const by = hasLongConstant(lex(sql)) ? "" : margin
  return sql.split("\n").map((line) => (line === "" ? "" : by + line))
}

function hasLongConstant(tokens: Tokens): boolean {
  for (let i = 0; i < tokens.count; i++) {
    const text = tokens.text.slice(tokens.starts[i], tokens.ends[i])
    if (!text.includes("\n")) continue
    const kind = tokens.kinds[i]
    if (kind === TokenKind.string || kind === TokenKind.quotedName) return true
    if (kind === TokenKind.dollarString && hasLongConstant(lex(text.replace(/^\$\w*\$|\$\w*\$$/g, "")))) return true
  }
  return false
}

/** Words in lines of at most 80 columns; a longer word has its own line. */
function wrap(text: string, first: string, rest: string): string[] {
  const lines: string[] = []
  let line = first
  let empty = true
  for (const word of text.split(" ")) {
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = rest
      empty = true
    }
    line += empty ? word : ` ${word}`
    empty = false
  }
  lines.push(line)
  return lines
}
