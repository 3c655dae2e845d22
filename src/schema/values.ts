/**
 * How literals of a type compare: numbers as numbers and dates in ISO form as such, or (text, whose order is the
 * collation's, and any other type) not at all, equal spelling apart.
 */
export type Order = "by value" | "unknown"

/** Whether two literals are surely the same value. */
export function sameValue(a: string, b: string, order: Order): boolean {
  if (a === b) return true
  if (order === "unknown") return false
  return (
    (isNumber(a) && isNumber(b) && Number(a) === Number(b)) || (isDate(a) && isDate(b) && instant(a) === instant(b))
  )
}

/** Whether `a` is surely below `b`. */
export function below(a: string, b: string, order: Order): boolean {
  if (order === "unknown") return false
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
