/** SQL that stands in a change, and what `modifySql` makes of any. */
import type { EmbeddedText } from "../../../embedded/index.ts"
import { attributeOf, isForPostgres, type ChangelogNode, type ValueRun } from "../../../files/changelog/nodes.ts"

/** Source: `splitSQL` and `processMultiLineSQL` of StringUtil.java. */
const USUAL = /^[ \t]*(?:\/|go)[ \t]*$/gim

/** Texts with semicolons in place of what ends their statements otherwise, as long as it. @param delimiter Null for the usual ones. */
export function delimited(runs: readonly ValueRun[], delimiter: string | null): readonly ValueRun[] {
  const pattern = patternOf(delimiter)
  return pattern === null ? runs : runs.map((run) => ({ ...run, value: withSemicolons(run.value, pattern) }))
}

/** The same for the text of a file. */
export function delimitedText(text: string, delimiter: string | null): string {
  const pattern = patternOf(delimiter)
  return pattern === null ? text : withSemicolons(text, pattern)
}

function withSemicolons(text: string, pattern: RegExp): string {
  return text.replace(pattern, (found) => ";".padEnd(found.length))
}

/** Null where semicolons do. */
function patternOf(delimiter: string | null): RegExp | null {
  if (delimiter === null) return USUAL
  const mark = delimiter.replace(/^(?:\\[nrs][*+]?)+|^[\r\n]+/, "").trim()
  if (mark === "" || mark === ";") return null
  const escaped = mark.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
  return mark === "/" || /^\w+$/.test(mark) ? new RegExp(`^[ \\t]*${escaped}[ \\t]*$`, "gim") : new RegExp(escaped, "g")
}

type Modify = (sql: string) => string

/** What a changeset does to the SQL of its changes; null for nothing, undefined for what is not read. */
export function modifierOf(changeSet: ChangelogNode): Modify | null | undefined {
  const blocks = changeSet.children.filter(({ name, children }) => name === "modifySql" && children.length > 0).filter((block) => isForPostgres(attributeOf(block, "dbms")))
  const steps = blocks.flatMap(({ children }) => children.filter(({ name }) => !SETTINGS.has(name)).map(stepOf))
  if (steps.length === 0) return null
  return steps.includes(null) ? undefined : (sql) => steps.reduce((text, step) => step?.(text) ?? text, sql)
}

const SETTINGS: ReadonlySet<string> = new Set(["dbms", "applyToRollback", "context", "contextFilter", "labels"])

function stepOf(node: ChangelogNode): Modify | null {
  const [value, replace, by] = [attributeOf(node, "value") ?? "", attributeOf(node, "replace"), attributeOf(node, "with") ?? ""]
  switch (node.name) {
    case "append":
      return (sql) => sql + value
    case "prepend":
      return (sql) => value + sql
    case "replace":
      return replace === undefined ? null : (sql) => sql.replaceAll(replace, by)
    case "regExpReplace": {
      const pattern = replace === undefined ? null : expressionOf(replace)
      return pattern && ((sql) => sql.replace(pattern, by))
    }
    default:
      return null
  }
}

/** Null for an expression that is none in JavaScript. */
function expressionOf(source: string): RegExp | null {
  try {
    return new RegExp(source, "g")
  } catch {
    return null
  }
}

/** A text that was changed after it was made comes from all of its place. */
export function modified(text: EmbeddedText, modify: Modify): EmbeddedText {
  const sql = modify(text.sql)
  if (sql === text.sql) return text
  return { ...text, sql, segments: [{ start: 0, end: sql.length, from: text.from, to: text.to, kind: "fixed", host: null }], holes: [] }
}
