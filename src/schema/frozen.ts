/** The catalog as text, to be kept from one run to the next. Its records are made again one by one, when they are asked for. */
import type { Conjunct } from "../parse/expression.ts"
import { LazyMap, numberKeys, sortedOf, textKeys, type Keys, type LazyTexts } from "./lazy-map.ts"
import { packer, unpacked } from "./packed.ts"
import { createStore, type Store } from "./store.ts"

/** What is needed at once. Belongs to the build that made it; any other may understand something else by it. */
export interface FrozenHead {
  /** JSON, pure ASCII. */
  readonly json: string
  /** Numbers of the head, then where the texts of the records end. */
  readonly numbers: Int32Array
}

export interface FrozenCatalog extends FrozenHead {
  /** A part of the texts of the records, by offsets. */
  readonly text: (start: number, end: number) => string
}

/**
 * How each part of the store is kept.
 *
 * - `value`, `map`, `names` (numbers by schema and name): in the head.
 * - `named`: by schema and name, the values as texts.
 * - `records`: by identity, the values as texts. Others: the same, but the values are lists of records of that part.
 * - `passing`: nothing of it is left between two files.
 */
const PARTS = {
  pgVersion: "value",
  startedEmpty: "value",
  nextId: "value",
  vocabulary: "value",
  flags: "map",
  publications: "map",
  schemas: "map",
  goneSchemas: "map",
  extensions: "map",
  settings: "map",
  doubtful: "map",
  names: "names",
  typeNames: "names",
  constraintNames: "names",
  gone: "named",
  statisticsNames: "named",
  functions: "named",
  relations: "records",
  indexes: "records",
  constraints: "records",
  types: "records",
  referencing: "records",
  children: "records",
  dependents: "records",
  ownedSequences: "records",
  triggers: "records",
  policies: "records",
  policyReaders: "records",
  rules: "records",
  statisticsByTable: "records",
  typeUsers: "records",
  sequenceUsers: "records",
  indexesByTable: "indexes",
  constraintsByTable: "constraints",
  undo: "passing",
  transaction: "passing",
  now: "passing",
  start: "passing",
  path: "passing",
  changes: "passing",
  made: "passing",
  latest: "passing",
} as const satisfies Readonly<Record<keyof Store, "value" | "map" | "names" | "named" | "records" | "indexes" | "constraints" | "passing">>

/** What JSON cannot tell, if there is anything of that kind in T. Conjuncts, which hold others of their kind, are plain. */
type NotPlain<T> = T extends string | number | boolean | null | Conjunct
  ? never
  : T extends readonly (infer Item)[]
    ? NotPlain<Item>
    : T extends ReadonlyMap<unknown, infer Value>
      ? NotPlain<Value>
      : T extends ((...args: never[]) => unknown) | ReadonlySet<unknown> | Date | RegExp
        ? T
        : T extends object
          ? { [Key in keyof T]-?: NotPlain<T[Key]> }[keyof T]
          : T
type Kept = Store[{ [Part in keyof Store]: (typeof PARTS)[Part] extends "passing" ? never : Part }[keyof Store]]
type Nothing<T extends never> = T

/** Does not compile when the store gets something that would be lost silently. */
export type Lost = Nothing<NotPlain<Kept>>

// The compiler keeps the keys complete.
const NAMES = Object.keys(PARTS) as readonly (keyof Store)[]

interface Head {
  /** How many of the numbers are not ends of texts. */
  readonly own: number
  /** By part: what is kept at once, and what is known of the keys of the rest. */
  readonly parts: Readonly<Record<string, unknown>>
}

/** How many keys there are among the numbers, and whether their `sorted` follows them there. */
type NumbersHead = readonly [count: number, isSorted: boolean]

/** All keys in one, how many they are, and whether their `sorted` follows their ends among the numbers. */
type NamesHead = readonly [names: string, count: number, isSorted: boolean]

type Numbered = ReadonlyMap<number, unknown>
type Named = ReadonlyMap<string, ReadonlyMap<string, unknown>>

/** The longest text that offsets can tell. */
const LONGEST = 2 ** 31 - 1

/**
 * The catalog between two files. Null while a transaction is open, or when it is too large.
 *
 * @param write takes the texts of the records, pure ASCII, one after the other
 */
