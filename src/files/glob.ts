/** Patterns of paths to leave out. */

/**
 * A test for paths (relative, with `/`): `*` and `?` within one part, `**` over parts, `[a-z]`, `{a,b}`.
 * A pattern without `/` means any file or folder of that name, unless patterns mean whole paths; a folder that matches takes
 * everything in it along.
 */
export function pathMatcher(patterns: readonly string[], meaning: "names" | "whole paths" = "names"): (path: string) => boolean {
  if (patterns.length === 0) return () => false
  const pattern = new RegExp(`^(?:${patterns.map((glob) => source(glob, meaning === "names")).join("|")})(?:/|$)`)
  return (path) => pattern.test(path)
}

function source(glob: string, anywhere: boolean): string {
  const clean = glob.replace(/^\.?\//, "").replace(/\/(?:\*\*)?$/, "")
  return (clean.includes("/") || !anywhere ? "" : "(?:.*/)?") + translate(clean)
}

/** A set such as `[a-z]` at the start of a pattern; a range that runs backwards makes it plain text. */
function setAt(pattern: string): RegExpExecArray | null {
  const set = /^\[(!?)([^\]/]+)\]/.exec(pattern)
  const ranges = set?.[2]?.matchAll(/([^])-([^])/g) ?? []
  return [...ranges].some(([, from = "", to = ""]) => from > to) ? null : set
}

function translate(glob: string): string {
  let result = ""
  let depth = 0
  for (let index = 0; index < glob.length; index += 1) {
    const rest = glob.slice(index)
    const set = setAt(rest)
    const character = rest.charAt(0)
    if (rest.startsWith("**/")) {
      result += "(?:.*/)?"
      index += 2
    } else if (rest.startsWith("**")) {
      result += ".*"
      index += 1
    } else if (set !== null) {
      result += `[${set[1] === "!" ? "^" : ""}${(set[2] ?? "").replace(/[\\^]/g, "\\$&")}]`
      index += set[0].length - 1
    } else if (character === "*") result += "[^/]*"
    else if (character === "?") result += "[^/]"
    else if (character === "{") {
      result += "(?:"
      depth += 1
    } else if (character === "}" && depth > 0) {
      result += ")"
      depth -= 1
    } else if (character === "," && depth > 0) result += "|"
    else result += character.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
  }
  return result + ")".repeat(depth)
}
