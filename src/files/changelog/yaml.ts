/** Changelogs in YAML, and in JSON, which is YAML as well. */
import type { ParsedNode, Scalar, YAMLMap } from "yaml"
import type { FormatLibraries } from "../format-libraries.ts"
import type { ChangelogNode, Insertion, ValueRun } from "./nodes.ts"

/** How often anchors are followed in one file: some files are made to grow without end. */
const MOST_ALIASES = 1000

interface Reading {
  readonly text: string
  readonly yaml: FormatLibraries["yaml"]
  /** What anchors stand for, up to where the document is read. */
  readonly anchors: Map<string, unknown>
  aliases: number
}

/** What stands below `databaseChangeLog`; null for what is no YAML, and for anything else. */
export function yamlNode(text: string, yaml: FormatLibraries["yaml"]): ChangelogNode | null {
  const documents = yaml.parseAllDocuments(text, { uniqueKeys: false, logLevel: "silent", prettyErrors: false })
  const [document] = "empty" in documents ? [] : documents
  if (document === undefined || document.errors.length > 0) return null
  const reading: Reading = { text, yaml, anchors: new Map(), aliases: 0 }
  return childrenOf(reading, document.contents).find(({ name }) => name === "databaseChangeLog") ?? null
}

/** The pairs of a map, or of all maps in a list. */
function childrenOf(reading: Reading, value: unknown): readonly ChangelogNode[] {
  const node = followed(reading, value)
  if (reading.yaml.isSeq(node)) return node.items.flatMap((item) => childrenOf(reading, item))
  return reading.yaml.isMap(node) ? pairsOf(reading, node) : []
}

function pairsOf(reading: Reading, map: YAMLMap): readonly ChangelogNode[] {
  return map.items.flatMap(({ key, value }) => {
    // What is merged comes last: the map's own pairs are found first.
    if (!reading.yaml.isScalar(key)) return []
    const name = String(key.value)
    return name === "<<" ? [] : [nodeOf(reading, name, key, value)]
  }).concat(map.items.flatMap(({ key, value }) => (reading.yaml.isScalar(key) && key.value === "<<" ? childrenOf(reading, value) : [])))
}

function nodeOf(reading: Reading, name: string, key: Scalar, value: unknown): ChangelogNode {
  const [start, end] = rangeOf(key)
  const node = followed(reading, value)
  const runs = reading.yaml.isScalar(node) ? runsOf(reading, node) : []
  return { name, runs, children: childrenOf(reading, node), isEmpty: reading.yaml.isScalar(node) && node.value === "", span: { start, end }, end: Math.max(end, node === undefined ? end : rangeOf(node)[1]), insertion: insertionOf(reading, node) }
}

function followed(reading: Reading, node: unknown): unknown {
  const { anchors, yaml } = reading
  if (!yaml.isAlias(node)) {
    if ((yaml.isScalar(node) || yaml.isMap(node) || yaml.isSeq(node)) && node.anchor !== undefined) anchors.set(node.anchor, node)
    return node
  }
  reading.aliases += 1
  return reading.aliases > MOST_ALIASES ? undefined : anchors.get(node.source)
}

/** Where a node that was parsed stands, without what follows it. */
function rangeOf(node: unknown): readonly [number, number] {
  // Every node of a parsed document has a range; null stands for nothing.
  const range = (node as ParsedNode | null)?.range ?? [0, 0]
  return [range[0], range[1]]
}

/** The value as Liquibase reads it: numbers, dates and booleans as they are written. */
function runsOf({ text }: Reading, scalar: Scalar): readonly ValueRun[] {
  const [from, to] = rangeOf(scalar)
  if (scalar.value === null) return []
  const value = typeof scalar.value === "string" ? scalar.value : (scalar.source ?? String(scalar.value))
  return value === "" ? [] : aligned(text, value, from, to)
}

/** A value word by word where it is written so: between the words, line ends and indentation may be others. */
function aligned(text: string, value: string, from: number, to: number): readonly ValueRun[] {
  const whole: ValueRun = { value, from, to, kind: "escape" }
  const runs: ValueRun[] = []
  // What stands in front of the first word: quotes, or the head of a block.
  let at = /^(?:["']|[|>][-+\d]*[^\n]*\n)?/.exec(text.slice(from, to))?.[0].length ?? 0
  at += from
  for (const [word] of value.matchAll(/\s+|\S+/g)) {
    if (/\s/.test(word)) {
      const end = at + (/^\s*/.exec(text.slice(at, to))?.[0].length ?? 0)
      runs.push({ value: word, from: at, to: end, kind: text.slice(at, end) === word ? "plain" : "escape" })
      at = end
      continue
    }
    const start = text.indexOf(word, at)
    if (start < 0 || start + word.length > to || text.slice(at, start).trim() !== "") return [whole]
    runs.push({ value: word, from: start, to: start + word.length, kind: "plain" })
    at = start + word.length
  }
  return runs
}

/** In front of the first pair of a map. */
function insertionOf({ text, yaml }: Reading, node: unknown): Insertion | null {
  const first = yaml.isMap(node) ? node.items[0]?.key : undefined
  if (first === undefined) return null
  const [at] = rangeOf(first)
  if (text.charAt(at) === '"' && yaml.isMap(node) && node.flow === true) return { at, write: (name, value) => `"${name}": ${value}, ` }
  if (yaml.isMap(node) && node.flow === true) return { at, write: (name, value) => `${name}: ${value}, ` }
  const indent = text.slice(text.lastIndexOf("\n", at - 1) + 1, at).replace(/[^ ]/g, " ")
  return { at, write: (name, value) => `${name}: ${value}\n${indent}` }
}
