/** Keys in an order, each with its number in that order. */
export interface Keys<K> {
  readonly length: number
  at(index: number): K
  /** -1: it is none of them. */
  indexOf(key: K): number
}

/** Texts of which the values of a map are made, by the numbers of their keys. */
export interface LazyTexts {
  textAt(index: number): string
  make(index: number): unknown
}

/** A map that begins with values of which only the texts are there; each is made when somebody asks for it. */
export class LazyMap<K, V> extends Map<K, V> {
  readonly #keys: Keys<K>
  readonly #texts: LazyTexts
  /** What was made, or put into the place of what is a text. */
  readonly #made = new Map<K, V>()
  /** Of the first keys those that were removed. When they come back, they are behind all others, as in any map. */
  readonly #gone = new Set<K>()

  constructor(keys: Keys<K>, texts: LazyTexts) {
    super()
    this.#keys = keys
    this.#texts = texts
  }

  /** The text of a value that nobody has asked for. */
  unread(key: K): string | undefined {
    const index = this.#made.has(key) ? -1 : this.#indexOf(key)
    return index < 0 ? undefined : this.#texts.textAt(index)
  }

  override get(key: K): V | undefined {
    const known = this.#made.get(key) ?? super.get(key)
    if (known !== undefined) return known
    const index = this.#indexOf(key)
    if (index < 0) return undefined
    // The texts are those of this map's values.
    const made = this.#texts.make(index) as V
    this.#made.set(key, made)
    return made
  }

  override has(key: K): boolean {
    return this.#made.has(key) || super.has(key) || this.#indexOf(key) >= 0
  }

  override set(key: K, value: V): this {
    if (this.#indexOf(key) < 0) return super.set(key, value)
    this.#made.set(key, value)
    return this
  }

  override delete(key: K): boolean {
    if (this.#indexOf(key) < 0) return super.delete(key)
    this.#made.delete(key)
    this.#gone.add(key)
    return true
  }

  override clear(): void {
    for (const key of [...this.keys()]) this.delete(key)
  }

  override get size(): number {
    return this.#keys.length - this.#gone.size + super.size
  }

  override *keys(): MapIterator<K> {
    for (let index = 0; index < this.#keys.length; index++) {
      const key = this.#keys.at(index)
      if (!this.#gone.has(key)) yield key
    }
    yield* super.keys()
  }

  override *entries(): MapIterator<[K, V]> {
    for (const key of this.keys()) {
      const value = this.get(key)
      if (value !== undefined) yield [key, value]
    }
  }

  override *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value
  }

  override [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries()
  }

  override forEach(callback: (value: V, key: K, map: Map<K, V>) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this)
  }

  /** Of a key that is still where it was at first. */
  #indexOf(key: K): number {
    return this.#gone.has(key) ? -1 : this.#keys.indexOf(key)
  }
}

/** Numbers in a row, found by halving. `sorted`: their indexes in the order of their size; null: it is the one they have. */
export function numberKeys(numbers: Int32Array, sorted: Int32Array | null): Keys<number> {
  const at = (index: number): number => numbers[index] ?? 0
  return { length: numbers.length, at, indexOf: (key) => halved(numbers.length, sorted, (index) => at(index) - key) }
}

/** Texts one after the other, and where each ends; `sorted` as above, in the order that `<` gives them. */
export function textKeys(texts: string, ends: Int32Array, sorted: Int32Array | null): Keys<string> {
  const at = (index: number): string => texts.slice(index === 0 ? 0 : ends[index - 1], ends[index])
  const compare = (index: number, key: string): number => {
    const text = at(index)
    return text === key ? 0 : text < key ? -1 : 1
  }
  return { length: ends.length, at, indexOf: (key) => halved(ends.length, sorted, (index) => compare(index, key)) }
}

/** The index of the key that is not below (negative) and not above; -1 when there is none. */
function halved(count: number, sorted: Int32Array | null, side: (index: number) => number): number {
  let low = 0
  for (let high = count; low < high; ) {
    const middle = (low + high) >>> 1
    const index = sorted === null ? middle : (sorted[middle] ?? 0)
    const found = side(index)
    if (found === 0) return index
    if (found < 0) low = middle + 1
    else high = middle
  }
  return -1
}

/** The `sorted` of keys; null for those that grow already. */
export function sortedOf<K extends string | number>(keys: readonly K[]): Int32Array | null {
  const at = (index: number): K | undefined => keys[index]
  const isBelow = (left: K | undefined, right: K | undefined): boolean => left !== undefined && right !== undefined && left < right
  if (keys.every((key, index) => index === 0 || isBelow(at(index - 1), key))) return null
  return Int32Array.from(keys.keys()).sort((left, right) => (isBelow(at(left), at(right)) ? -1 : 1))
}
