/** Reads decisions off a list of numbers, so that a shorter or smaller list is a simpler program. */
export interface Chooser {
  /** One of the items; undefined for none. The first is what shrinking tends to. */
  pick<T>(items: readonly T[]): T | undefined
  /** True once in `n`, never when the numbers have run out. */
  once(n: number): boolean
  number(below: number): number
}

export function createChooser(numbers: readonly number[]): Chooser {
  let at = 0
  const next = (): number => {
    const value = numbers[at] ?? 0
    at += 1
    return value
  }
  return {
    pick: (items) => items[items.length === 0 ? 0 : next() % items.length],
    once: (n) => next() % n === n - 1,
    number: (below) => next() % below,
  }
}
