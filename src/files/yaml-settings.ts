/** Settings in YAML: what maps, lists, anchors and several documents come to. */
import type { Document, ParsedNode, YAMLMap } from "yaml"
import type { FormatLibraries } from "./format-libraries.ts"
import { plain, type Written } from "./settings.ts"

/** How often anchors are followed in one file: some files are made to grow without end. */
const MOST_ALIASES = 100

type Yaml = FormatLibraries["yaml"]

interface Reading {
  readonly yaml: Yaml
  readonly document: Document
  readonly lineOf: (key: unknown) => number
  readonly add: (setting: Omit<Written, "document">) => void
  aliases: number
}

/** Nothing of a document that is damaged. */
export function yamlSettings(text: string, yaml: Yaml): readonly Written[] {
  const found: Written[] = []
  const lines = new yaml.LineCounter()
  // Keys are nodes that were parsed, so that each has a place.
  const lineOf = (key: unknown): number => lines.linePos((key as ParsedNode).range[0]).line
  // Ruby takes a key that is there twice.
  const documents = yaml.parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false, logLevel: "silent", prettyErrors: false })
  for (const [index, document] of ("empty" in documents ? [] : documents).entries()) {
    // `@project.version@`, which a build replaces, is no YAML until then.
    if (document.errors.some(({ code }) => code !== "BAD_SCALAR_START")) continue
    if (yaml.isMap(document.contents)) enterMap({ yaml, document, lineOf, add: (one) => found.push({ ...one, document: index }), aliases: 0 }, document.contents, "", new Set())
  }
  return found
}

/** @param given Keys of the map that this one is merged into, which have precedence. */
function enterMap(reading: Reading, map: YAMLMap, path: string, given: ReadonlySet<string>): void {
  const known = new Set([...given, ...map.items.map(({ key }) => textOf(reading, key))])
  for (const { key, value } of map.items) {
    const name = textOf(reading, key)
    if (name === "<<") {
      for (const merged of itemsOf(reading, value)) if (reading.yaml.isMap(merged)) enterMap(reading, merged, path, known)
    } else if (!given.has(name)) enter(reading, value, path === "" ? name : `${path}.${name}`, key)
  }
}

function enter(reading: Reading, value: unknown, path: string, key: unknown): void {
  const items = itemsOf(reading, value)
  const texts = items.flatMap((item) => (reading.yaml.isScalar(item) && item.value !== null ? [textOf(reading, item)] : []))
  if (texts.length > 0) reading.add({ key: plain(path), value: texts.join(","), at: `:${String(reading.lineOf(key))}` })
  for (const item of items) if (reading.yaml.isMap(item)) enterMap(reading, item, path, new Set())
}

/** The items of a list, or the one value, with anchors followed. */
function itemsOf(reading: Reading, value: unknown): readonly unknown[] {
  const node = followed(reading, value)
  return reading.yaml.isSeq(node) ? node.items.map((item) => followed(reading, item)) : [node]
}

function followed(reading: Reading, node: unknown): unknown {
  if (!reading.yaml.isAlias(node)) return node
  reading.aliases += 1
  return reading.aliases > MOST_ALIASES ? undefined : node.resolve(reading.document)
}

/** As it is written: `001` and `yes` are names here. */
function textOf({ yaml }: Reading, node: unknown): string {
  return yaml.isScalar(node) ? (node.source ?? String(node.value)) : ""
}
