import type pg from "pg"
import { builtinVolatility } from "../../src/effects/volatility.ts"
import type { Major } from "./versions.ts"

/** One callable overload of `pg_catalog`. `types` are catalog names joined by commas. */
export interface BuiltinFunction {
  readonly name: string
  readonly types: string
  readonly volatility: "i" | "s" | "v"
}

export interface BuiltinCast {
  readonly source: string
  readonly target: string
  /** pg_cast.castcontext */
  readonly context: "i" | "a" | "e"
  /** pg_cast.castmethod */
  readonly method: "f" | "b" | "i"
  readonly volatility: "i" | "s" | "v" | null
}

/** What one server's system catalogs say about built-in functions, types and casts. */
export interface Builtins {
  readonly functions: readonly BuiltinFunction[]
  readonly extensionFunctions: readonly (BuiltinFunction & { readonly extension: string })[]
  readonly types: readonly string[]
  readonly casts: readonly BuiltinCast[]
}

/** Functions that a statement can sensibly call: no aggregates, window functions, triggers or internal support functions. */
const callable = `
  p.prokind IN ('f', 'p')
  AND NOT p.prorettype::regtype::text ~ '^(internal|cstring|trigger|event_trigger|.*_handler)$'
  AND NOT EXISTS (SELECT FROM unnest(p.proargtypes::oid[]) a WHERE a::regtype::text IN ('internal', 'cstring'))`

const typeNames = `(SELECT coalesce(string_agg(t.typname, ',' ORDER BY a.n), '')
  FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY a(type, n) JOIN pg_type t ON t.oid = a.type)`

/** Installs every extension that comes with the server, so use a throwaway one. */
export async function readBuiltins(session: pg.Client): Promise<Builtins> {
  const functions = await session.query<BuiltinFunction>(`
    SELECT p.proname AS name, ${typeNames} AS types, p.provolatile AS volatility FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.oid < 16384 AND ${callable} ORDER BY 1, 2`)
  const types = await session.query<{ name: string }>(`
    SELECT typname AS name FROM pg_type t WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm')
    AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid) ORDER BY 1`)
  const casts = await session.query<BuiltinCast>(`
    SELECT s.typname AS source, t.typname AS target, c.castcontext AS context, c.castmethod AS method,
      p.provolatile AS volatility
    FROM pg_cast c JOIN pg_type s ON s.oid = c.castsource JOIN pg_type t ON t.oid = c.casttarget
    LEFT JOIN pg_proc p ON p.oid = c.castfunc WHERE c.oid < 16384 ORDER BY 1, 2`)
  const available = await session.query<{ name: string }>("SELECT name FROM pg_available_extensions ORDER BY 1")
  for (const { name } of available.rows) {
    // Extensions in untrusted languages are not built into these servers.
    await session.query(`CREATE EXTENSION IF NOT EXISTS "${name}" CASCADE`).catch(() => undefined)
  }
  const extensionFunctions = await session.query<BuiltinFunction & { extension: string }>(`
    SELECT e.extname AS extension, p.proname AS name, ${typeNames} AS types, p.provolatile AS volatility
    FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
    WHERE ${callable} ORDER BY 1, 2, 3`)
  return {
    functions: functions.rows,
    extensionFunctions: extensionFunctions.rows,
    types: types.rows.map((row) => row.name),
    casts: casts.rows,
  }
}

const rank = { i: 0, s: 1, v: 2 } as const
const words = ["immutable", "stable", "volatile"] as const

/** Built-in functions of a server whose volatility pgsafe's generated table gets wrong. */
export function builtinDifferences({ functions }: Builtins, major: Major): string[] {
  const least = new Map<string, { name: string; count: number; volatility: number }>()
  for (const { name, types, volatility } of functions) {
    const count = types === "" ? 0 : types.split(",").length
    const key = `${name}/${String(count)}`
    const known = least.get(key)
    least.set(key, { name, count, volatility: Math.min(known?.volatility ?? 2, rank[volatility]) })
  }
  return [...least.values()].flatMap(({ name, count, volatility }) => {
    const ours = builtinVolatility(name, count, major)
    const theirs = words[volatility]
    return ours === theirs ? [] : [`${name} with ${String(count)} arguments is ${theirs ?? ""}, not ${ours ?? "unknown"}`]
  })
}
