import { describe, expect, test } from "vitest"
import { makersBeside } from "../../src/files/beside.ts"
import { detectProjects } from "../../src/files/detect.ts"
import { tree } from "./memory.ts"

/** Whether a name may have been made by others, for the project of the first path. */
function mayMake(files: Readonly<Record<string, string>>, path: string, name: string): boolean {
  const disk = tree(files)
  const [project] = detectProjects(disk, [`/repo/${path}`], { history: true })
  if (project === undefined) throw new Error("no project")
  return makersBeside(project, disk)(name)
}

const ORDERS = { "services/orders/migrations/1_orders.sql": "CREATE TABLE orders (id int);" }

describe("makersBeside", () => {
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
})
