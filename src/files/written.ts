/** Settings as files write them: properties, TOML and YAML, line by line, as far as settings of tools go. */

/** A setting and the place where it stands. */
export interface Written {
  /** Its path through the file, in lower case, without dashes and underscores: `spring.flyway.defaultschema`. */
  readonly key: string
  /** Without quotes; the items of a list with commas between them. */
  readonly value: string
  /** 1-based. */
  readonly line: number
}

/** All settings of a file, in a format that the ending of its name tells. */
export function settingsIn(name: string, text: string): readonly Written[] {
  const lines = text.split("\n").map((line) => line.trimEnd())
  if (/\.ya?ml$/.test(name)) return yaml(lines)
  return name.endsWith(".toml") ? toml(lines) : properties(lines)
}

function properties(lines: readonly string[]): readonly Written[] {
  return lines.flatMap((line, index) => {
    const [, key, value] = /^[ \t]*([\w.%"-]+)[ \t]*[=:][ \t]*(.*)$/.exec(line) ?? []
    return key === undefined || value === undefined ? [] : [{ key: plain(key), value: unquoted(value), line: index + 1 }]
  })
}

function toml(lines: readonly string[]): readonly Written[] {
  const found: Written[] = []
  let table = ""
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ""
    const header = /^[ \t]*\[([^[\]]+)\]/.exec(line)?.[1]
    if (header !== undefined) table = `${header}.`
    const [, key, value = ""] = /^[ \t]*([\w."-]+)[ \t]*=[ \t]*(.*)$/.exec(line) ?? []
    if (key === undefined) continue
    const start = index + 1
    let whole = value
    // A list may go on for some lines.
    while (whole.startsWith("[") && !withoutComment(whole).endsWith("]") && index + 1 < lines.length) whole = `${withoutComment(whole)} ${lines[++index] ?? ""}`
    found.push({ key: plain(table + key), value: unquoted(withoutComment(whole)), line: start })
  }
  return found
}

function yaml(lines: readonly string[]): readonly Written[] {
  const found: Written[] = []
  /** The keys that the next line may be below, with how far they are indented. */
  let open: { readonly indent: number; readonly key: string; readonly line: number; readonly items: string[] }[] = []
  const close = (indent: number): void => {
    for (const { items, key, line } of open.filter((one) => one.indent >= indent)) if (items.length > 0) found.push({ key: plain(key), value: items.join(","), line })
    open = open.filter((one) => one.indent < indent)
  }
  for (const [index, line] of lines.entries()) {
    const indent = line.length - line.trimStart().length
    const item = /^[ \t]*- +(.*)$/.exec(line)?.[1]
    if (item !== undefined && !/^[\w-]+:(?: |$)/.test(item)) {
      close(indent + 1)
      open.at(-1)?.items.push(unquoted(withoutComment(item)))
      continue
    }
    const [, dash, key, value] = /^[ \t]*(- +)?["']?([\w.%-]+)["']?:(?: +(.*))?$/.exec(line) ?? []
    if (line === "---") close(0)
    if (key === undefined) continue
    // A list may be indented no further than its key.
    close(dash === undefined ? indent : indent + 1)
    const path = `${open.map((one) => `${one.key}.`).at(-1) ?? ""}${key}`
    const given = withoutComment(value ?? "")
    if (given === "" || /^[&!]\S+$/.test(given)) open.push({ indent, key: path, line: index + 1, items: [] })
    else found.push({ key: plain(path), value: unquoted(given), line: index + 1 })
  }
  close(0)
  return found
}

function plain(key: string): string {
  return key.replace(/[-_"]/g, "").toLowerCase()
}

function withoutComment(value: string): string {
  return value.replace(/(?:^|[ \t])#.*$/, "").trim()
}

/** `"a"`, `'a'`, `[a, "b"]` */
function unquoted(value: string): string {
  const inner = /^\[(.*)\]$/.exec(value)?.[1]
  if (inner === undefined) return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value
  return inner.split(",").map((item) => unquoted(item.trim())).filter(Boolean).join(",")
}
