/**
 * What the ESLint plugin costs (`npx tsx bench/eslint.ts`, after a build): 500 files of TypeScript with 3,500 texts of SQL, against
 * the same parser with a rule that does nothing; and the time to load the plugin.
 */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const ROOT = fileURLToPath(new URL("../", import.meta.url))
const FILES = 500
const TEXTS_PER_FILE = 7
const ROUNDS = 5

const folder = mkdtempSync(join(tmpdir(), "pgsafe-eslint-bench-"))
try {
  writeProject()
  const empty: number[] = []
  const pgsafe: number[] = []
  // In turns, so that a slow moment of the machine hits both.
  for (let round = 0; round < ROUNDS; round++) {
    empty.push(lintWith("empty.config.mjs"))
    pgsafe.push(lintWith("pgsafe.config.mjs"))
  }
  console.log(`empty rule: ${median(empty).toFixed(0)} ms, pgsafe: ${median(pgsafe).toFixed(0)} ms, ratio ${(median(pgsafe) / median(empty)).toFixed(3)}`)
  const bare = Array.from({ length: ROUNDS * 3 }, () => load(join(folder, "nothing.mjs")))
  const loaded = Array.from({ length: ROUNDS * 3 }, () => load(join(ROOT, "dist/eslint.js")))
  console.log(`loading: an empty module ${median(bare).toFixed(1)} ms, the plugin ${median(loaded).toFixed(1)} ms`)
} finally {
  rmSync(folder, { recursive: true })
}

function writeProject(): void {
  mkdirSync(join(folder, "node_modules"))
  mkdirSync(join(folder, "src/migrations"), { recursive: true })
  for (const name of ["@typescript-eslint", "typescript"]) symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name), "junction")
  symlinkSync(ROOT, join(folder, "node_modules/pgsafe"), "junction")
  const config = (plugin: string): string =>
    `import parser from "@typescript-eslint/parser"\n${plugin}\nexport default [{ ...config, files: ["**/*.ts"], languageOptions: { parser } }]\n`
  const nothing = `const config = { plugins: { none: { rules: { none: { create: () => ({ Program() {} }) } } } }, rules: { "none/none": "error" } }`
  writeFileSync(join(folder, "empty.config.mjs"), config(nothing))
  writeFileSync(join(folder, "pgsafe.config.mjs"), config(`import pgsafe from "pgsafe/eslint"\nconst config = pgsafe.configs.recommended`))
  writeFileSync(join(folder, "nothing.mjs"), "export default {}\n")
  for (let index = 0; index < FILES; index++) writeFileSync(join(folder, `src/migrations/${String(1_700_000_000_000 + index)}-change.ts`), migration(index))
}

function migration(index: number): string {
  const table = `table_${String(index % 40)}`
  const statements = [
    `ALTER TABLE "${table}" ADD COLUMN "column_${String(index)}" integer`,
    `CREATE INDEX "idx_${table}_${String(index)}" ON "${table}" ("column_${String(index)}")`,
    `UPDATE "${table}" SET "column_${String(index)}" = 1 WHERE "id" = 7`,
    `ALTER TABLE \${this.schema}."${table}" ALTER COLUMN "state" SET DEFAULT 'new'`,
    `CREATE TABLE "new_${String(index)}" ("id" bigint PRIMARY KEY, "note" text NOT NULL DEFAULT '')`,
    `COMMENT ON TABLE "${table}" IS 'It''s number ${String(index)}'`,
    `SELECT count(*) FROM "${table}" WHERE "column_${String(index)}" IS NULL`,
  ].slice(0, TEXTS_PER_FILE)
  const up = statements.map((sql) => `    await queryRunner.query(\`${sql}\`)`).join("\n")
  const helpers = Array.from({ length: 6 }, (_, at) => `\nfunction helper${String(at)}(rows: readonly { id: number; total: number }[]): number {\n  return rows.filter(({ id }) => id > ${String(at)}).reduce((sum, { total }) => sum + total, 0)\n}\n`)
  return `import type { MigrationInterface, QueryRunner } from "typeorm"\n\nexport class Change${String(index)} implements MigrationInterface {\n  private readonly schema = process.env.SCHEMA\n\n  async up(queryRunner: QueryRunner): Promise<void> {\n${up}\n  }\n\n  async down(queryRunner: QueryRunner): Promise<void> {\n    await queryRunner.query(\`DROP TABLE "new_${String(index)}"\`)\n  }\n}\n${helpers.join("")}`
}

function lintWith(config: string): number {
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "node_modules/eslint/bin/eslint.js"), "--config", config, "--format", "json", "src"], { cwd: folder, maxBuffer: 1 << 28, encoding: "utf8" })
  if (status === 2) throw new Error(stderr)
  return performance.now() - start
}

function load(path: string): number {
  const script = `const start = performance.now(); await import(${JSON.stringify(path)}); process.stdout.write(String(performance.now() - start))`
  return Number(spawnSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" }).stdout)
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
}
