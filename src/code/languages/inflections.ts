/** Singular and plural of English nouns, as Rails and Laravel make names of them. Source: active_support/inflections.rb. */

const UNCOUNTABLE = /(?:^|_)(?:equipment|information|rice|money|species|series|fish|sheep|jeans|police|news)$/
const IRREGULAR: readonly (readonly [string, string])[] = [
  ["person", "people"],
  ["man", "men"],
  ["child", "children"],
  ["sex", "sexes"],
  ["move", "moves"],
]

/** The first that matches counts. */
const SINGULAR: readonly (readonly [RegExp, string])[] = [
  [/(database)s$/, "$1"],
  [/(quiz)zes$/, "$1"],
  [/(matr)ices$/, "$1ix"],
  [/(vert|ind)ices$/, "$1ex"],
  [/(alias|status)(?:es)?$/, "$1"],
  [/(cris|test)(?:is|es)$/, "$1is"],
  [/(shoe|movie|hive|tive)s$/, "$1"],
  [/(o|bus)es$/, "$1"],
  [/(x|ch|ss|sh)es$/, "$1"],
  [/([^aeiouy]|qu)ies$/, "$1y"],
  [/([lr])ves$/, "$1f"],
  [/([^f])ves$/, "$1fe"],
  [/(analy|ba|diagno|parenthe|progno|synop|the)(?:sis|ses)$/, "$1sis"],
  [/([ti])a$/, "$1um"],
  [/(ss|bus)$/, "$1"],
  [/s$/, ""],
]

const PLURAL: readonly (readonly [RegExp, string])[] = [
  [/(quiz)$/, "$1zes"],
  [/(matr|vert|ind)(?:ix|ex)$/, "$1ices"],
  [/(x|ch|ss|sh)$/, "$1es"],
  [/([^aeiouy]|qu)y$/, "$1ies"],
  [/(hive)$/, "$1s"],
  [/(?:([^f])fe|([lr])f)$/, "$1$2ves"],
  [/sis$/, "ses"],
  [/([ti])um$/, "$1a"],
  [/(buffal|tomat)o$/, "$1oes"],
  [/(bus|alias|status)$/, "$1es"],
  [/s$/, "s"],
  [/$/, "s"],
]

export function singular(word: string): string {
  const irregular = IRREGULAR.find(([, plural]) => word.endsWith(plural))
  if (irregular !== undefined) return word.slice(0, -irregular[1].length) + irregular[0]
  return changed(word, SINGULAR)
}

export function plural(word: string): string {
  const irregular = IRREGULAR.find(([singular]) => word.endsWith(singular))
  if (irregular !== undefined) return word.slice(0, -irregular[0].length) + irregular[1]
  return changed(word, PLURAL)
}

function changed(word: string, rules: readonly (readonly [RegExp, string])[]): string {
  const rule = UNCOUNTABLE.test(word) ? undefined : rules.find(([pattern]) => pattern.test(word))
  return rule === undefined ? word : word.replace(rule[0], rule[1])
}
