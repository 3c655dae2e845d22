/** Measures, wraps and words text. */

// Colours take no room (see colors.ts).
// eslint-disable-next-line no-control-regex -- the escape character is just what has to be found
const COLORS = /\u001b\[\d+m/g

const PRINTABLE_ASCII = /^[ -~]*$/

/** Characters that a terminal shows two columns wide (Unicode, "East Asian Width": Wide and Fullwidth; and emoji). */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u
const HALF_WIDTH = /[\uff61-\uffdc]/u

/** Characters that take no column of their own: combining marks and format characters. */
const WITHOUT_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u

/** The columns that a text fills. */
export function textWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length
  let width = 0
  for (const character of text.replace(COLORS, "")) width += characterWidth(character)
  return width
}

function characterWidth(character: string): number {
  if (PRINTABLE_ASCII.test(character)) return 1
  if (WITHOUT_WIDTH.test(character)) return 0
  return WIDE.test(character) && !HALF_WIDTH.test(character) ? 2 : 1
}

/** The start of a text that fits into some columns. */
export function fitting(text: string, columns: number): string {
  let end = 0
  let used = 0
  for (const character of text) {
    used += characterWidth(character)
    if (used > columns) break
    end += character.length
  }
  return text.slice(0, end)
}

/**
 * Breaks a text at blanks so that no line is wider than `width`, if its words are not. The lines after the first start
 * with `prefix`. Lines of the text that are indented stay as they are: they are SQL.
 */
export function wrap(text: string, width: number, prefix = ""): string {
  const lines: string[] = []
  for (const paragraph of text.split("\n")) {
    if (lines.length > 0 && paragraph.startsWith("  ")) {
      lines.push(prefix + paragraph)
      continue
    }
    let line = lines.length === 0 ? "" : prefix
    let used = textWidth(line)
    let blank = true
    for (const word of paragraph.split(" ")) {
      const size = textWidth(word)
      if (!blank && used + 1 + size > width) {
        lines.push(line)
        line = prefix + word
        used = textWidth(prefix) + size
      } else {
        line += blank ? word : ` ${word}`
        used += blank ? size : size + 1
      }
      blank = false
    }
    lines.push(line.trimEnd())
  }
  return lines.join("\n")
}

/** Made from its number: the bundles are plain ASCII (see ARCHITECTURE.md). */
const MIDDLE_DOT = String.fromCodePoint(0xb7)

/** Text in which control characters other than tabs and line ends are visible, so that they cannot steer the terminal. */
export function visible(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are just what has to be found
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\r(?!\n)/g, MIDDLE_DOT)
}

/** A path, which may hold what would break its line. */
export function visiblePath(path: string): string {
  return visible(path).replace(/[\t\r\n]/g, MIDDLE_DOT)
}

/** "1 file", "1,234 files". */
export function plural(count: number, noun: string): string {
  return `${String(count).replace(/\B(?=(?:\d{3})+$)/g, ",")} ${noun}${count === 1 ? "" : "s"}`
}
