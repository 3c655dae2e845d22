import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import type { LintResult } from "../../src/index.ts"
import { folder, pgsafe, plainEnvironment, type Outcome } from "./pgsafe.ts"

function lint(cwd: string, ...args: readonly string[]): Outcome & { readonly found: readonly string[]; readonly result: LintResult } {
  const outcome = pgsafe(["lint", "--ignore", "lock-timeout-missing", "--format", "json", ...args], { cwd })
  const result = JSON.parse(outcome.stdout) as LintResult
  const found = result.findings.map(({ file, line, column, rule }) => `${file}:${String(line)}:${String(column)} ${rule}`)
  return { ...outcome, result, found }
}

function git(cwd: string, ...args: readonly string[]): void {
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"]
  const environment = Object.fromEntries(Object.entries(plainEnvironment()).filter(([name]) => !name.startsWith("GIT_")))
  const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd, encoding: "utf8", env: environment })
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`)
}

describe("migrations in code", () => {
  const migration = 'exports.up = (pgm) => {\n  pgm.sql("VACUUM FULL orders")\n  pgm.dropTable(name)\n}\n'

  it("are found in the usual folders, linted, and what is not understood is counted", () => {
    const cwd = folder({ "migrations/1700000000000_vacuum.js": migration, "migrations/helpers.js": "exports.up = 1\n" })
    const { code, found, stderr, result } = lint(cwd, "--ignore", "forbidden-in-transaction,lock-timeout-missing")
    expect({ code, stderr, found }).toEqual({
      code: 1,
      stderr: "pgsafe: linting migrations\npgsafe: 1 call in code could not be read without running it\n",
      found: ["migrations/1700000000000_vacuum.js:2:24 vacuum-full-rewrites-table"],
    })
    expect(result.summary).toMatchObject({ files: 1, statements: 1 })
  })

  it("know what the migrations before them have built, in SQL and in code", () => {
    const cwd = folder({
      "package.json": '{ "dependencies": { "node-pg-migrate": "9" } }',
      "m/1_a.sql": "CREATE TABLE orders (id bigint PRIMARY KEY, region varchar(50), note text NOT NULL);\n",
      "m/2_b.js": "exports.up = (pgm) => { pgm.alterColumn('orders', 'region', { type: 'varchar(80)' }) }\n",
      "m/3_c.js": "exports.up = (pgm) => { pgm.sql('ALTER TABLE orders ALTER COLUMN region TYPE varchar(90)'); pgm.sql('ALTER TABLE orders ALTER COLUMN note SET NOT NULL') }\n",
      "m/10_d.sql": "ALTER TABLE orders ALTER COLUMN region TYPE varchar(60);\n",
    })
    // Wider types and what is NOT NULL already cost nothing; the last one is narrower than what 3_c.js has made.
    const { found, result } = lint(cwd, "m")
    expect(found).toEqual(["m/10_d.sql:1:45 type-change-blocks-queries"])
    expect(result.findings[0]?.related).toMatchObject([{ file: "m/3_c.js", line: 1 }])
    expect(lint(cwd, "m/10_d.sql").found).toEqual(found)
    expect(pgsafe(["schema", "m", "--at", "m/3_c.js"], { cwd }).stdout).toMatch(/region varchar\(90\)|region character varying\(90\)/)
  })

  it("are uncertain behind what could not be read", () => {
    const cwd = folder({
      "package.json": '{ "dependencies": { "node-pg-migrate": "9" } }',
      "m/1_a.sql": "CREATE TABLE orders (id bigint PRIMARY KEY, note text NOT NULL);\n",
      "m/2_b.js": "const tables = ['orders']\nexports.up = (pgm) => { for (const table of tables.concat(more)) pgm.alterColumn(table, 'note', { notNull: false }) }\n",
      "m/3_c.sql": "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;\nALTER TABLE orders DROP COLUMN gone;\n",
    })
    expect(lint(cwd, "m", "--select", "not-null-scans-table,statement-fails").found).toEqual(["m/3_c.sql:1:20 not-null-scans-table"])
  })

  it("are linted with the files of SQL that they read, each in its turn and in its direction", () => {
    const migration = (up: string, down: string): string =>
      `import { readSql } from "../read"\nconst FOLDER = "orders"\n` +
      `export class A implements MigrationInterface {\n  async up(queryRunner: QueryRunner) { await queryRunner.query(${up}) }\n  async down(queryRunner: QueryRunner) { await queryRunner.query(${down}) }\n}\n`
    const cwd = folder({
      "package.json": '{ "dependencies": { "typeorm": "0.3" } }',
      "db/migrations/1700000000001-make.ts": migration('readSql("make.sql", FOLDER)', 'readSql("drop.sql", FOLDER)'),
      "db/migrations/1700000000002-widen.ts": migration("readFileSync(path.join(__dirname, '../sql', FOLDER, `${'widen'}.sql`)).toString()", 'readSql("narrow.sql", FOLDER)'),
      "db/sql/orders/make.sql": "CREATE TABLE orders (id bigint, code varchar(10));\n",
      "db/sql/orders/drop.sql": "DROP TABLE orders;\n",
      "db/sql/orders/widen.sql": "-- wider\nALTER TABLE orders ALTER COLUMN code TYPE varchar(20);\nCREATE INDEX orders_code ON orders (code);\nALTER TABLE orders ADD COLUMN;\n",
      "db/sql/orders/narrow.sql": "ALTER TABLE orders ALTER COLUMN code TYPE varchar(10);\n",
      "db/sql/items/make.sql": "VACUUM FULL items;\n",
    })
    const { found, stderr, result } = lint(cwd, "db", "--ignore", "lock-timeout-missing,forbidden-in-transaction")
    // What no migration reads is a file of its own.
    expect(found).toEqual([
      "db/sql/items/make.sql:1:13 vacuum-full-rewrites-table",
      "db/sql/orders/widen.sql:3:29 index-creation-blocks-writes",
      "db/sql/orders/widen.sql:4:30 syntax-error",
    ])
    expect(stderr).toBe("")
    expect(result.summary).toMatchObject({ files: 5 })
    expect(result.findings.find(({ line }) => line === 3)?.statement).toBe("CREATE INDEX orders_code ON orders (code)")
    expect(lint(cwd, "db/migrations", "--direction", "down").found).toEqual([
      "db/sql/orders/drop.sql:1:12 table-drop-loses-data",
      "db/sql/orders/narrow.sql:1:43 type-change-blocks-queries",
    ])
  })

  it("are linted in the other direction when that is asked for", () => {
    const cwd = folder({
      "migrations/1_a.js": 'exports.up = (knex) => knex.raw("VACUUM FULL a")\nexports.down = (knex) => knex.raw("VACUUM FULL b")\nexports.config = { transaction: false }\n',
    })
    expect(lint(cwd, "migrations").found).toEqual(["migrations/1_a.js:1:46 vacuum-full-rewrites-table"])
    expect(lint(cwd, "migrations", "--direction", "down").found).toEqual(["migrations/1_a.js:2:48 vacuum-full-rewrites-table"])
    const both = lint(cwd, "migrations", "--direction", "both")
    expect(both.found).toHaveLength(2)
    expect(both.result.summary.files).toBe(1)
  })

  it("may change with a branch or a commit", () => {
    const safe = "exports.up = (knex) => knex.schema.alterTable('orders', (t) => { t.text('note') })\n"
    const cwd = folder({ "migrations/20240101_a.js": safe, "src/app.js": "db.query('VACUUM FULL a')\n" })
    git(cwd, "init", "-q")
    git(cwd, "add", ".")
    git(cwd, "commit", "-qm", "a")
    writeFileSync(join(cwd, "migrations/20240102_b.js"), "exports.up = (knex) => knex.raw('ALTER TABLE orders ALTER COLUMN note SET NOT NULL')\n")
    writeFileSync(join(cwd, "src/app.js"), "db.query('VACUUM FULL b')\n")
    expect(lint(cwd, "--since", "HEAD").found).toEqual(["migrations/20240102_b.js:1:53 not-null-scans-table"])
    git(cwd, "add", ".")
    writeFileSync(join(cwd, "migrations/20240102_b.js"), "exports.up = 1\n")
    expect(lint(cwd, "--staged").found).toEqual(["migrations/20240102_b.js:1:53 not-null-scans-table"])
  })

  it("name the tool with --verbose, and other databases", () => {
    const cwd = folder({
      "a/knexfile.js": "",
      "a/migrations/20240101_a.js": "exports.up = (db) => db.schema.createTable('a', (table) => { table.text('b') })\n",
      "b/package.json": '{ "dependencies": { "kysely": "1", "better-sqlite3": "1" } }',
      "b/migrations/20240101_a.ts": "import { sql } from 'kysely'\nexport const up = (db) => sql`VACUUM FULL a`.execute(db)\n",
      "b/helper.js": "console.log(1)\n",
    })
    const { stderr, found } = lint(cwd, "a", "b", "b/helper.js", "--verbose")
    expect(found).toEqual([])
    expect(stderr.split("\n")).toEqual([
      "pgsafe: a/migrations: Knex, recognized by a/knexfile.js; Knex runs all pending migrations in one transaction",
      "pgsafe: b/migrations: Kysely, recognized by a line in b/migrations/20240101_a.ts; Kysely runs all pending migrations in one transaction",
      "pgsafe: b/migrations/20240101_a.ts: not linted, it is for another database",
      "pgsafe: b/helper.js: not linted, it is no migration of a tool that pgsafe knows",
      "",
    ])
  })

  it("are Payload's, with its adapter, its index and its settings", () => {
    const migration = (adapter: string, table: string): string =>
      `import { type MigrateUpArgs, sql } from '@payloadcms/${adapter}'\nexport async function up({ db }: MigrateUpArgs): Promise<void> {\n  await db.execute(sql\`VACUUM FULL ${table}\`)\n}\n`
    const index = "import * as first from './20240101_120000_a'\nexport const migrations = [first]\n"
    const cwd = folder({
      "a/src/migrations/20240101_120000_a.ts": migration("db-postgres", "a"),
      "a/src/migrations/20240101_120000_a.json": "{}",
      "a/src/migrations/index.ts": index,
      "b/src/payload.config.ts": "export default buildConfig({ db: vercelPostgresAdapter({ transactionOptions: false }) })\n",
      "b/src/migrations/20240101_120000.ts": migration("db-vercel-postgres", "b"),
      "c/src/migrations/20240101_120000_a.ts": migration("db-sqlite", "c"),
      "c/package.json": '{ "dependencies": { "@payloadcms/db-sqlite": "3" } }',
    })
    const { stderr, found } = lint(cwd, "--verbose")
    expect(found).toEqual([
      "a/src/migrations/20240101_120000_a.ts:3:24 forbidden-in-transaction",
      "a/src/migrations/20240101_120000_a.ts:3:36 vacuum-full-rewrites-table",
      "b/src/migrations/20240101_120000.ts:3:36 vacuum-full-rewrites-table",
    ])
    expect(stderr).toContain("pgsafe: a/src/migrations: Payload, recognized by a line in a/src/migrations/20240101_120000_a.ts; Payload runs each migration in a transaction of its own\n")
    expect(stderr).toContain("pgsafe: b/src/migrations: Payload, recognized by a line in b/src/migrations/20240101_120000.ts; the settings say `transactionOptions: false`, so that Payload opens no transaction\n")
    expect(stderr).not.toContain("index.ts")
    expect(stderr).toContain("pgsafe: c/src/migrations/20240101_120000_a.ts: not linted, it is for another database\n")
  })

  it("are those of a runner of the project's own, which only their `up` tells", () => {
    const cwd = folder({
      "package.json": '{ "dependencies": { "pg": "8" } }',
      "migrations/1700000000000-a.js": "exports.up = function (next) { db.query('VACUUM FULL a', next) }\nexports.down = function (next) { db.query('VACUUM FULL b', next) }\n",
      "migrations/1700000000001-b.ts": "export const up: Migration = async ({ context: client }) => {\n  await client.query(`VACUUM FULL c`)\n}\n",
      "migrations/1700000000002-c.ts": "export default class {\n  async up(db: Pool): Promise<void> { await db.query('VACUUM FULL d') }\n}\n",
      "migrations/1700000000003-constants.ts": "export const TEXT = 'VACUUM FULL e'\n",
      "migrations/1700000000004-e.sql": "VACUUM FULL f;\n",
    })
    const { stderr, found } = lint(cwd, "migrations", "--verbose", "--select", "vacuum-full-rewrites-table")
    expect(found).toEqual([
      "migrations/1700000000000-a.js:1:54 vacuum-full-rewrites-table",
      "migrations/1700000000001-b.ts:2:35 vacuum-full-rewrites-table",
      "migrations/1700000000002-c.ts:2:67 vacuum-full-rewrites-table",
      "migrations/1700000000004-e.sql:1:13 vacuum-full-rewrites-table",
    ])
    expect(stderr).toContain("pgsafe: migrations: no migration tool was recognized, so this file may or may not run in a transaction\n")
    expect(stderr).toContain("pgsafe: no SQL was found in code of no migration tool that pgsafe knows: migrations/1700000000003-constants.ts\n")
  })

  it("are none that pgsafe knows, which is said once for all of them", () => {
    const cwd = folder({
      "db/migrations/001_users.rb": "Sequel.migration do\n  change { create_table(:users) { primary_key :id } }\nend\n",
      "db/migrations/002_region.rb": "Sequel.migration do\n  up { run 'VACUUM FULL users' }\nend\n",
      "migrations/001_a.sql": "SELECT 1;\n",
      "migrations/002_mongo.js": "module.exports = require('./shared')\n",
      "store/migrate/001_users.rb": "Sequel.migration do\nend\n",
      "store/migrate/grants.sql": "GRANT SELECT ON users TO reader;\n",
    })
    const { code, stderr } = lint(cwd, "db")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "pgsafe: not linted, because they are code of no migration tool that pgsafe knows: db/migrations/001_users.rb, db/migrations/002_region.rb\n" })
    expect(lint(cwd, "migrations/002_mongo.js").stderr).toBe("pgsafe: not linted, because it is code of no migration tool that pgsafe knows: migrations/002_mongo.js\n")
    // One file of SQL beside them is no sign of a tool that would run them.
    expect(lint(cwd, "store").stderr).toBe("pgsafe: not linted, because it is code of no migration tool that pgsafe knows: store/migrate/001_users.rb\n")
    // Beside migrations that no tool is known to run, it may be one of theirs.
    expect(lint(cwd, "migrations").stderr).toBe("pgsafe: no SQL was found in code of no migration tool that pgsafe knows: migrations/002_mongo.js\n")
  })

  it("are not valid code, which is said", () => {
    const cwd = folder({ "migrations/20240101_a.js": "exports.up = (knex) => {\n" })
    const { code, stderr } = lint(cwd, "migrations")
    expect({ code, stderr }).toEqual({ code: 2, stderr: "pgsafe: migrations/20240101_a.js: this is not valid JavaScript or TypeScript\n" })
  })

  it("are silenced by comments of their language", () => {
    const cwd = folder({
      "db/migrate/20240101000000_a.rb": [
        "class A < ActiveRecord::Migration[7.1]",
        "  disable_ddl_transaction!",
        "  def up",
        "    # pgsafe-ignore vacuum-full-rewrites-table -- the table is small",
        '    execute "VACUUM FULL a"',
        '    execute "VACUUM FULL b" # pgsafe-ignore vacuum-full-rewrites-table -- this one, too',
        '    execute "VACUUM FULL c"',
        "    # pgsafe-ignore no-such-rule -- why",
        '    execute "SELECT 1"',
        "    # pgsafe-ignore-next-line vacuum-full-rewrites-table",
        "    # pgsafe knows nothing of this",
        "  end",
        "end",
        "",
      ].join("\n"),
      "migrations/20240101_a.js": "// pgsafe-ignore-file vacuum-full-rewrites-table -- all are small\nexports.config = { transaction: false }\nexports.up = (knex) => knex.raw('VACUUM FULL a')\n",
    })
    expect(lint(cwd, "db", "migrations").found).toEqual([
      "db/migrate/20240101000000_a.rb:7:26 vacuum-full-rewrites-table",
      "db/migrate/20240101000000_a.rb:8:21 unknown-suppression",
      "db/migrate/20240101000000_a.rb:10:5 unknown-suppression",
    ])
  })

  it("are silenced in each round of a loop by one comment", () => {
    const call = (comment: string): string =>
      `exports.config = { transaction: false }\nexports.up = async (knex) => {\n  for (const table of ["a", "b", "c"]) {\n    ${comment}\n    await knex.raw(\`VACUUM FULL \${table}\`)\n  }\n}\n`
    const cwd = folder({
      "migrations/20240101_a.js": call("// pgsafe-ignore vacuum-full-rewrites-table -- all are small"),
      "migrations/20240102_b.js": call("// pgsafe-ignore truncate-loses-data -- there is none"),
      "migrations/20240103_c.js": call("// pgsafe-ignore"),
    })
    expect(lint(cwd, "migrations", "--select", "vacuum-full-rewrites-table,truncate-loses-data,unused-suppression,unknown-suppression").found).toEqual([
      ...["a", "b", "c"].map(() => "migrations/20240102_b.js:5:33 vacuum-full-rewrites-table"),
      "migrations/20240102_b.js:4:22 unused-suppression",
      ...["a", "b", "c"].map(() => "migrations/20240103_c.js:5:33 vacuum-full-rewrites-table"),
      "migrations/20240103_c.js:4:5 unknown-suppression",
    ])
  })

  it("set timeouts for the session, open transactions as they like, and send nothing else in the message of a concurrent build", () => {
    const calls = ["SET statement_timeout = '5s'", "CREATE INDEX CONCURRENTLY orders_note ON orders (note)", "BEGIN", "CREATE TABLE carts (id int)"]
    const cwd = folder({
      "package.json": '{ "dependencies": { "knex": "3" } }',
      "migrations/20240101000000_a.js": `exports.config = { transaction: false }\nexports.up = async (knex) => {\n${calls.map((sql) => `  await knex.raw("${sql}")\n`).join("")}}\n`,
    })
    const { found, result } = lint(cwd, "migrations", "--select", "transaction-left-open,statement-timeout-cancels-build")
    expect(found).toEqual(["migrations/20240101000000_a.js:4:19 statement-timeout-cancels-build"])
    expect(result.findings[0]?.fix).toBeNull()
  })
})

