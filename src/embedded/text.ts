/** SQL that was put together from literals of a host file, and the way back from each of its characters. */
import type { Span } from "../source/span.ts"
import { encodeText } from "./literal.ts"

/** One literal of the host file, or one part of a template. */
export interface Host {
  readonly quote: string
  /** Backslashes stand for themselves. */
  readonly raw: boolean
}

/**
 * Where a stretch `[start, end)` of the SQL comes from: `[from, to)` of the host file.
 *
 * - `plain`: the same text stands there.
 * - `escape`: an escape sequence of the host stands there.
 * - `fixed`: an expression with this known value stands there.
 * - `hole`: an expression stands there of which nobody knows the value; the SQL has its text, `${table}`, in its place.
 */
export interface Segment {
  readonly start: number
  readonly end: number
  readonly from: number
  readonly to: number
  readonly kind: "plain" | "escape" | "fixed" | "hole"
  /** Null for what is not written in a literal. */
  readonly host: Host | null
}

/** Text of SQL with its way back. Stretches without a segment (the separators of a joined array) come from nowhere. */
export interface MappedText {
  readonly sql: string
  /** Ascending. */
  readonly segments: readonly Segment[]
}

export interface HostEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The place in the host file of a span of the SQL; null when it begins or ends in text that stands nowhere. */
export function toHost({ segments }: MappedText, span: Span): Span | null {
  if (span.end <= span.start) {
    const place = insertionPoint(segments, span.start)
    return place === null ? null : { start: place.offset, end: place.offset }
  }
  const first = segmentAt(segments, span.start)
  const last = segmentAt(segments, span.end - 1)
  if (first === null || last === null) return null
  const start = first.kind === "plain" ? first.from + span.start - first.start : first.from
  const end = last.kind === "plain" ? last.from + span.end - last.start : last.to
  return start <= end ? { start, end } : null
}

/** An edit of the SQL as an edit of the host file; null when it would touch more than the inside of one literal. */
export function toHostEdit(text: MappedText, span: Span, replacement: string): HostEdit | null {
  const { segments } = text
  const point = insertionPoint(segments, span.start)
  const host = span.end > span.start ? (segmentAt(segments, span.start)?.host ?? null) : (point?.host ?? null)
  if (host === null) return null
  for (const segment of segments) {
    const touched = segment.start < span.end && segment.end > span.start
    if (touched && (segment.host !== host || (segment.kind !== "plain" && segment.kind !== "escape"))) return null
  }
  const place = span.end > span.start ? toHost(text, span) : point === null ? null : { start: point.offset, end: point.offset }
  const encoded = encodeText(replacement, host.quote, host.raw)
  if (place === null || encoded === null) return null
  // A digit behind `\\0` would make another escape of it.
  const before = segments.find((segment) => segment.to === place.start && segment.kind === "escape")
  if (before !== undefined && /^\d/.test(encoded)) return null
  return { ...place, text: encoded }
}

/** Where text can be put in: at the start of what follows, or else behind what comes before. */
function insertionPoint(segments: readonly Segment[], offset: number): { readonly offset: number; readonly host: Host } | null {
  const after = segmentAt(segments, offset)
  if (after !== null && after.host !== null) {
    if (after.start === offset) return { offset: after.from, host: after.host }
    return after.kind === "plain" ? { offset: after.from + offset - after.start, host: after.host } : null
  }
  const before = offset > 0 ? segmentAt(segments, offset - 1) : null
  if (before === null || before.host === null || before.end !== offset) return null
  return { offset: before.to, host: before.host }
}

function segmentAt(segments: readonly Segment[], offset: number): Segment | null {
  let low = 0
  let high = segments.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((segments[middle]?.start ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  const found = segments[low]
  return found !== undefined && found.start <= offset && offset < found.end ? found : null
}
