/** How many names a sentence lists. */
const LISTED = 5

/** `a`, `a and b`, `a, b and c`; the rest of many as a number. */
export function list(names: readonly string[]): string {
  const shown =
    names.length > LISTED ? [...names.slice(0, LISTED - 1), `${String(names.length - LISTED + 1)} more`] : names
  const last = shown.at(-1) ?? ""
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`
}

/** `table a`, `tables a and b`; the noun takes a plain s. */
export function counted(noun: string, names: readonly string[]): string {
  return `${noun}${names.length === 1 ? "" : "s"} ${list(names)}`
}

/** `it` and `its`, or `them` and `their`. */
export function pronouns(names: readonly string[]): { readonly it: string; readonly its: string } {
  return names.length === 1 ? { it: "it", its: "its" } : { it: "them", its: "their" }
}

/** What could be a name in a program that is not read, whose strings hold SQL. */
export function wordsIn(code: string): readonly string[] {
  return [...new Set(code.match(/[\p{L}_][\p{L}\p{N}_$]*/gu))]
}