describe("several statements in one call", () => {
  it("travel in one message, which is a transaction", () => {
    const text = "SELECT 1; CREATE INDEX CONCURRENTLY i ON t (a)"
    const cwd = folder({ "migrations/1_a.js": `exports.config = { transaction: false }\nexports.up = async (knex) => {\n  await knex.raw("${text}")\n  await knex.raw("CREATE INDEX CONCURRENTLY j ON t (a)")\n}\n` })
    const { result } = lint(cwd, "migrations")
    expect(result.findings.map(({ rule, line }) => `${rule} ${String(line)}`)).toEqual(["forbidden-in-transaction 3"])
  })
})

describe("tools of which only raw SQL is read", () => {
  it("have no findings for builders only, and the number of these calls is told", () => {
    const cwd = folder({
      "db/migrate/20240101000000_a.rb": "class A < ActiveRecord::Migration[7.1]\n  def change\n    create_table :a do |t|\n      t.attachment :b\n    end\n    add_index :a, COLUMNS\n  end\nend\n",
      "app/migrations/0001_initial.py": "from django.db import migrations, models\nclass Migration(migrations.Migration):\n    operations = [migrations.DeleteModel(name='A')]\n",
    })
    const { code, stderr, found } = lint(cwd)
    expect({ code, found }).toEqual({ code: 0, found: [] })
    expect(stderr.split("\n")).toEqual([
      "pgsafe: linting app/migrations, db/migrate",
      "pgsafe: 1 call of the schema builder of Django could not be read without running it; to lint them: python manage.py sqlmigrate <app> <migration> | pgsafe lint -",
      "pgsafe: 2 calls of the schema builder of Rails could not be read without running it",
      "",
    ])
  })

  it("read the operations of Django, with the models of other apps; one that is not understood leaves other columns known", () => {
    const migration = (before: string, operations: string): string => `from django.db import migrations, models\nclass Migration(migrations.Migration):\n    dependencies = [${before}]\n    operations = [\n${operations}    ]\n`
    const cwd = folder({
      "shop/migrations/0001_initial.py": migration("", "        migrations.CreateModel('Order', [('id', models.BigAutoField(primary_key=True)), ('region', models.CharField(max_length=20))]),\n"),
      "shop/migrations/0002_phone.py": migration("('shop', '0001_initial')", "        migrations.AddField('order', 'phone', phones.PhoneField()),\n"),
      "shop/migrations/0003_region.py": migration("('shop', '0002_phone')", "        migrations.AlterField('order', 'region', models.CharField(max_length=40)),\n        migrations.RemoveIndex('order', 'phone_idx'),\n"),
      "parts/migrations/0001_initial.py": migration("('shop', '0001_initial')", "        migrations.CreateModel('Part', [('id', models.BigAutoField(primary_key=True)), ('order', models.ForeignKey('shop.Order', on_delete=models.CASCADE))]),\n        migrations.AddIndex('part', models.Index(fields=['order'], name='again')),\n"),
      "parts/migrations/0002_index.py": migration("('parts', '0001_initial')", "        migrations.AddIndex('part', models.Index(fields=['order'], name='once_more')),\n"),
    })
    expect(lint(cwd, "--ignore", "lock-timeout-missing").found).toEqual([
      "parts/migrations/0002_index.py:5:9 index-creation-blocks-writes",
      "shop/migrations/0003_region.py:6:41 index-drop-blocks-queries",
    ])
  })

  it("read the schema builder of Rails, with the history that it makes", () => {
    const change = (name: string, body: string): string => `class ${name} < ActiveRecord::Migration[7.1]\n  def change\n${body}  end\nend\n`
    const cwd = folder({
      "db/migrate/20240101000000_a.rb": change("A", "    create_table :orders do |t|\n      t.string :region, limit: 20\n      t.string :note\n    end\n    add_index :orders, :region\n"),
      "db/migrate/20240102000000_b.rb": change("B", "    add_index :orders, :note\n    change_column :orders, :region, :string, limit: 40\n    # pgsafe-ignore column-drop-breaks-code -- unused\n    remove_column :orders, :note\n"),
      "db/migrate/20240103000000_c.rb": change("C", "    change_column_null :orders, :region, false\n    add_column :orders, :region, :string\n    remove_index :orders, name: :gone\n"),
    })
    expect(lint(cwd, "--ignore", "lock-timeout-missing").found).toEqual([
      "db/migrate/20240102000000_b.rb:3:15 index-creation-blocks-writes",
      "db/migrate/20240103000000_c.rb:3:5 not-null-scans-table",
      "db/migrate/20240103000000_c.rb:4:5 statement-fails",
      "db/migrate/20240103000000_c.rb:5:33 index-drop-blocks-queries",
    ])
  })

  it("are Django's in a folder of another name, too", () => {
    const cwd = folder({
      "shop/db_migrations/__init__.py": "",
      "shop/db_migrations/0001_initial.py": "from django.db import migrations\nclass Migration(migrations.Migration):\n    operations = [migrations.RunSQL('VACUUM FULL orders')]\n",
      "tools/data_migrations/0001_copy.py": "print('VACUUM FULL carts')\n",
    })
    const { found, stderr } = lint(cwd, "--verbose")
    expect(found).toEqual(["shop/db_migrations/0001_initial.py:3:38 forbidden-in-transaction", "shop/db_migrations/0001_initial.py:3:50 vacuum-full-rewrites-table"])
    expect(stderr).toContain("pgsafe: tools/data_migrations/0001_copy.py: not linted, it is no migration of a tool that pgsafe knows\n")
  })

  it("leave known what they add to under a condition", () => {
    const migration = (body: string): string => `class A < ActiveRecord::Migration[7.1]\n  def change\n    execute "SET lock_timeout = '5s'"\n${body}\n  end\nend\n`
    const changed = "db/migrate/20240103000000_c.rb"
    const found = (body: string, change = "    change_column :orders, :code, :string, limit: 80"): readonly string[] => {
      const cwd = folder({
        "db/migrate/20240101000000_a.rb": migration("    create_table :orders do |t|\n      t.string :code, limit: 50\n    end"),
        "db/migrate/20240102000000_b.rb": migration(body),
        [changed]: migration(change),
      })
      return lint(cwd, changed).found
    }
    expect(found("    add_column :orders, :note, :string unless column_exists?(:orders, :note)\n    add_index :orders, :note if index?")).toEqual([])
    expect(found("    execute \"UPDATE orders SET code = 'none' WHERE code = ''\" if clean?")).toEqual([])
    expect(found('    execute "SELECT max(code) FROM orders" if clean?')).toEqual([])
    expect(found("    execute \"SELECT create_hypertable('orders', 'code')\" if clean?")).toEqual([`${changed}:4:35 type-change-blocks-queries`])
    expect(found("    change_column :orders, :code, :string, limit: 90 if wide?")).toEqual([`${changed}:4:35 type-change-blocks-queries`])
    // A CHECK that may not be there proves nothing.
    expect(found("    add_check_constraint :orders, 'code IS NOT NULL', name: 'c' if strict?", "    change_column_null :orders, :code, false")).toEqual([`${changed}:4:5 not-null-scans-table`])
  })

  it("may write the type that a column has already, as Ecto does with whatever it changes of one", () => {
    const found = (earlier: string): readonly string[] => {
      const cwd = folder({
        "priv/repo/migrations/20240101000000_a.exs": `defmodule A do\n  use Ecto.Migration\n  def change, do: ${earlier}\nend\n`,
        "priv/repo/migrations/20240102000000_b.exs": "defmodule B do\n  use Ecto.Migration\n  def up do\n    alter table(:orders) do\n      modify :paid, :bigint, default: 0\n    end\n  end\nend\n",
      })
      return lint(cwd, "priv/repo/migrations/20240102000000_b.exs").result.findings.map(({ severity, message }) => `${severity}: ${message}`)
    }
    expect(found('execute("SELECT 1")')).toEqual([expect.stringMatching(/^warning: unless "paid" of "orders" already has a type that becomes bigint/)])
    expect(found("create(table(:orders), do: add(:paid, :bigint))")).toEqual([])
    expect(found("create(table(:orders), do: add(:paid, :integer))")).toEqual([expect.stringMatching(/^error: changing "paid" of "orders" to bigint rewrites/)])
  })

  it("may write all of a column, as Laravel does since version 11 with whatever it changes of one", () => {
    const migration = (body: string): string => `<?php\nuse Illuminate\\Database\\Migrations\\Migration;\nreturn new class extends Migration {\n    public function up(): void {\n        ${body}\n    }\n};\n`
    const found = (constraint: string, earlier: string): readonly string[] => {
      const cwd = folder({
        "composer.json": `{ "require": { "laravel/framework": "${constraint}" } }`,
        "database/migrations/2024_01_01_000000_a.php": migration(earlier),
        "database/migrations/2024_01_02_000000_b.php": migration("DB::statement(\"SET lock_timeout = '5s'\");\n        Schema::table('orders', function (Blueprint $table) { $table->string('note', 80)->change(); });"),
      })
      return lint(cwd, "database/migrations/2024_01_02_000000_b.php").result.findings.map(({ severity, rule }) => `${severity}: ${rule}`)
    }
    const table = "Schema::create('orders', function (Blueprint $table) { $table->id(); $table->string('note', 40)->nullable(); });"
    expect(found("^10.0", table)).toEqual([])
    expect(found("^10.0 || ^12.1", table)).toEqual(["error: not-null-scans-table"])
    expect(found("^10.0", "DB::statement('SELECT 1');")).toEqual(["warning: type-change-blocks-queries"])
  })

  it("know only in part what migrations in a folder beside them change, as Ecto's that are started by hand", () => {
    const migration = (body: string): string => `defmodule A do\n  use Ecto.Migration\n  @disable_ddl_transaction true\n  def up do\n    execute "SET lock_timeout = '5s'"\n    ${body}\n  end\nend\n`
    const changed = "priv/repo/migrations/20240103000000_c.exs"
    const found = (beside: Readonly<Record<string, string>>): readonly string[] => {
      const cwd = folder({
        "priv/repo/migrations/20240101000000_a.exs": migration("create table(:orders)\n    create table(:parts)"),
        [changed]: migration("execute \"ALTER TABLE orders ADD CHECK (total > 0) NOT VALID\"\n    execute \"ALTER TABLE parts ADD CHECK (total > 0) NOT VALID\""),
        ...beside,
      })
      return lint(cwd, changed).found
    }
    const [orders, parts] = [`${changed}:6:14 statement-fails`, `${changed}:7:14 statement-fails`]
    expect(found({})).toEqual([orders, parts])
    expect(found({ "priv/repo/data_migrations/20240102000000_b.exs": migration("alter table(:orders), do: add(:total, :integer)") })).toEqual([parts])
    // Those of tenants are for schemas of their own.
    expect(found({ "priv/repo/tenant_migrations/20240102000000_b.exs": migration("alter table(:orders), do: add(:total, :integer)") })).toEqual([orders, parts])
  })

  it("start from a dump of the schema beside them, which may be newer than they are", () => {
    const dump = "-- PostgreSQL database dump\nCREATE TABLE public.orders (id bigint NOT NULL, note text NOT NULL);\nCREATE TYPE public.state AS ENUM ('a');\n"
    const cwd = folder({
      "db/structure.sql": dump,
      "db/migrate/20240101000000_a.rb": "class A < ActiveRecord::Migration[7.1]\n  def up\n    execute \"CREATE TYPE state AS ENUM ('a')\"\n    execute 'ALTER TABLE orders ALTER COLUMN note SET NOT NULL'\n  end\nend\n",
    })
    expect(lint(cwd, "db/migrate").found).toEqual(["db/migrate/20240101000000_a.rb:4:33 not-null-scans-table"])
    const before = dump.replace(/CREATE TYPE.*\n/, "")
    writeFileSync(join(cwd, "db/structure.sql"), `${before}INSERT INTO "schema_migrations" (version) VALUES\n('20230101000000'),\n('20220101000000');\n`)
    expect(lint(cwd, "db/migrate").found).toEqual([])
    writeFileSync(join(cwd, "db/structure.sql"), `${dump}INSERT INTO "schema_migrations" (version) VALUES\n('20240101000000'),\n('20230101000000');\n`)
    expect(lint(cwd, "db/migrate").found).toEqual(["db/migrate/20240101000000_a.rb:4:33 not-null-scans-table"])
  })
})

