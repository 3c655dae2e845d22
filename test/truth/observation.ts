/** PostgreSQL's table-level lock modes, weakest first. */
export const lockModes = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
] as const
export type LockMode = (typeof lockModes)[number]

export type RelationKind =
  | "table"
  | "index"
  | "sequence"
  | "view"
  | "materialized view"
  | "foreign table"
  | "composite type"

export interface ObservedLock {
  readonly relation: string
  readonly kind: RelationKind
  readonly mode: LockMode
}

/** What a real server did with one statement. README.md defines every field; lists are sorted. */
export interface Observation {
  readonly locks: readonly ObservedLock[]
  readonly rewrites: readonly string[]
  readonly scans: readonly string[]
  readonly builds: readonly string[]
  readonly transaction: "allowed" | "forbidden"
  /** The statement failed, so nothing but `transaction` was observed. */
  readonly fails?: { readonly code: string; readonly message: string }
}

/** A relation as it was before the statement. */
export interface RelationBefore {
  readonly oid: number
  /** `schema.name` */
  readonly name: string
  readonly bareName: string
  readonly kind: RelationKind
  readonly partitioned: boolean
  /** The file that stores it; 0 for what stores nothing. */
  readonly file: number
  /** For an index: its table. */
  readonly table: number | null
}

/** All relations outside the system schemas, by oid. */
export type Before = ReadonlyMap<number, RelationBefore>

/** pg_locks spells modes `AccessExclusiveLock`. */
function modeFromServer(mode: string): LockMode {
  const words = mode.replace(/Lock$/, "").replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toUpperCase()
  const known = lockModes.find((one) => one === words)
  if (known === undefined) throw new Error(`unknown lock mode ${mode}`)
  return known
}

/** Collects the strongest mode for each relation, by the rules of README.md. */
export function lockCollector(before: Before): { add(oid: number, mode: string): void; locks(): ObservedLock[] } {
  const strongest = new Map<number, LockMode>()
  return {
    add(oid, spelled) {
      const mode = modeFromServer(spelled)
      const had = strongest.get(oid)
      if (had === undefined || lockModes.indexOf(mode) > lockModes.indexOf(had)) strongest.set(oid, mode)
    },
    locks() {
      const found: ObservedLock[] = []
      for (const [oid, mode] of strongest) {
        const relation = before.get(oid)
        if (relation === undefined) continue
        if (relation.kind === "index" && lockModes.indexOf(mode) < lockModes.indexOf("SHARE UPDATE EXCLUSIVE")) continue
        found.push({ relation: relation.name, kind: relation.kind, mode })
      }
      return found.sort((a, b) => (a.relation < b.relation ? -1 : 1))
    },
  }
}