export function freeze(store: Store, write: (text: string) => void): FrozenHead | null {
  if (store.transaction.open) return null
  const pack = packer(store.vocabulary)
  const packedText = (value: unknown): string => toText(pack(value))
  const own: number[] = []
  const ends: number[] = []
  let length = 0
  const add = (map: ReadonlyMap<unknown, unknown>, textOf: (value: unknown) => string): void => {
    for (const key of map.keys()) {
      // What nobody asked for is taken over as it is.
      const text = (map instanceof LazyMap ? map.unread(key) : undefined) ?? textOf(map.get(key))
      write(text)
      length += text.length
      ends.push(length)
    }
  }
  const addOwn = (numbers: Iterable<number>): void => {
    for (const number of numbers) own.push(number)
  }
  const addNumbered = (map: Numbered, textOf: (value: unknown) => string): NumbersHead => {
    const ids = [...map.keys()]
    const sorted = sortedOf(ids)
    addOwn(ids)
    addOwn(sorted ?? [])
    add(map, textOf)
    return [ids.length, sorted !== null]
  }
  const addNames = (names: readonly string[]): NamesHead => {
    const sorted = sortedOf(names)
    let end = 0
    addOwn(names.map((name) => (end += name.length)))
    addOwn(sorted ?? [])
    return [names.join(""), names.length, sorted !== null]
  }
  const keep = (name: keyof Store): unknown => {
    const part = store[name] as unknown
    const kind = PARTS[name]
    switch (kind) {
      case "passing":
        return null
      case "value":
        return part
      case "map":
        return [...(part as Numbered)]
      case "names":
        return [...(part as ReadonlyMap<string, ReadonlyMap<string, number>>)].map(([schema, inner]) => {
          const names = addNames([...inner.keys()])
          addOwn(inner.values())
          return [schema, names]
        })
      case "named":
        return [...(part as Named)].map(([schema, inner]) => {
          add(inner, packedText)
          return [schema, addNames([...inner.keys()])]
        })
      case "records":
        return addNumbered(part as Numbered, packedText)
      case "indexes":
      case "constraints": {
        const records: Numbered = store[kind]
        return addNumbered(part as Numbered, (list) =>
          packedText((list as readonly { readonly id: number }[]).map((record) => (records.get(record.id) === record ? record.id : record))),
        )
      }
    }
  }
  const parts = Object.fromEntries(NAMES.map((name) => [name, keep(name)]))
  const head: Head = { parts, own: own.length }
  return length > LONGEST ? null : { json: toText(head), numbers: Int32Array.from([...own, ...ends]) }
}

// eslint-disable-next-line no-control-regex -- from the first to the last character of ASCII
const NOT_ASCII = /[^\u0000-\u007f]/g

/** Plain data as JSON (see `Lost`). */
function toText(value: unknown): string {
  return JSON.stringify(value).replace(NOT_ASCII, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
}

/** The store that was frozen. */
export function thaw({ json, numbers, text }: FrozenCatalog): Store {
  // The same build wrote it (see FrozenHead).
  const { parts, own } = JSON.parse(json) as Head
  const vocabulary = parts["vocabulary"] as Store["vocabulary"]
  const read = (written: string): unknown => unpacked(JSON.parse(written), vocabulary)
  const textAt = (at: number): string => text(at === 0 ? 0 : (numbers[own + at - 1] ?? 0), numbers[own + at] ?? 0)
  let nextNumber = 0
  let nextText = 0
  const textsFrom = (first: number): LazyTexts => {
    const made = new Map<number, unknown>()
    return {
      textAt: (index) => textAt(first + index),
      make: (index) => {
        const known = made.get(index) ?? read(textAt(first + index))
        made.set(index, known)
        return known
      },
    }
  }
  const nextNumbers = (count: number): Int32Array => numbers.subarray(nextNumber, (nextNumber += count))
  const nextKeys = ([names, count, isSorted]: NamesHead): Keys<string> => textKeys(names, nextNumbers(count), isSorted ? nextNumbers(count) : null)
  const numbered = (head: unknown): { readonly keys: Keys<number>; readonly texts: LazyTexts } => {
    const [size, isSorted] = head as NumbersHead
    const keys = numberKeys(nextNumbers(size), isSorted ? nextNumbers(size) : null)
    const texts = textsFrom(nextText)
    nextText += keys.length
    return { keys, texts }
  }
  /** The records that lists refer to, as they were when they were frozen. */
  const originals = new Map<string, (id: number) => unknown>()
  const store: Record<string, unknown> = { ...createStore({ complete: false, pgVersion: 0 }) }
  for (const name of NAMES) {
    const kept = parts[name]
    const kind = PARTS[name]
    switch (kind) {
      case "passing":
        break
      case "value":
        store[name] = kept
        break
      case "map":
        store[name] = new Map(kept as [string, unknown][])
        break
      case "names":
        store[name] = new Map(
          (kept as [string, NamesHead][]).map(([schema, head]) => {
            const keys = nextKeys(head)
            const values = nextNumbers(keys.length)
            return [schema, new LazyMap(keys, { textAt: (index) => String(values[index]), make: (index) => values[index] })]
          }),
        )
        break
      case "named":
        store[name] = new Map(
          (kept as [string, NamesHead][]).map(([schema, head]) => {
            const inner = new LazyMap(nextKeys(head), textsFrom(nextText))
            nextText += inner.size
            return [schema, inner]
          }),
        )
        break
      case "records": {
        const { keys, texts } = numbered(kept)
        store[name] = new LazyMap(keys, texts)
        originals.set(name, (id) => texts.make(keys.indexOf(id)))
        break
      }
      case "indexes":
      case "constraints": {
        // Since then a record may have been replaced; when a list is, it is not made of its text any more.
        const original = originals.get(kind)
        const { keys, texts } = numbered(kept)
        const make = (index: number): unknown => (read(texts.textAt(index)) as readonly unknown[]).map((one) => (typeof one === "number" ? original?.(one) : one))
        store[name] = new LazyMap(keys, { ...texts, make })
      }
    }
  }
  // Each part is what `freeze` took it from.
  return store as unknown as Store
}
