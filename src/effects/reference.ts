import { LOCK_MODES, type LockMode } from "../parse/operation.ts"
import { referenceRows } from "./reference-rows.ts"

/** A proven statement form: what it does on a range of majors, in the tables of the project's truth tests. */
export interface ReferenceEntry {
  /** "add column" */
  readonly kind: string
  /** "constant default" */
  readonly form: string
  /** An example: complete SQL. */
  readonly sql: string
  /** Inclusive. */
  readonly since: number
  readonly until: number
  /** Strongest first, on relations that existed before; locks on indexes only where they are stronger than the others. */
  readonly locks: readonly { readonly relation: string; readonly mode: LockMode }[]
  readonly rewrites: readonly string[]
  readonly scans: readonly string[]
  readonly builds: readonly string[]
  readonly transaction: "allowed" | "forbidden"
}

/** All proven forms, in the order of docs/locks.md. */
export function referenceEntries(): ReferenceEntry[] {
  return referenceRows.flatMap(([kind = "", form = "", sql = "", ...spans]) =>
    spans.map((span) => entry(kind, form, sql, span)),
  )
}

function entry(kind: string, form: string, sql: string, span: string): ReferenceEntry {
  const colon = span.indexOf(":")
  const [since = "", until = ""] = span.slice(0, colon).split("-")
  const [locks = "", rewrites = "", scans = "", builds = "", forbidden = ""] = span.slice(colon + 1).split(";")
  return {
    kind,
    form,
    sql,
    since: Number(since),
    until: Number(until),
    locks: list(locks).map(lock),
    rewrites: list(rewrites),
    scans: list(scans),
    builds: list(builds),
    transaction: forbidden === "1" ? "forbidden" : "allowed",
  }
}

const list = (text: string): string[] => (text === "" ? [] : text.split(","))

function lock(text: string): { relation: string; mode: LockMode } {
  const at = text.lastIndexOf("=")
  return { relation: text.slice(0, at), mode: LOCK_MODES[Number(text.slice(at + 1))] ?? "ACCESS EXCLUSIVE" }
}

/** The forms whose kind, name or example contains every word of the pattern, in any case. */
export function findReference(pattern: string, pgVersion: number | null): ReferenceEntry[] {
  const words = pattern.toLowerCase().split(/\s+/).filter((word) => word !== "")
  return referenceEntries().filter((one) => {
    if (pgVersion !== null && (pgVersion < one.since || pgVersion > one.until)) return false
    const text = `${one.kind}: ${one.form} ${one.sql}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
