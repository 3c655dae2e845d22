/** Paths as plain text with `/` between the parts, so that detection is the same on every system. */

/** A path relative to `cwd` made absolute, with `.`, `..` and doubled slashes resolved. */
export function absolute(path: string, cwd: string): string {
  const slashed = path.includes("\\") ? path.replaceAll("\\", "/") : path
  const full = /^(?:\/|[A-Za-z]:\/)/.test(slashed) ? slashed : `${cwd}/${slashed}`
  if (!/\/\/|\/\.\.?(?:\/|$)/.test(full)) return full
  const parts: string[] = []
  for (const part of full.split("/")) {
    if (part === "..") parts.pop()
    else if (part !== "" && part !== ".") parts.push(part)
  }
  return full.startsWith("/") ? `/${parts.join("/")}` : parts.join("/")
}

/** The folder of a path; the top is its own folder. */
export function parent(path: string): string {
  const slash = path.lastIndexOf("/")
  return slash > 0 ? path.slice(0, slash) : "/"
}

/** A path below a folder. */
export function join(folder: string, path: string): string {
  return folder === "/" ? `/${path}` : `${folder}/${path}`
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1)
}

/** How to name an absolute path to a person who stands in `cwd`. */
export function relative(path: string, cwd: string): string {
  if (path === cwd) return "."
  return path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path
}

/** Compares by UTF-16 code units, as most tools do. */
export function byName(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** Compares two strings of digits by their value, however long they are. */
export function byDigits(left: string, right: string): number {
  const a = left.replace(/^0+(?=\d)/, "")
  const b = right.replace(/^0+(?=\d)/, "")
  return a.length - b.length || byName(a, b)
}

/** Compares version numbers such as `1.10` and `1_9` part by part; missing parts count as zero. */
export function byVersion(left: string, right: string): number {
  const a = left.split(/[._]/)
  const b = right.split(/[._]/)
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = byDigits(a[index] ?? "0", b[index] ?? "0")
    if (order !== 0) return order
  }
  return 0
}

/** Compares as a person would: runs of digits by value, the rest by UTF-16 code units. */
export function byNature(left: string, right: string): number {
  const a = left.match(/\d+|\D+/g) ?? []
  const b = right.match(/\d+|\D+/g) ?? []
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const x = a[index] ?? ""
    const y = b[index] ?? ""
    const order = /^\d/.test(x) && /^\d/.test(y) ? byDigits(x, y) : byName(x, y)
    if (order !== 0) return order
  }
  return a.length - b.length || byName(left, right)
}