describe("scripts of psql", () => {
  const files = {
    "db/install.sql": "BEGIN;\n\\ir sub/tables.sql\nCREATE INDEX ON orders (id);\nCOMMIT;\n\\i db/vacuum.sql\n",
    "db/sub/tables.sql": "CREATE TABLE orders (id bigint);\nVACUUM orders;\n",
    "db/vacuum.sql": "VACUUM FULL others;\n",
  }

  it("are linted with what they include: at its place, in its order and transaction, and only there", () => {
    const { found, result, code } = lint(folder(files), "db")
    expect(code).toBe(1)
    expect(found).toEqual(["db/sub/tables.sql:2:1 forbidden-in-transaction", "db/vacuum.sql:1:13 vacuum-full-rewrites-table"])
    expect(result.summary).toMatchObject({ files: 3, statements: 6 })
  })

  it("are linted with what they include when that is in no folder that was asked for", () => {
    expect(lint(folder(files), "db/install.sql").found).toEqual(["db/sub/tables.sql:2:1 forbidden-in-transaction", "db/vacuum.sql:1:13 vacuum-full-rewrites-table"])
  })

  it("fail where a file is missing, and say what was not followed", () => {
    const cwd = folder({ "a.sql": "SELECT 1;\n\\i gone.sql\n\\ir :dir/x.sql\n" })
    const { code, stderr } = lint(cwd, "a.sql")
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: [
        "pgsafe: a.sql:2:1: there is no file gone.sql to include (looked in .)",
        "pgsafe: a.sql: :dir/x.sql is not followed: only running the script tells which file it is",
        "",
      ].join("\n"),
    })
  })

  it("say nothing certain about branches, another database and statements that a query makes", () => {
    const cwd = folder({
      "1_a.sql": "\\if :fresh\nCREATE TABLE a (id int);\n\\else\nCREATE TABLE a (id int, b int);\nALTER TABLE a DROP COLUMN c;\n\\endif\n\\connect other\nCREATE TABLE a (id int);\nSELECT 'CREATE TABLE d (id int)' \\gexec\nDROP TABLE d;\n",
    })
    expect(lint(cwd, "1_a.sql", "--select", "statement-fails").found).toEqual([])
  })

  it("leave open what none of their files commits", () => {
    const files = {
      "begin.sql": "SET statement_timeout = '5s';\nBEGIN;\n",
      "tables.sql": "CREATE TABLE orders (id int);\n",
      "commit.sql": "COMMIT;\n",
      "build.sql": "CREATE INDEX CONCURRENTLY customers_name ON customers (name);\n",
    }
    const rules = ["--select", "transaction-left-open,statement-timeout-cancels-build"]
    const open = folder({ ...files, "all.sql": "\\ir begin.sql\n\\ir tables.sql\n" })
    expect(lint(open, "all.sql", ...rules).found).toEqual(["begin.sql:2:1 transaction-left-open"])
    const whole = folder({ ...files, "all.sql": "\\ir begin.sql\n\\ir tables.sql\n\\ir commit.sql\n\\ir build.sql\n" })
    const { found, result } = lint(whole, "all.sql", ...rules)
    expect(found).toEqual(["build.sql:1:1 statement-timeout-cancels-build"])
    expect(result.findings[0]?.message).toMatch(/since line 1 of begin\.sql:/)
    expect(result.findings[0]?.related).toMatchObject([{ file: "begin.sql", line: 1 }])
    const gone = folder({ ...files, "all.sql": "\\ir begin.sql\n\\ir tables.sql\n\\ir :ending\n" })
    expect(lint(gone, "all.sql", ...rules).found).toEqual([])
  })
})

describe("templates", () => {
  it("of tern are part of the migration that asks for them", () => {
    const cwd = folder({
      "m/tern.conf": "",
      "m/001_a.sql": 'CREATE TABLE a (\n  id int\n);\n{{ template "shared/b.sql" . }}\n---- create above / drop below ----\nDROP TABLE a;\n',
      "m/shared/b.sql": "VACUUM FULL b;\n",
    })
    expect(lint(cwd, "m", "--ignore", "forbidden-in-transaction,lock-timeout-missing").found).toEqual(["m/shared/b.sql:1:13 vacuum-full-rewrites-table"])
  })
})
