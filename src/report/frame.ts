import stringWidth from "string-width"
import type { Colors } from "./colors.ts"

/** Columns that a tab fills in a frame. */
const TAB = "    "
/** Lines of a long span that are shown before the rest is folded. */
const SHOWN = 4

export interface FrameOptions {
  readonly colors: Colors
  /** Columns of the terminal. */
  readonly width: number
  readonly paint: (text: string) => string
}

/**
 * The lines of source around a span with the span marked under them, as compilers print it. Lines and columns count from 1,
 * columns in UTF-16 units; wide characters and tabs are measured by the columns they fill on a terminal.
 */
export function codeFrame(
  source: readonly string[],
  span: { readonly line: number; readonly column: number; readonly endLine: number; readonly endColumn: number },
  { colors, width, paint }: FrameOptions,
): string[] {
  const gutter = String(span.endLine).length
  const bar = colors.dim("|")
  const out = [`${" ".repeat(gutter)} ${bar}`]
  const last = Math.min(span.endLine, span.line + SHOWN - 1)
  const room = Math.max(width - gutter - 4, 20)
  for (let number = span.line; number <= last; number++) {
    const line = source[number - 1] ?? ""
    const from = number === span.line ? span.column - 1 : indent(line)
    const to = number === span.endLine ? span.endColumn - 1 : line.trimEnd().length
    const { text, marks } = mark(line, from, Math.max(to, from + (span.line === span.endLine ? 1 : 0)), room)
    out.push(`${colors.dim(String(number).padStart(gutter))} ${bar} ${text}`.trimEnd())
    if (marks.trim() !== "") out.push(`${" ".repeat(gutter)} ${bar} ${paint(marks)}`)
  }
  if (last < span.endLine) out.push(`${" ".repeat(gutter)} ${bar} ${colors.dim(`(${span.endLine - last} more lines)`)}`)
  out.push(`${" ".repeat(gutter)} ${bar}`)
  return out
}

function indent(line: string): number {
  return line.length - line.trimStart().length
}

/** A line as a terminal shows it and the carets under `[from, to)`; a long line is cut so that the marked part is seen. */
function mark(line: string, from: number, to: number, room: number): { text: string; marks: string } {
  let before = shown(line.slice(0, from))
  let marked = shown(line.slice(from, to))
  let after = shown(line.slice(to))
  if (stringWidth(before) + stringWidth(marked) > room && stringWidth(before) > room / 3) before = `…${tail(before, Math.floor(room / 3))}`
  const left = room - stringWidth(before)
  const cut = stringWidth(marked) > left
  if (cut) marked = `${head(marked, left - 1)}`
  const rest = room - stringWidth(before) - stringWidth(marked)
  if (cut) after = "…"
  else if (stringWidth(after) > rest) after = rest > 1 ? `${head(after, rest - 1)}…` : ""
  return { text: before + marked + after, marks: " ".repeat(stringWidth(before)) + "^".repeat(Math.max(stringWidth(marked), 1)) }
}

/** Text as it is printed: tabs filled, control characters made visible so that they cannot steer the terminal. */
function shown(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are just what has to be found
  return text.replaceAll("\t", TAB).replace(/[\u0000-\u001f\u007f-\u009f]/g, "\u00b7")
}

function head(text: string, columns: number): string {
  let out = ""
  let used = 0
  for (const character of text) {
    used += stringWidth(character)
    if (used > columns) break
    out += character
  }
  return out
}

function tail(text: string, columns: number): string {
  return [...head([...text].reverse().join(""), columns)].reverse().join("")
}
