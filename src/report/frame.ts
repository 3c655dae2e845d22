import type { Colors } from "./colors.ts"
import { fitting, textWidth, visible } from "./text.ts"

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

/** A place in a text: lines and columns count from 1, columns in UTF-16 units, the end is exclusive. */
export interface Place {
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/**
 * The lines of source around a place with the place marked under them, as compilers print it. Wide characters and tabs are
 * measured by the columns they fill on a terminal.
 */
export function codeFrame(source: readonly string[], place: Place, { colors, width, paint }: FrameOptions): string[] {
  const last = Math.min(place.endLine, place.line + SHOWN - 1)
  const gutter = String(last).length
  const bar = colors.dim("|")
  const room = Math.max(width - gutter - 3, 20)
  const out = [`${" ".repeat(gutter)} ${bar}`]
  for (let number = place.line; number <= last; number++) {
    const line = source[number - 1] ?? ""
    const from = number === place.line ? place.column - 1 : indent(line)
    const to = number === place.endLine ? place.endColumn - 1 : line.trimEnd().length
    const { text, marks } = mark(line, from, Math.max(to, from), room)
    out.push(`${colors.dim(String(number).padStart(gutter))} ${bar} ${text}`.trimEnd())
    if (marks !== "") out.push(`${" ".repeat(gutter)} ${bar} ${paint(marks)}`)
  }
  if (last < place.endLine) {
    const more = place.endLine - last
    out.push(`${" ".repeat(gutter)} ${bar} ${colors.dim(`(${more} more line${more === 1 ? "" : "s"})`)}`)
  }
  out.push(`${" ".repeat(gutter)} ${bar}`)
  return out
}

function indent(line: string): number {
  return line.length - line.trimStart().length
}

/** A line as a terminal shows it, and the carets under `[from, to)`; of a long line the marked part is kept. */
function mark(line: string, from: number, to: number, room: number): { text: string; marks: string } {
  if (line.trim() === "") return { text: "", marks: "" }
  let before = shown(line.slice(0, from))
  let marked = shown(line.slice(from, to))
  const after = shown(line.slice(to))
  const most = Math.max(room - textWidth(marked), Math.floor(room / 3))
  if (textWidth(before) > most) before = `…${lastColumns(before, most - 1)}`
  let left = room - textWidth(before)
  if (textWidth(marked) > left) {
    marked = `${fitting(marked, left - 1)}…`
    left = 0
  } else left -= textWidth(marked)
  const rest = textWidth(after) <= left ? after : left > 1 ? `${fitting(after, left - 1)}…` : ""
  return { text: before + marked + rest, marks: " ".repeat(textWidth(before)) + "^".repeat(Math.max(textWidth(marked), 1)) }
}

/** Text as it is printed: tabs filled, control characters visible. */
function shown(text: string): string {
  return visible(text.replaceAll("\t", TAB))
}

function lastColumns(text: string, columns: number): string {
  return [...fitting([...text].reverse().join(""), columns)].reverse().join("")
}
