import { describe, expect, test } from "vitest"
import { migrationsBeside, type Beside } from "../../src/files/beside.ts"
import { detectProjects } from "../../src/files/detect.ts"
import { tree } from "./memory.ts"

/** What others hold, for the project of the path. */
function beside(files: Readonly<Record<string, string>>, path: string): Beside {
  const disk = tree(files)
  const [project] = detectProjects(disk, [`/repo/${path}`], { history: true })
  if (project === undefined) throw new Error("no project")
  return migrationsBeside(project, disk)
}

/** Whether a name may have been made by others. */
function mayMake(files: Readonly<Record<string, string>>, path: string, name: string): boolean {
  return beside(files, path).makes(name)
}

const ORDERS = { "services/orders/migrations/1_orders.sql": "CREATE TABLE orders (id int);" }

describe("migrationsBeside", () => {
  test.each([
    ["a sibling of the service", { "services/users/migrations/1_users.sql": 'CREATE TABLE IF NOT EXISTS "auth"."users" (id int);' }],
    ["a folder beside the folder", { "services/orders/post_migrations/1_users.sql": "create table users (id int);" }],
    ["a rename", { "services/users/migrations/1_users.sql": "ALTER TABLE people RENAME TO users;" }],
    ["folders of migrations", { "services/users/migrations/1_users/migration.sql": "CREATE TABLE users (id int);" }],
    ["code in the same folder", { "services/orders/migrations/20240101000000_users.ts": "export const up = (knex) => knex.schema.createTable('users', (t) => t.increments())" }],
    ["a schema builder", { "services/users/migrations/20240101000000_users.ts": "knex.schema.createTable('users', (t) => t.increments())" }],
  ])("finds the maker in %s", (_, others) => {
    expect(mayMake({ ...ORDERS, ...others }, "services/orders/migrations/1_orders.sql", "users")).toBe(true)
  })

  test.each([
    ["another name", { "services/users/migrations/1_users.sql": "CREATE TABLE users_old (id int); CREATE TABLE app$users (id int);" }],
    ["a mere use", { "services/users/migrations/1_users.sql": "CREATE TABLE a (id int); UPDATE users SET id = 1;" }],
    ["another database", { "services/mysql/migrations/1_users.sql": "CREATE TABLE users (id int);" }],
    ["tests", { "services/tests/migrations/1_users.sql": "CREATE TABLE users (id int);" }],
    ["files that are no migrations", { "services/users/migrations/users.sql": "CREATE TABLE users (id int);" }],
    ["nothing", {}],
  ])("is sure where there is only %s", (_, others) => {
    expect(mayMake({ ...ORDERS, ...others }, "services/orders/migrations/1_orders.sql", "users")).toBe(false)
  })

  test("takes examples for projects of their own", () => {
    const files = { "fixtures/orders/migrations/1_orders.sql": "CREATE TABLE orders (id int);", "fixtures/users/migrations/1_users.sql": "CREATE TABLE users (id int);" }
    expect(mayMake(files, "fixtures/orders/migrations/1_orders.sql", "users")).toBe(false)
  })

  test.each([
    ["ALTER TABLE of a sibling", "services/users/migrations/2_region.sql", "ALTER TABLE orders ADD COLUMN region text;", true],
    ["a schema builder", "services/users/migrations/20240101000000_region.ts", "knex.schema.alterTable('orders', (t) => t.string('region'))", true],
    ["a folder of folders", "services/orders/ddl_migrations/tables/2_region.sql", "ALTER TABLE orders ADD region text;", true],
    ["a column of another table", "services/users/migrations/2_region.sql", "ALTER TABLE users ADD COLUMN region text;", false],
    ["another column", "services/users/migrations/2_region.sql", "ALTER TABLE orders ADD COLUMN region_id text;", false],
  ])("finds who may add a column: %s", (_, path, sql, expected) => {
    expect(beside({ ...ORDERS, [path]: sql }, "services/orders/migrations/1_orders.sql").adds("region", ["orders", "shops"])).toBe(expected)
  })
})
