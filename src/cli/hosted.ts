/** Files whose SQL was put together from somewhere else: code, and scripts that include others. */
import type { Finding, Fix } from "../engine/finding.ts"
import type { SessionFile } from "../engine/input.ts"
import { statementSpans } from "../parse/index.ts"
import { createLineMap, type LineMap } from "../source/text.ts"
import type { Span } from "../source/span.ts"

/** A place in a file that a user wrote. */
export interface HostPlace {
  readonly file: string
  readonly span: Span
}

/** One migration as the engine reads it, and the way back to where its parts stand. */
export interface Hosted extends Pick<SessionFile, "sql" | "parsed" | "units" | "doubts" | "guarded" | "inCode"> {
  /** Null for what stands nowhere. */
  place(span: Span): HostPlace | null
  /** An edit in the file where a span stands; null when it cannot be made there. */
  edit(span: Span, text: string): (HostPlace & { readonly text: string }) | null
  /** Whether a statement has a dynamic part that may well contain what it seems to lack. */
  isGuessed(span: Span): boolean
  /** Whether a statement runs only under a condition, or has names that the tool derives, so that nobody is certain of its failing. */
  isConditional(span: Span): boolean
  /** The text of a file that a place is in. */
  textOf(file: string): string
}

/** Findings of a hosted migration by the file where they stand, with spans of that file. */
export function atHome(findings: readonly Finding[], hosted: Hosted, path: string): ReadonlyMap<string, Finding[]> {
  const byFile = new Map<string, Finding[]>()
  const lineOf = lineTranslator(hosted, path)
  const seen = new Set<string>()
  for (const finding of findings) {
    if (hosted.isGuessed(finding.span) || (finding.rule === "statement-fails" && hosted.isConditional(finding.span))) continue
    const place = hosted.place(finding.span)
    if (place === null) continue
    const { file, span } = place
    const translated = (text: string): string => text.replace(/\bline (\d+)\b(?! of )/g, (words, line: string) => lineOf(words, Number(line), file))
    const message = translated(finding.message)
    // A function that is called twice, and a text that is sent twice, say the same twice.
    const key = [file, finding.rule, span.start, span.end, message].join(" ")
    if (seen.has(key)) continue
    seen.add(key)
    const statement = hosted.place(finding.statement)
    const home: Finding = {
      ...finding,
      file,
      span,
      statement: statement?.file === file ? statement.span : span,
      message,
      steps: withNotes(finding.steps, translated),
      fix: fixAtHome(finding.fix, hosted, file),
      related: finding.related.flatMap((one) => {
        if (one.file !== path || !("span" in one)) return [one]
        const there = hosted.place(one.span)
        return there === null ? [] : [{ ...one, file: there.file, span: there.span }]
      }),
    }
    const known = byFile.get(file)
    if (known === undefined) byFile.set(file, [home])
    else known.push(home)
  }
  return byFile
}

/** All edits of a fix have to be possible, and in one file. */
function fixAtHome(fix: Fix | null, hosted: Hosted, file: string): Fix | null {
  if (fix === null) return null
  const edits = fix.edits.map(({ span, text }) => hosted.edit(span, text)).filter((edit) => edit !== null && edit.file === file)
  if (edits.length !== fix.edits.length) return null
  return { ...fix, edits: edits.flatMap((edit) => (edit === null ? [] : [{ span: edit.span, text: edit.text }])) }
}

/** Messages name other statements by their line, which has to be the one that the user sees. */
function lineTranslator({ sql, parsed, place, textOf }: Hosted, path: string): (words: string, line: number, file: string) => string {
  let inner: { readonly map: LineMap; readonly spans: readonly Span[] } | null = null
  const outer = new Map<string, LineMap>()
  return (words, line, file) => {
    inner ??= { map: createLineMap(sql), spans: statementSpans(sql, parsed.statements) }
    const { map, spans } = inner
    const statement = spans.find(({ start }) => map.position(start).line === line)
    const there = statement === undefined ? null : place(statement)
    if (there === null) return words
    const lines = outer.get(there.file) ?? createLineMap(textOf(there.file))
    outer.set(there.file, lines)
    const number = String(lines.position(there.span.start).line)
    return there.file === file || there.file === path ? `line ${number}` : `line ${number} of ${there.file}`
  }
}

/** Findings whose places in other hosted migrations, those beside a finding and those in its words, are where these stand. */
export function othersAtHome(findings: readonly Finding[], hosts: ReadonlyMap<string, Hosted>): readonly Finding[] {
  if (hosts.size === 0) return findings
  return findings.map((finding) => {
    const { file, message, related, steps } = finding
    const translated = (text: string): string => (NAMED.test(text) ? withLinesAtHome(text, file, hosts) : text)
    return {
      ...finding,
      message: translated(message),
      steps: withNotes(steps, translated),
      related: related.flatMap((one) => {
        const host = one.file === file || !("span" in one) ? undefined : hosts.get(one.file)
        if (host === undefined || !("span" in one)) return [one]
        const there = host.place(one.span)
        return there === null ? [] : [{ ...one, file: there.file, span: there.span }]
      }),
    }
  })
}

function withNotes(steps: Finding["steps"], translated: (text: string) => string): Finding["steps"] {
  return steps.map((step) => (step.note === null ? step : { ...step, note: translated(step.note) }))
}

/** `line 3 of 0007_add_region.js`: how statements of other migrations are named (`lineOf` of engine/questions/predicates.ts). */
const NAMED = /\bline \d+ of /

function withLinesAtHome(text: string, file: string, hosts: ReadonlyMap<string, Hosted>): string {
  let translated = text
  for (const [path, host] of hosts) {
    const name = ` of ${path.slice(path.lastIndexOf("/") + 1)}`
    if (path === file || !text.includes(name)) continue
    const lineOf = lineTranslator(host, path)
    const named = new RegExp(`\\bline (\\d+)(?=${name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}(?![\\w.]))`, "g")
    translated = translated.replace(named, (words, line: string) => lineOf(words, Number(line), path))
  }
  return translated
}
