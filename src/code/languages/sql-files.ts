/** Files of SQL that migrations in other languages read: `execute File.read(Rails.root.join("db/views.sql"))`. */
import { textOfFile, type FindSqlFile, type SqlFileRequest } from "../sql-files.ts"
import type { Collected } from "./collected.ts"

/** What reads a file, in Ruby, Python, Elixir, C# and PHP. */
const READS = /\b(?:File|IO|Pathname|Path|open|read|read_text|ReadAllText|file_get_contents)\b/
/** What makes another text of it. */
const CHANGES = /\b(?:gsub|sub|tr|replace|Replace|format|Format|split|Split|each\w*|map|render|result|ERB)\b|%/
const STRING = /"([^"\\\n]*)"|'([^'\\\n]*)'/g

/**
 * The file that an expression reads; null when its name is not in sight, or the code makes another text of it.
 *
 * @param isPath The expression is the path of the file.
 */
export function sqlFileIn(expression: string, isPath = false): SqlFileRequest | null {
  const words = expression.replaceAll(STRING, "")
  if (!(isPath || READS.test(words)) || CHANGES.test(words)) return null
  const parts = [...expression.matchAll(STRING)].flatMap(([, double, single]) => (double ?? single ?? "").split("/"))
  const names = parts.filter((part) => /\.sql$/i.test(part))
  const [name] = names
  if (name === undefined || names.length > 1 || /[{}$]/.test(name)) return null
  return { exact: null, name, folders: parts.filter((part) => part !== name && part !== "" && !/^\.+$/.test(part)) }
}

/** The same with the SQL of the files that its calls read. */
export function withFiles(all: Collected, source: string, find: FindSqlFile | null): Collected {
  if (find === null) return all
  const calls = [...all.calls]
  const unread = all.unread.filter(({ start, end, down, at = start, outside = false, conditional = false, isPath }) => {
    const written = source.slice(start, end)
    const request = written.includes(".sql") ? sqlFileIn(written, isPath) : null
    const file = request === null ? null : find(request)
    if (file === null) return true
    calls.push({ text: textOfFile(file, { from: start, to: end }), at, down, outside, conditional })
    return false
  })
  const builders = all.builders.filter(({ start, end, down, file: sent }) => {
    const file = sent === undefined ? null : find(sent.request)
    if (sent === undefined || file === null) return true
    const { first, head, conditional } = sent
    for (const text of [...first, textOfFile(file, { from: start, to: end }, head)]) calls.push({ text, at: start, down, outside: false, conditional })
    return false
  })
  return { ...all, calls, unread, builders }
}
