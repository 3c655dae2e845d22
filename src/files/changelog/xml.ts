/** Changelogs in XML. */
import type { FormatLibraries } from "../format-libraries.ts"
import type { ChangelogNode, ValueRun } from "./nodes.ts"

interface Open extends ChangelogNode {
  readonly runs: ValueRun[]
  readonly children: ChangelogNode[]
  end: number
}

const ATTRIBUTE = /([^\s=<>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const ENTITY = /&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi
const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" }

/** The outermost element; null for what is no XML. */
export function xmlNode(text: string, { SaxesParser }: FormatLibraries["xml"]): ChangelogNode | null {
  const parser = new SaxesParser({ xmlns: false })
  const open: Open[] = []
  let root: ChangelogNode | null = null
  let isBroken = false
  /** Where the markup before ended. */
  let last = 0
  /**
   * Takes the text in front of markup, which is where the next `<` stands, and says where that is. The parser tells of some markup before its last
   * character.
   */
  const markup = (end: string): number => {
    const start = text.indexOf("<", last)
    open.at(-1)?.runs.push(...decoded(text, last, start))
    last = text.indexOf(end, parser.position - end.length) + end.length
    return start
  }
  parser.on("error", () => { isBroken = true })
  parser.on("comment", () => { markup("-->") })
  parser.on("doctype", () => { markup(">") })
  for (const event of ["processinginstruction", "xmldecl"] as const) parser.on(event, () => { markup("?>") })
  parser.on("cdata", () => {
    const from = markup("]]>") + "<![CDATA[".length
    const to = last - "]]>".length
    open.at(-1)?.runs.push({ value: text.slice(from, to), from, to, kind: "plain" })
  })
  parser.on("opentag", ({ name, isSelfClosing }) => {
    const start = markup(">")
    const local = withoutPrefix(name)
    const from = start + 1 + name.length
    const tag = text.slice(from, last)
    const element: Open = {
      name: local,
      runs: [],
      children: [...tag.matchAll(ATTRIBUTE)].map((match) => attribute(text, from + match.index, match)),
      isEmpty: false,
      span: { start, end: from },
      end: last,
      insertion: { at: from + tag.replace(/\s*\/?>$/, "").length, write: (attributeName, value) => ` ${attributeName}="${value}"` },
    }
    open.at(-1)?.children.push(element)
    root ??= element
    if (!isSelfClosing) open.push(element)
  })
  parser.on("closetag", ({ isSelfClosing }) => {
    if (isSelfClosing) return
    markup(">")
    const element = open.pop()
    if (element === undefined) return
    element.end = last
    if (element.runs.every(({ value }) => value.trim() === "")) element.runs.length = 0
  })
  parser.write(text).close()
  return isBroken ? null : root
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(":") + 1)
}

function attribute(text: string, start: number, [all, name = "", double, single = ""]: RegExpMatchArray): ChangelogNode {
  const end = start + all.length
  const value = double ?? single
  return { name: withoutPrefix(name), runs: decoded(text, end - 1 - value.length, end - 1), children: [], isEmpty: value === "", span: { start, end }, end, insertion: null }
}

/** Text with the characters that its references stand for. */
function decoded(text: string, from: number, to: number): readonly ValueRun[] {
  const runs: ValueRun[] = []
  let at = from
  const plain = (end: number): void => {
    if (end > at) runs.push({ value: text.slice(at, end), from: at, to: end, kind: "plain" })
    at = end
  }
  for (const match of text.slice(from, to).matchAll(ENTITY)) {
    const [all, hexadecimal, decimal, name = ""] = match
    const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16)
    const value = Number.isNaN(code) ? NAMED[name] : code > 0x10ffff ? undefined : String.fromCodePoint(code)
    plain(from + match.index)
    runs.push({ value: value ?? all, from: at, to: at + all.length, kind: value === undefined ? "hole" : "escape" })
    at += all.length
  }
  plain(to)
  return runs
}
