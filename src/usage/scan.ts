/** Finds the identifiers of a text that are spellings of some names: one pass, whatever the number of names. */
import { keyOf } from "./spelling.ts"

/** An identifier of the text, with the key that it has in common with a name. */
export interface Hit {
  readonly key: string
  readonly start: number
  readonly end: number
}

export type Scan = (text: string) => readonly Hit[]

const NOTHING: readonly Hit[] = []

const SEPARATOR = 0
const LETTER = 1
const UNDERSCORE = 2

/** Letters and digits, folded to lower case; everything beyond ASCII counts as the same letter. */
const KIND = new Uint8Array(128)
const FOLDED = new Uint8Array(128)
for (let code = 0; code < 128; code += 1) {
  const character = String.fromCharCode(code)
  KIND[code] = character === "_" ? UNDERSCORE : /[A-Za-z0-9]/.test(character) ? LETTER : SEPARATOR
  FOLDED[code] = character.toLowerCase().charCodeAt(0)
}

const BITS = 0xffff

function step(hash: number, code: number): number {
  return Math.imul(hash, 31) + code
}

/** The scan for identifiers with one of the keys (as `keyOf` makes them). */
export function scanFor(keys: Iterable<string>): Scan {
  const wanted = new Set(keys)
  // Most identifiers are ruled out by 16 bits of a sum over their letters, without being cut out of the text.
  const possible = new Uint8Array(BITS + 1)
  for (const key of wanted) {
    let hash = 0
    for (let at = 0; at < key.length; at += 1) {
      const code = key.charCodeAt(at)
      hash = step(hash, code < 128 ? code : 128)
    }
    possible[hash & BITS] = 1
  }
  return (text) => {
    let hits: Hit[] | null = null
    const { length } = text
    let at = 0
    while (at < length) {
      let code = text.charCodeAt(at)
      if (code < 128 && KIND[code] === SEPARATOR) {
        at += 1
        continue
      }
      const start = at
      let hash = 0
      let isChain = false
      for (;;) {
        if (code >= 128) hash = step(hash, 128)
        else {
          const kind = KIND[code]
          if (kind === SEPARATOR) break
          if (kind === LETTER) hash = step(hash, FOLDED[code] ?? 0)
          else if (at > start && text.charCodeAt(at - 1) === code) isChain = true
        }
        at += 1
        if (at >= length) break
        code = text.charCodeAt(at)
      }
      // Django's look-ups: `unit_price__gt`, `order__unit_price`.
      if (isChain) for (const part of partsOf(text, start, at)) if (wanted.has(part.key)) (hits ??= []).push(part)
      if (possible[hash & BITS] === 0) continue
      const key = keyOf(text.slice(start, at))
      if (wanted.has(key)) (hits ??= []).push({ key, start, end: at })
    }
    return hits ?? NOTHING
  }
}

/** The names between double underscores. */
function partsOf(text: string, from: number, to: number): Hit[] {
  return [...text.slice(from, to).matchAll(/(?<=^|__)[^_]+(?:_[^_]+)*(?=__|$)/g)].map(({ 0: part, index }) => ({ key: keyOf(part), start: from + index, end: from + index + part.length }))
}
