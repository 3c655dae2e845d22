/**
 * Folders of migrations beside each other: those that somebody starts by hand, for example, lie in one of their own, and their versions count
 * together (`mix ecto.migrate --migrations-path priv/repo/data_migrations`). Source: guides/backfilling_data.md of ecto_sql 3.
 */
import type { Place } from "./framework.ts"
import { baseName, join, parent } from "./paths.ts"
import type { Runner } from "./types.ts"

const TOGETHER = /^(?:(?:manual|data|backfill|post|async|background)_)?migrations$/
const MIGRATION = /^\d+_.+\.exs$/
/** What the calls of Ecto, and SQL, name. */
const NAMED = /\b(?:table|index|constraint|references)\(\s*[:"](\w+)|\b(?:table|on|update|into|from|exists|only|index|concurrently)\s+"?(?:\w+"?\."?)?(\w+)/gi

function textsIn(folder: string, files: Place["files"]): readonly string[] {
  return files.list(folder).flatMap(({ name }) => (MIGRATION.test(name) ? [files.read(join(folder, name)) ?? ""] : []))
}

/** What the folders beside the migrations change: in which order with these, only the database tells. */
export function changedElsewhere({ root, files }: Place): Pick<Runner, "changedElsewhere"> {
  if (!TOGETHER.test(baseName(root))) return {}
  const top = parent(root)
  const beside = files.list(top).filter(({ name, folder }) => folder && TOGETHER.test(name) && name !== baseName(root))
  const texts = beside.flatMap((folder) => textsIn(join(top, folder.name), files))
  const names = new Set(texts.flatMap((text) => [...text.matchAll(NAMED)].map(([, called, written]) => called ?? written ?? "")))
  return names.size === 0 ? {} : { changedElsewhere: [...names].sort() }
}
