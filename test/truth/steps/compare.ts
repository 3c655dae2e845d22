import type pg from "pg"
import type { Step } from "../../../src/index.ts"
import type { Hazard } from "./hazard.ts"

/** The rows of all tables as text, and of columns that nobody knows the values of whether they have one. */
export async function rowsIn(session: pg.Client, hazard: Hazard): Promise<Map<string, string[]>> {
  const result = new Map<string, string[]>()
  const { rows: tables } = await session.query<{ name: string; columns: string[] }>(`SELECT oid::regclass::text AS name,
    ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped ORDER BY attname::text) AS columns
    FROM pg_class c WHERE relkind IN ('r', 'p') AND relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\\_%' OR nspname = 'information_schema')`)
  for (const { name, columns } of tables) {
    const drawn = columns.filter((column) => !(hazard.drawn ?? []).includes(column))
    // Numbers that a sequence gave to the application's rows have gaps where a write failed.
    const text = drawn.map((column) => (column === "id" && columns.includes("rowno") ? "CASE WHEN rowno < 2000 THEN coalesce(id::text, '~') END" : `coalesce("${column.replaceAll('"', '""')}"::text, '~')`)).join(", ")
    const { rows } = await session.query<{ r: string }>(`SELECT ${text === "" ? "''" : `concat_ws('|', ${text})`} AS r FROM ${name}`)
    result.set(name, rows.map(({ r }) => r).sort())
    for (const column of columns.filter((one) => (hazard.drawn ?? []).includes(one))) {
      const c = `"${column.replaceAll('"', '""')}"`
      const { rows: counts } = await session.query<{ n: string; d: string; a: string }>(`SELECT count(${c}) AS n, count(*) AS a, count(DISTINCT ${c}) AS d FROM ${name}`)
      const one = counts[0]
      result.set(`${name}.${column}`, [one === undefined ? "" : `given ${String(one.n === one.a)}`])
    }
  }
  return result
}

/** Lines that only one side has. */
export function differencesOf(direct: readonly string[], safe: readonly string[], what: string): string[] {
  const [a, b] = [new Map<string, number>(), new Map<string, number>()]
  for (const line of direct) a.set(line, (a.get(line) ?? 0) + 1)
  for (const line of safe) b.set(line, (b.get(line) ?? 0) + 1)
  const only = (one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): string[] => [...one].filter(([line, count]) => (other.get(line) ?? 0) < count).map(([line]) => line)
  return [...only(a, b).map((line) => `${what} - ${line}`), ...only(b, a).map((line) => `${what} + ${line}`)]
}

/** How a default is cast, and the names of the parts of a partitioned index, are nobody's business. */
export function normalized(line: string): string {
  if (line.startsWith("column ")) return line.replace(/( default .*?) identity=/, (_, text: string) => `${text.replace(/::[\w ."]+(\(\d+(,\d+)?\))?(\[\])?/g, "").replace(/ 00:00:00(-\d+)?'/, "'")} identity=`)
  if (line.startsWith("constraint ") && line.includes(" CHECK ")) return line.replace(/::[a-z][\w ."]*(\(\d+(,\d+)?\))?(\[\])?/g, "").replaceAll(/[() ]/g, "")
  return line
}

/** Differences that the steps' notes speak of. */
export function isMeant(line: string, hazard: Hazard, steps: readonly Step[]): boolean {
  // The index of a foreign key.
  if (/^catalog \+ index CREATE INDEX/.test(line) && /REFERENCES/.test(hazard.sql)) return true
  if (hazard.kind === "detach" && /^catalog \+ constraint.*CHECK/.test(line)) return true
  if (hazard.kind === "enum value" && line.startsWith("catalog + label")) return true
  if (steps.some(({ note }) => /domain's base type/.test(note ?? "")) && /^catalog [-+] (column .*\."?(Added 0|Added 1|added0|added1)|constraint.*[Aa]dded.*CHECK)/.test(line)) return true
  if (["rename column", "change type", "several"].includes(hazard.kind) && steps.some(({ note }) => /domain's base type/.test(note ?? "")) && /^catalog [-+] (column|constraint.*CHECK)/.test(line)) return true
  // The sequence of a serial column follows the column's type, which ALTER COLUMN TYPE does not see to.
  if (steps.some(({ sql }) => /ALTER SEQUENCE \S+\s+AS (bigint|integer)/.test(sql)) && /^catalog (- sequence .* (smallint|integer)|\+ sequence .* (integer|bigint)) start=1 increment=1 from 1 to \d+ /.test(line)) return true
  if (/ STORED/.test(hazard.sql) && /^catalog [-+] .*([Aa]dded 1|[Aa]dded 0|added0|added1)/.test(line)) return true
  return false
}
