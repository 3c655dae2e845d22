/** The words "did you mean" for a mistyped name, or nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  const close = nearest(name, known)
  return close === undefined ? "" : ` (did you mean "${close}"?)`
}

/**
 * The candidate nearest to a mistyped word, or undefined when none is near: at most a third of its letters differ, capitals or not. A word may
 * also be the mistyped beginning of a candidate.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const typed = word.toLowerCase()
  let best: string | undefined
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const meant = candidate.toLowerCase()
    const whole = distance(typed, meant)
    const start = typed.length < 4 ? whole : distance(typed, meant.slice(0, typed.length)) + 0.5
    const cost = Math.min(whole, start)
    if (cost < least) {
      least = cost
      best = candidate
    }
  }
  return best
}

/** How many letters have to be changed, added, left out or swapped with the next one (optimal string alignment distance). */
export function distance(left: string, right: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const row = [i]
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[right.length] ?? 0
}
