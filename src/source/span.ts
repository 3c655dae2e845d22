/** A half-open range `[start, end)` of UTF-16 code units in one text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Whether an object is a span and nothing else. */
export function isSpan(value: object): value is Span {
  return "start" in value && "end" in value && Object.keys(value).length === 2
}
