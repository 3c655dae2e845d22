/** Longer tokens are cut: an unclosed quote is one that goes on to the end of the file. */
const LONGEST_TOKEN = 60

/** What looks like a blank, or like nothing, and is a letter to PostgreSQL. */
const INVISIBLE = /[\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]/

/** PostgreSQL's words for an error as they can be read: the token that they quote is cut, and characters in it that cannot be seen are named. */
export function readable(message: string): string {
  const [, words, token] = /^(.*? at or near ")([^]*)"$/.exec(message) ?? []
  if (words === undefined || token === undefined) return message
  const [line = ""] = /^[^\r\n]*/.exec(token) ?? []
  const shown = [...line.slice(0, 2 * LONGEST_TOKEN)].slice(0, LONGEST_TOKEN).join("")
  const rest = shown.length < token.length ? "..." : ""
  const invisible = INVISIBLE.exec(shown)?.[0].charCodeAt(0)
  const hint = invisible === undefined ? "" : `, which has U+${invisible.toString(16).toUpperCase().padStart(4, "0")} in it: that cannot be seen, and is no blank to PostgreSQL`
  return `${words}${shown}${rest}"${hint}`
}
