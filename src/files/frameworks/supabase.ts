import { atLeast, packageVersion } from "../config.ts"
import type { Framework } from "../framework.ts"
import type { SelfDetection } from "../types.ts"

/** Source: apps/cli-go/pkg/migration/file.go of supabase/cli and its issues 5671, 6009 and 6276; run with npm 3.1.0. */
export const framework: Framework = {
  id: "supabase",
  name: "Supabase CLI",
  docs: "https://supabase.com/docs/guides/deployment/database-migrations",
  folders: ["supabase/migrations"],
  path: (name, folders) => {
    // What only local databases get, and the files that `db diff` makes migrations from.
    const level = folders.slice(0, 4).findIndex((folder, index) => folder === "supabase" && (index === 0 ? /^(?:seed|roles)\.sql$/.test(name) : /^(?:seeds?|schemas|tests)$/.test(folders[index - 1] ?? "")))
    if (level >= 0 && name.endsWith(".sql")) return { depth: level + 1, direction: "up", key: name, role: "aside" }
    const key = /^(\d+)_.*\.sql$/.exec(name)?.[1]
    return key === undefined ? undefined : { depth: 1, direction: "up", key: name }
  },
  markers: [
    { file: "supabase/config.toml", where: "above", root: /\/supabase(?:\/migrations)?$/ },
    // For the files beside the folder of migrations.
    { file: "config.toml", where: "here", contains: /^project_id\s*=/m },
  ],
  shape: "in default folders",
  order: "name",
  runner: (place) => {
    const version = packageVersion(place, "supabase")
    const detects = detection(version)
    return {
      framework: "supabase",
      name: "the Supabase CLI",
      wrap: "none",
      send: "pipeline",
      ...(version !== undefined && { version }),
      why: "the Supabase CLI sends the whole file as one pipeline, which the server runs as one transaction",
      offSwitch: { kind: "none", how: "put this statement alone in a migration of its own" },
      ...(detects !== undefined && { detects }),
    }
  },
}

/** What the CLI runs outside the pipeline. Without a version it is taken for a current one. */
function detection(version: string | undefined): SelfDetection | undefined {
  if (version !== undefined && !atLeast(version, "2.109")) return undefined
  const dropIndex = version === undefined || atLeast(version, "2.112")
  return {
    patterns: [
      /^CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\b/i,
      ...(dropIndex ? [/^DROP\s+INDEX\s+CONCURRENTLY\b/i] : []),
      /^REINDEX\b[^(]*\bCONCURRENTLY\b/i,
      /^VACUUM\b/i,
      /^ALTER\s+SYSTEM\b/i,
      /^CLUSTER\b/i,
    ],
    effect: "statement alone",
    why: "the Supabase CLI runs such a statement by itself; the statements before and after it commit separately",
  }
}
