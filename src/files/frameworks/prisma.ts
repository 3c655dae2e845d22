import { atLeast, packageVersion } from "../config.ts"
import type { Framework } from "../framework.ts"
import { join } from "../paths.ts"
import type { Runner } from "../types.ts"
import { schemasIn, startWith, writtenOf } from "../starting.ts"

/**
 * Source: schema-engine of prisma/prisma-engines, its pull requests 5767 and 5847: one message up to 7.3; split from
 * 7.4 on, unless sqlparser-rs 0.61 fails on a statement.
 */
export const framework: Framework = {
  id: "prisma",
  name: "Prisma Migrate",
  docs: "https://www.prisma.io/docs/orm/prisma-migrate",
  folders: ["prisma/migrations"],
  path: (name, [folder = ""]) => {
    if (!/^\d+(?:_|$)/.test(folder)) return undefined
    if (name === "migration.sql") return { depth: 2, direction: "up", key: folder }
    return name === "down.sql" ? { depth: 2, direction: "down", key: folder } : undefined
  },
  markers: [{ file: "migration_lock.toml", where: "here" }],
  shape: "unmistakable",
  order: "name",
  isForeign: ({ files, root }) =>
    /^provider\s*=\s*"(?!postgres)/m.test(files.read(join(root, "migration_lock.toml")) ?? ""),
  // Source: quaint/src/connector/postgres of prisma/prisma-engines. The URL is mostly in the environment.
  session: (place) => {
    const found = writtenOf(place, ["schema.prisma", "prisma/schema.prisma", "prisma.config.ts"], /^\s*(?:datasource\s*:\s*\{\s*)?url\s*[:=]\s*["']postgres(?:ql)?:\/\/[^"'\s]*[?&]schema=([^&"'\s]+)/gm)
    return found && startWith(schemasIn(found.value), found.evidence)
  },
  runner: (place) => {
    const version = packageVersion(place, "prisma") ?? packageVersion(place, "@prisma/client")
    const base = { framework: "prisma", name: "Prisma Migrate", wrap: "none", ...(version && { version }) } as const
    return version !== undefined && atLeast(version, "7.4") ? { ...base, ...splitting } : { ...base, ...whole }
  },
}

const whole = {
  send: "one message",
  why: "Prisma Migrate before 7.4 sends the whole file in one message, which the server runs as one transaction",
  offSwitch: { kind: "none", how: "put this statement alone in a migration of its own" },
} as const satisfies Partial<Runner>

const splitting = {
  send: "split",
  why: "Prisma Migrate runs each statement by itself",
  offSwitch: { kind: "none", how: "put this statement alone in a migration of its own" },
  fallback: {
    patterns: [
      /^DROP\s+INDEX\s+CONCURRENTLY\b/i,
      /^(?:REINDEX|DO|LOCK|CLUSTER|REFRESH)\b/i,
      /^ALTER\s+(?:SYSTEM|SEQUENCE|DEFAULT\s+PRIVILEGES)\b/i,
      /^VACUUM\s*\(/i,
      /^CREATE\s+(?:OR\s+REPLACE\s+)?(?:PUBLICATION|SUBSCRIPTION|RULE|STATISTICS)\b/i,
      /^ALTER\s+TABLE\b[\s\S]*\b(?:ATTACH|DETACH)\s+PARTITION\b/i,
      /^ALTER\s+TABLE\b[\s\S]*\b(?:PRIMARY\s+KEY|UNIQUE)\s+USING\s+INDEX\b/i,
      /^ALTER\s+TABLE\b[\s\S]*\b(?:SET\s+(?:STATISTICS|LOGGED|UNLOGGED)|ALTER\s+CONSTRAINT)\b/i,
      /^INSERT\b[\s\S]*\bSELECT\b[\s\S]*\bON\s+CONFLICT\b/i,
    ],
    send: "one message",
    why: "Prisma Migrate cannot split a file with `{statement}` in it, so it sends the whole file in one message",
  },
} as const satisfies Partial<Runner>
