import { configured } from "../config.ts"
import type { Framework, Place, Sortable } from "../framework.ts"
import { join } from "../paths.ts"
import { pathIn, startWith, writtenOf } from "../starting.ts"

/** Revisions in Python, and the SQL that `alembic upgrade --sql` prints. Source: alembic/runtime/migration.py. */
export const framework: Framework = {
  id: "alembic",
  name: "Alembic",
  docs: "https://alembic.sqlalchemy.org/en/latest/offline.html",
  folders: [],
  path: (name, folders) => {
    const level = folders.slice(0, 2).indexOf("versions")
    const script = /^(?!__)(.+)\.py$/.exec(name)?.[1]
    if (script !== undefined && (level >= 0 || /^[0-9a-f]{8,}_/.test(name))) return { depth: Math.max(level, 0) + 1, direction: "both", key: script }
    return name.endsWith(".sql") ? { depth: 1, direction: "up", key: name } : undefined
  },
  markers: [],
  content: {
    line: /\b(?:TABLE|INTO|UPDATE|FROM) (?:\w+\.)?alembic_version\b/,
    required: true,
  },
  // What the project's own env.py does.
  session: (place) => {
    const found = writtenOf(place, ["env.py"], /(f?["'](?:SET\s+search_path\s*(?:TO\b|=)|-c\s*search_path=)[^"'\n]*(?:"[^"'\n]*)*["'])|^\s*[^#\n]*\bset_search_path\b()/gim)
    const path = /^["'](?:SET\s+search_path\s*(?:TO\b|=)|-c\s*search_path=)(.*?);?["']$/i.exec(found?.value ?? "")?.[1]
    return found && path !== undefined ? startWith(pathIn(path), found.evidence) : undefined
  },
  code: {
    toLint: "alembic upgrade <from>:<to> --sql | pgsafe lint -",
    language: "python",
    readsBuilder: true,
    sign: /^\s*(?:from\s+alembic\b|import\s+alembic\b|down_revision\s*[:=])/m,
    order: (place) => byRevision(place),
    runner: (place) => {
      const each = configured(place, ["env.py"], /\btransaction_per_migration\s*=\s*True\b/)
      return {
        framework: "alembic",
        name: "Alembic",
        wrap: each ? "file" : "all pending",
        send: "one message",
        why: each ? "Alembic runs each migration in a transaction of its own" : "Alembic runs all pending migrations in one transaction",
        offSwitch: {
          kind: "config",
          how: "run this statement in `with op.get_context().autocommit_block():`",
          text: "with op.get_context().autocommit_block():",
          oneStatementOnly: false,
        },
      }
    },
  },
  shape: "ambiguous",
  order: "natural",
  runner: () => ({
    framework: "alembic",
    name: "psql",
    wrap: "none",
    send: "psql",
    why: "the script that `alembic upgrade --sql` prints has its own BEGIN and COMMIT and no other transaction",
    offSwitch: { kind: "none", how: "wrap this statement of the migration in `op.get_context().autocommit_block()`" },
  }),
}

const REVISION = /^revision\s*(?::[^=\n]+)?=\s*["']([^"']+)["']/m
const DOWN_REVISION = /^down_revision\s*(?::[^=\n]+)?=\s*(\([^)]*\)|\[[^\]]*\]|[^\n]*)/m

const DEPENDS_ON = /^depends_on\s*(?::[^=\n]+)?=\s*(\([^)]*\)|\[[^\]]*\]|[^\n]*)/m

/** Each revision after those that it names as its predecessors; siblings by name. */
function byRevision({ files, root }: Place): (left: Sortable, right: Sortable) => number {
  const revisions = new Map<string, { readonly path: string; readonly after: readonly string[] }>()
  const read = (folder: string, prefix: string, depth: number): void => {
    for (const { name, folder: isFolder } of [...files.list(folder)].sort((left, right) => (left.name < right.name ? -1 : 1))) {
      if (isFolder && depth < 2) read(join(folder, name), `${prefix}${name}/`, depth + 1)
      if (isFolder || !name.endsWith(".py")) continue
      const text = files.head(join(folder, name)) ?? ""
      const revision = REVISION.exec(text)?.[1]
      const after = [...`${DOWN_REVISION.exec(text)?.[1] ?? ""} ${DEPENDS_ON.exec(text)?.[1] ?? ""}`.matchAll(/["']([^"']+)["']/g)].map(([, id = ""]) => id)
      if (revision !== undefined) revisions.set(revision, { path: prefix + name, after })
    }
  }
  read(root, "", 0)
  const position = new Map<string, number>()
  const visited = new Set<string>()
  const visit = (id: string): void => {
    const revision = revisions.get(id)
    if (revision === undefined || visited.has(id)) return
    visited.add(id)
    for (const before of revision.after) visit(before)
    position.set(revision.path, position.size)
  }
  for (const id of revisions.keys()) visit(id)
  const at = ({ path }: Sortable): number => position.get(path) ?? Number.MAX_SAFE_INTEGER
  return (left, right) => at(left) - at(right)
}
