/** Reads what the manifests of Rust crates say about databases. */
import type { Place } from "./framework.ts"
import { join } from "./paths.ts"

/**
 * Whether the nearest Cargo.toml that turns on drivers of a crate names others than PostgreSQL's only. Features of the own crate may
 * turn on more, so the word anywhere else in the file is enough of a doubt.
 *
 * @param crate The crate's name, as a regular expression.
 */
export function hasOtherDriver({ files, above }: Place, crate: string): boolean {
  const entry = new RegExp(
    `^[ \\t]*(?:${crate})[ \\t]*=[ \\t]*\\{[^}]*\\}|^\\[[\\w.-]*dependencies\\.(?:${crate})\\](?:\\n(?!\\[).*)*`,
    "gm",
  )
  for (const folder of above) {
    const text = files.holds(folder, "Cargo.toml") ? (files.read(join(folder, "Cargo.toml")) ?? "") : ""
    const entries = text.match(entry)?.join("\n") ?? ""
    if (/"(?:postgres|any)"/.test(entries)) return false
    if (/"(?:sqlite|sqlite-unbundled|mysql|mssql)"/.test(entries)) return !/postgres|\bpg\b/i.test(text)
  }
  return false
}
