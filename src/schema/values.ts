/**
 * How literals of a type compare: numbers as numbers and dates in ISO form as such; text by its spelling, but for its order, which is the
 * collation's; and those of any other type not at all, equal spelling apart.
 */
export type Order = "by value" | "by spelling" | "unknown"

/** Whether two literals are surely the same value. */
export function sameValue(a: string, b: string, order: Order): boolean {
  if (a === b) return true
  if (order !== "by value") return false
  return (
    (isNumber(a) && isNumber(b) && Number(a) === Number(b)) || (isDate(a) && isDate(b) && instant(a) === instant(b))
  )
}

/** Whether two literals are surely different values. */
export function differ(a: string, b: string, order: Order): boolean {
  if (order === "by spelling") return a !== b
  return below(a, b, order) || below(b, a, order)
}

/** Whether it is known which of two literals is the smaller one. */
export function areOrdered(a: string, b: string, order: Order): boolean {
  return sameValue(a, b, order) || below(a, b, order) || below(b, a, order)
}

/** Whether `a` is surely below `b`. */
export function below(a: string, b: string, order: Order): boolean {
  if (order !== "by value") return false
  if (isNumber(a) && isNumber(b)) return Number(a) < Number(b)
  return isDate(a) && isDate(b) && instant(a) < instant(b)
}

/** Whether `a` is surely not above `b`. */
export function isAtMost(a: string, b: string, order: Order): boolean {
  return sameValue(a, b, order) || below(a, b, order)
}

function isNumber(text: string): boolean {
  return /^\s*[-+]?\d{1,15}(\.\d+)?\s*$/.test(text)
}

function isDate(text: string): boolean {
  return /^\s*\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?\s*$/.test(text)
}

function instant(text: string): string {
  const [day = "", time = "00:00"] = text.trim().split(/[ T]/)
  return `${day} ${time.length === 5 ? `${time}:00` : time}`
}
