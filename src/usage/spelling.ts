/** The spellings that one name has in different languages: `unit_price`, `unitPrice`, `UnitPrice`, `UNIT_PRICE`. */

/** What all spellings of a name have in common. */
export function keyOf(name: string): string {
  return name.replaceAll("_", "").toLowerCase()
}

/** The words of names asked about before: sources repeat a few thousand of them. */
const cut = new Map<string, readonly string[]>()
const MOST_CUT = 20_000

/** `unit_price` and `unitPrice` as `unit`, `price`. */
export function wordsOf(name: string): readonly string[] {
  let words = cut.get(name)
  if (words === undefined) {
    if (cut.size >= MOST_CUT) cut.clear()
    cut.set(name, (words = cutIntoWords(name)))
  }
  return words
}

function cutIntoWords(name: string): string[] {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1_$2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1_$2")
    .split("_")
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase())
}

/** Whether a token with the same key spells the words, rather than running other ones together: `isset` is not `is_set`. */
export function spells(token: string, words: readonly string[]): boolean {
  const bare = token.replace(/^_+/, "")
  let at = 0
  for (const [index, word] of words.entries()) {
    if (index > 0) {
      const first = bare.charAt(at)
      if (first === "_") at += 1
      else if (first === first.toLowerCase() && !/\d/.test(first)) return false
    }
    if (bare.slice(at, at + word.length).toLowerCase() !== word) return false
    at += word.length
  }
  return at === bare.length
}

const IRREGULAR: readonly (readonly [singular: string, plural: string])[] = [
  ["person", "people"],
  ["child", "children"],
  ["man", "men"],
  ["woman", "women"],
  ["index", "indices"],
  ["vertex", "vertices"],
  ["datum", "data"],
  ["medium", "media"],
  ["criterion", "criteria"],
  ["analysis", "analyses"],
  ["status", "statuses"],
  ["movie", "movies"],
  ["cookie", "cookies"],
]

function singular(word: string): string {
  const known = IRREGULAR.find(([, plural]) => plural === word)
  if (known !== undefined) return known[0]
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`
  if (/(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2)
  return /(?:ss|us|is)$/.test(word) || word.length < 3 ? word : word.replace(/s$/, "")
}

function plural(word: string): string {
  const known = IRREGULAR.find(([one]) => one === word)
  if (known !== undefined) return known[1]
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`
  return /(?:s|sh|ch|x|z)$/.test(word) ? `${word}es` : `${word}s`
}

/** A table's words, and those in which a model would be called: `order_items`, `order_item`. */
export function modelWords(table: string): (readonly string[])[] {
  const words = wordsOf(table)
  const last = words.at(-1)
  if (last === undefined) return []
  const rest = words.slice(0, -1)
  const one = singular(last)
  return [...new Set([last, one, plural(one)])].map((word) => [...rest, word])
}

/** What follows the name of a table in the name of its class. */
export const MODEL_SUFFIXES = ["model", "entity", "record", "row", "table", "schema"]
