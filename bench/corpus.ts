import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/**
 * Generated migrations: about ten varied statements a file, the kinds in about the proportions that public repositories
 * have them. The same files go to every tool. Seeded, so that two runs see the same text.
 */
export interface Corpus {
  /** Writes `count` files into `folder`. */
  files(folder: string, count: number): void
  /** Writes `count` source files of an application, about 8 kB each, in folders of a hundred. */
  sources(folder: string, count: number): void
  /** Writes one file of about `bytes` bytes. */
  file(path: string, bytes: number): void
}

type Random = () => number

/** A small generator of pseudo-random numbers in [0, 1) (mulberry32). */
function random(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const NOUNS = "account order invoice payment customer product session message project member event address ticket role".split(" ")
const FIELDS = "name status region amount note email locale kind total created_by archived_at currency score label".split(" ")
const TYPES = ["text", "integer", "bigint", "numeric(12,2)", "timestamptz", "boolean", "jsonb", "uuid", "varchar(80)"]

export function createCorpus(seed = 1): Corpus {
  const next = random(seed)
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(next() * items.length)]
    if (item === undefined) throw new Error("nothing to pick from")
    return item
  }
  let serial = 0
  const table = (): string => `${pick(NOUNS)}_${Math.floor(next() * 60)}`
  const column = (): string => `${pick(FIELDS)}_${Math.floor(next() * 40)}`

  const kinds: readonly (readonly [weight: number, make: () => string])[] = [
    [10, () => `CREATE TABLE ${table()}_${++serial} (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  ${column()} ${pick(TYPES)} NOT NULL,\n  ${pick(FIELDS)}_at timestamptz NOT NULL DEFAULT now()\n);`],
    [14, () => `ALTER TABLE ${table()} ADD COLUMN ${column()} ${pick(TYPES)};`],
    [6, () => `ALTER TABLE ${table()} ADD COLUMN ${column()} text DEFAULT 'eu' NOT NULL;`],
    [2, () => `ALTER TABLE ${table()} ADD COLUMN ${column()} uuid DEFAULT gen_random_uuid();`],
    [4, () => `ALTER TABLE ${table()} ALTER COLUMN ${column()} SET NOT NULL;`],
    [3, () => `ALTER TABLE ${table()} ALTER COLUMN ${column()} TYPE ${pick(TYPES)};`],
    [5, () => `ALTER TABLE ${table()} ADD CONSTRAINT fk_${++serial} FOREIGN KEY (${column()}) REFERENCES ${table()} (id);`],
    [3, () => `ALTER TABLE ${table()} ADD CONSTRAINT ck_${++serial} CHECK (${column()} > ${Math.floor(next() * 100)});`],
    [4, () => `ALTER TABLE ${table()} DROP COLUMN ${column()};`],
    [2, () => `ALTER TABLE ${table()} RENAME COLUMN ${column()} TO ${column()};`],
    [9, () => `CREATE INDEX idx_${++serial} ON ${table()} (${column()}, ${column()});`],
    [3, () => `CREATE UNIQUE INDEX CONCURRENTLY idx_${++serial} ON ${table()} (${column()}) WHERE ${column()} IS NOT NULL;`],
    [4, () => `DROP INDEX IF EXISTS idx_${Math.floor(next() * 5000)};`],
    [14, () => `INSERT INTO ${table()} (${column()}, ${column()}) VALUES (${Math.floor(next() * 1000)}, 'value ${++serial}'), (2, NULL);`],
    [5, () => `UPDATE ${table()} SET ${column()} = 'x' WHERE id = ${Math.floor(next() * 1000)};`],
    [2, () => `UPDATE ${table()} SET ${column()} = lower(${column()});`],
    [2, () => `DELETE FROM ${table()} WHERE ${column()} IS NULL;`],
    [4, () => `COMMENT ON COLUMN ${table()}.${column()} IS 'Set by the importer; may be empty.';`],
    [2, () => `GRANT SELECT ON ${table()} TO readers;`],
    [2, () => `CREATE VIEW view_${++serial} AS SELECT id, ${column()} FROM ${table()} WHERE ${column()} IS NOT NULL;`],
  ]
  const total = kinds.reduce((sum, [weight]) => sum + weight, 0)
  const statement = (): string => {
    let at = next() * total
    for (const [weight, make] of kinds) {
      at -= weight
      if (at < 0) return make()
    }
    return "SELECT 1;"
  }
  const migration = (): string => {
    const size = 5 + Math.floor(next() * 11)
    return `-- ${pick(NOUNS)} changes\n${Array.from({ length: size }, statement).join("\n\n")}\n`
  }

  const source = (): string => {
    const [own, one, other] = [table(), column(), column()]
    return pick([
      `export async function load${String(++serial)}(id: string): Promise<unknown> {\n  const rows = await db.query("SELECT id, ${one} FROM ${own} WHERE ${other} = $1", [id])\n  return rows[0] ?? null\n}\n`,
      `/** Renders ${own} with its ${one}. */\nexport function view${String(++serial)}({ ${one}, ${other} }: Props): string {\n  const shown = format(${one})\n  return html\`<li class="\${${other}}">\${shown}</li>\`\n}\n`,
      `const found${String(++serial)} = await knex("${own}")\n  .where({ ${one}: input.first })\n  .whereNotNull("${other}")\n  .limit(20)\n`,
      `class Service${String(++serial)} {\n  private readonly cache = new Map<string, number>()\n  update(row: Row, value: string): void {\n    row.${one} = value\n    this.cache.set(row.id, row.${other}.length)\n  }\n}\n`,
    ])
  }

  return {
    files(folder, count) {
      mkdirSync(folder, { recursive: true })
      for (let index = 0; index < count; index++) {
        writeFileSync(join(folder, `${String(index).padStart(6, "0")}_${pick(NOUNS)}.sql`), migration())
      }
    },
    sources(folder, count) {
      for (let index = 0; index < count; index++) {
        const place = join(folder, `module_${String(Math.floor(index / 100))}`)
        mkdirSync(place, { recursive: true })
        let text = ""
        for (const size = 1000 + next() * 14_000; text.length < size; ) text += `${source()}\n`
        writeFileSync(join(place, `file_${String(index)}.ts`), text)
      }
    },
    file(path, bytes) {
      const parts: string[] = []
      for (let size = 0; size < bytes; ) {
        const text = migration()
        parts.push(text)
        size += text.length
      }
      writeFileSync(path, parts.join("\n"))
    },
  }
}
