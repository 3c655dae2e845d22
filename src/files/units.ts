/** How a file falls into the parts that a tool handles one by one. Works on lines; knows no SQL. */
import type { Directive, Direction, Runner, Send, Unit, Wrap } from "./types.ts"

/** A line that opens a section. */
export interface SectionMark {
  /** Where the line starts. */
  readonly index: number
  /** The line, without its end. */
  readonly line: string
  readonly direction: Direction
  readonly name?: string
}

/** The whole file as one unit. */
export function wholeFile(text: string, runner: Runner, direction: Direction, directive?: Directive): Unit {
  return unit({ start: 0, end: text.length, direction }, runner, directive)
}

/** A unit that runs as the runner does, unless a directive changes that. */
export function unit(
  part: { start: number; end: number; direction: Direction; name?: string },
  runner: Pick<Runner, "wrap" | "send" | "why" | "name">,
  directive?: Directive,
  off: { send?: Send; wrap?: Wrap } = {},
): Unit {
  if (directive?.effective !== true) {
    const { wrap, send, why } = runner
    // The common case, without what a spread costs for every file.
    if (directive === undefined && part.name === undefined) return { start: part.start, end: part.end, direction: part.direction, wrap, send, why }
    return directive === undefined ? { ...part, wrap, send, why } : { ...part, wrap, send, why, directive }
  }
  return {
    ...part,
    wrap: off.wrap ?? "none",
    send: off.send ?? runner.send,
    why: `\`${directive.text.trim()}\` turns off the transaction of ${runner.name}`,
    directive,
  }
}

/** All lines that match; the pattern must have the flags `g` and `m` and match from the start of the line. */
export function marks(
  text: string,
  pattern: RegExp,
  read: (match: RegExpExecArray) => Omit<SectionMark, "index" | "line"> | undefined,
): SectionMark[] {
  const found: SectionMark[] = []
  for (const match of text.matchAll(pattern)) {
    const facts = read(match)
    if (facts !== undefined) found.push({ index: match.index, line: lineAt(text, match.index), ...facts })
  }
  return found
}

/** Where each section ends: at the next mark, or at the end of the text. */
export function sections(
  text: string,
  found: readonly SectionMark[],
): readonly (SectionMark & { start: number; end: number })[] {
  return found.map((mark, index) => ({ ...mark, start: mark.index, end: found[index + 1]?.index ?? text.length }))
}

/** The line that starts at an offset, without its end. */
function lineAt(text: string, index: number): string {
  const end = text.indexOf("\n", index)
  const line = end < 0 ? text.slice(index) : text.slice(index, end)
  return line.endsWith("\r") ? line.slice(0, -1) : line
}

/** A directive at an offset, which may lie on a line with other things. */
export function directiveAt(text: string, index: number, words: string, reason?: string): Directive {
  let line = 1
  for (let at = text.indexOf("\n"); at >= 0 && at < index; at = text.indexOf("\n", at + 1)) line += 1
  const place = { text: words, line, span: { start: index, end: index + words.length } }
  return reason === undefined ? { ...place, effective: true } : { ...place, effective: false, reason }
}

/** The first match of a pattern as a directive that covers its whole line. */
export function directiveLine(text: string, pattern: RegExp, reason?: string): Directive | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const start = text.lastIndexOf("\n", match.index - 1) + 1
  return directiveAt(text, start, lineAt(text, start), reason)
}
