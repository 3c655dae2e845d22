/** Draws what the terminal shows, from the real output: the picture of the README. */
import { readFileSync } from "node:fs"
import { stripVTControlCharacters } from "node:util"
import { lint } from "../src/index.ts"
import { createColors } from "../src/report/colors.ts"
import { prettyReporter } from "../src/report/pretty.ts"

const FILE = "fixtures/projects/orders/migrations/002_add_region.sql"
const COLUMNS = 80
/** Pixels of a character of the font, and of the margin. */
const CELL = { width: 8.4, height: 19 }
const MARGIN = 20

const FOREGROUND = "#d6deeb"
const COLORS: Readonly<Record<string, string>> = { 31: "#ff6b6b", 32: "#7bd88f", 33: "#ffd166" }

interface Style {
  readonly bold: boolean
  readonly dim: boolean
  readonly color: string
}

const PLAIN: Style = { bold: false, dim: false, color: FOREGROUND }

/** The picture, as SVG. */
export function picture(): string {
  const lines = [`\u001b[2m$\u001b[22m npx pgsafe lint ${FILE}`, "", ...output().trimEnd().split("\n")]
  // SQL is never wrapped, so that a line of it can be longer than the terminal is wide.
  const columns = Math.max(COLUMNS, ...lines.map((line) => stripVTControlCharacters(line).length))
  const width = round(columns * CELL.width + 2 * MARGIN)
  const height = lines.length * CELL.height + 2 * MARGIN
  let style = PLAIN
  const texts = lines.flatMap((line, index) => {
    const y = MARGIN + (index + 0.75) * CELL.height
    const drawn: string[] = []
    let column = 0
    // eslint-disable-next-line no-control-regex -- the escape character is just what has to be found
    for (const part of line.split(/(\u001b\[\d+m)/)) {
      const code = /^\u001b\[(\d+)m$/.exec(part)?.[1] // eslint-disable-line no-control-regex -- as above
      if (code !== undefined) style = restyled(style, code)
      else {
        if (part.trim() !== "") drawn.push(text(part, column, y, style))
        column += part.length
      }
    }
    return drawn
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="The output of pgsafe lint">`,
    `<rect width="${width}" height="${height}" rx="8" fill="#011627"/>`,
    `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">`,
    ...texts,
    "</g>",
    "</svg>",
    "",
  ].join("\n")
}

function output(): string {
  const sql = readFileSync(new URL(`../${FILE}`, import.meta.url), "utf8")
  const { findings, summary } = lint({ files: [{ path: FILE, sql }] })
  const reporter = prettyReporter({ colors: createColors(true), width: COLUMNS, quiet: false })
  return reporter.file(findings, sql) + reporter.end(summary)
}

function restyled(style: Style, code: string): Style {
  switch (code) {
    case "1": return { ...style, bold: true }
    case "2": return { ...style, dim: true }
    case "22": return { ...style, bold: false, dim: false }
    case "39": return { ...style, color: FOREGROUND }
    default: {
      const color = COLORS[code]
      if (color === undefined) throw new Error(`the picture knows no style ${code}`)
      return { ...style, color }
    }
  }
}

function text(content: string, column: number, y: number, { bold, dim, color }: Style): string {
  const lead = content.length - content.trimStart().length
  const shown = content.trim()
  const x = round(MARGIN + (column + lead) * CELL.width)
  const attributes = [
    `x="${x}"`,
    `y="${round(y)}"`,
    // The reader's font may be wider or narrower; the columns have to stay where they are.
    `textLength="${round(shown.length * CELL.width)}"`,
    `fill="${color}"`,
    ...(bold ? ['font-weight="bold"'] : []),
    ...(dim ? ['opacity="0.6"'] : []),
  ]
  return `<text ${attributes.join(" ")}>${shown.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")}</text>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
