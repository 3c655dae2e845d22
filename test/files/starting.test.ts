/** What tools do to their sessions before the first migration, as their files say. */
import { describe, expect, it } from "vitest"
import { detectProjects } from "../../src/files/detect.ts"
import type { FrameworkId } from "../../src/files/types.ts"
import { tree } from "./memory.ts"

/** `app "$user"; makes app -- flyway.conf:1`, with `...` where the server's own path follows. */
function begun(framework: FrameworkId, migration: string, files: Readonly<Record<string, string>>): string {
  const [project] = detectProjects(tree({ [migration]: "SELECT 1;\n", ...files }), [migration], { framework })
  const { session } = project?.runner ?? {}
  if (session === undefined) return "nothing"
  const { evidence, makes, searchPath } = session
  const path = searchPath === null ? [] : [[...searchPath.schemas, ...(searchPath.open ? ["..."] : [])].join(" ") + (searchPath.ofConnection ? " (connection)" : "")]
  return `${[...path, ...(makes.length === 0 ? [] : [`makes ${makes.join(" ")}`])].join("; ")} -- ${evidence}`
}

it.each([
  ["wrapIdentifier: (value, wrap) => wrap(_.snakeCase(value)),", "snake case"],
  ["...knexSnakeCaseMappers(),", "snake case"],
  ["wrapIdentifier: (value, wrap) => wrap(value),", undefined],
])("finds out how Knex writes names: %s", (option, expected) => {
  const files = tree({ "knexfile.js": `module.exports = { client: "pg", ${option} }`, "migrations/1_a.js": "exports.up = (knex) => knex.raw('SELECT 1')\n" })
  expect(detectProjects(files, ["migrations/1_a.js"])[0]?.runner.migrationSettings).toBe(expected)
})

describe("Flyway puts its default schema in front, and makes its schemas", () => {
  const at = "src/main/resources/db/migration/V1__a.sql"
  const yaml = "src/main/resources/application.yml"
  it.each([
    [{ "flyway.conf": "flyway.url=jdbc:postgresql://h/d\nflyway.schemas=app, audit\n" }, "app ...; makes app audit -- flyway.conf:2"],
    [{ "flyway.conf": "flyway.schemas=app,audit\nflyway.defaultSchema=core\n" }, "core ...; makes core app audit -- flyway.conf:2"],
    [{ "flyway.conf": "flyway.defaultSchema=App\nflyway.createSchemas=false\n" }, "App ... -- flyway.conf:1"],
    [{ "flyway.conf": "# flyway.schemas=app\n" }, "nothing"],
    [{ "flyway.toml": '[environments.dev]\nschemas = ["app"]\n[environments.production]\nschemas = ["app"]\n' }, "app ...; makes app -- flyway.toml:2"],
    [{ "flyway.toml": '[environments.dev]\nschemas = ["dev"]\n[environments.production]\nschemas = ["app"]\n' }, "nothing"],
    [{ "flyway.toml": '[flyway]\ndefaultSchema = "app"\n' }, "app ...; makes app -- flyway.toml:2"],
    [{ "pom.xml": "<plugin>flyway\n<schemas>\n  <schema>app</schema>\n  <schema>audit</schema>\n</schemas></plugin>" }, "app ...; makes app audit -- pom.xml:2"],
    [{ "pom.xml": "<properties><flyway.schemas>app,audit</flyway.schemas></properties>" }, "app ...; makes app audit -- pom.xml:1"],
    [{ "pom.xml": "<defaultSchema>${schema}</defaultSchema><flyway/>" }, "nothing"],
    [{ "build.gradle": "flyway {\n  schemas = ['app', 'audit']\n}\n" }, "app ...; makes app audit -- build.gradle:2"],
    [{ "build.gradle.kts": 'flyway {\n  schemas = arrayOf("app")\n}\n' }, "app ...; makes app -- build.gradle.kts:2"],
    [{ "build.gradle.kts": 'flyway {\n  locations = arrayOf("classpath:db/other")\n  schemas = arrayOf("app")\n}\n' }, "nothing"],
    [{ "build.gradle.kts": 'flyway {\n  locations = arrayOf("classpath:db/other", "filesystem:./src/main/resources/db/")\n  schemas = arrayOf("app")\n}\n' }, "app ...; makes app -- build.gradle.kts:3"],
    [{ "pom.xml": "<configuration><locations><location>filesystem:${dir}/sql</location></locations>\n<schemas>app</schemas></configuration><a>flyway</a>" }, "app ...; makes app -- pom.xml:2"],
    [{ [yaml]: "spring:\n  flyway:\n    default-schema: app\n" }, `app ...; makes app -- ${yaml}:3`],
    [{ [yaml]: "spring:\n  flyway:\n    schemas:\n      - app\n      - audit\n    create-schemas: false\n" }, `app ... -- ${yaml}:3`],
    [{ [yaml]: "spring:\n  flyway:\n    default-schema: ${DB_SCHEMA:app}\n" }, "nothing"],
    [{ [yaml]: "spring:\n  flyway:\n    default-schema: app\n---\nspring:\n  flyway:\n    default-schema: other\n" }, "nothing"],
    [{ [yaml]: "spring:\n  flyway:\n    default-schema: app\n---\nspring:\n  config.activate.on-profile: test\n  flyway:\n    default-schema: other\n" }, `app ...; makes app -- ${yaml}:3`],
    [{ [yaml]: "spring:\n  flyway:\n    default-schema: app\n---\nspring:\n  config.activate.on-profile: '!test'\n  flyway:\n    default-schema: other\n" }, "nothing"],
    [{ "src/main/resources/application.properties": "spring.flyway.default-schema=app\n#---\nspring.profiles=integration-test\nspring.flyway.default-schema=other\n" }, "app ...; makes app -- src/main/resources/application.properties:1"],
    [{ [yaml]: "base: &base\n  default-schema: app\nspring:\n  flyway: *base\n" }, `app ...; makes app -- ${yaml}:2`],
    [{ [yaml]: "spring:\n\tflyway:\n\t\tdefault-schema: app\n" }, "nothing"],
    [{ "src/main/resources/application.properties": "quarkus.flyway.schemas=app\n%prod.quarkus.flyway.schemas=live\n" }, "nothing"],
    [{ [yaml]: "'%dev,test':\n  quarkus.flyway.schemas: dev\nquarkus:\n  flyway:\n    schemas: app\n" }, `app ...; makes app -- ${yaml}:5`],
    [{ "src/main/resources/application.properties": "quarkus.flyway.schemas=app\n%dev.quarkus.flyway.schemas=dev\n" }, "app ...; makes app -- src/main/resources/application.properties:1"],
    [{ [yaml]: "spring:\n  datasource:\n    url: jdbc:postgresql://h/d?ssl=true&currentSchema=app,public\n" }, `app public (connection) -- ${yaml}:3`],
    [{ [yaml]: "spring:\n  flyway:\n    default-schema: app\n", "src/main/resources/application-prod.yml": "spring.flyway.default-schema: other\n" }, "nothing"],
    [{ [yaml]: "spring:\n  flyway:\n    default-schema: app\n", "src/main/resources/application-test.yml": "spring.flyway.default-schema: other\n" }, `app ...; makes app -- ${yaml}:3`],
    [{ "src/main/resources/application-prod.yml": "spring.datasource.url: jdbc:postgresql://h/d?currentSchema=app\n", [yaml]: "spring.datasource.url: jdbc:h2:mem:a\n" }, "app (connection) -- src/main/resources/application-prod.yml:1"],
    [{ "src/main/resources/application-prod.yml": "spring.datasource.url: jdbc:postgresql://h/d?currentSchema=app\n", [yaml]: "spring.datasource.url: jdbc:postgresql://h/d\n" }, "nothing"],
    [{ [yaml]: "spring:\n  datasource:\n    url: jdbc:postgresql://h/d?currentSchema=app,public\n  flyway:\n    default-schema: core\n" }, `core app public; makes core -- ${yaml}:5`],
  ])("%j", (files, expected) => {
    expect(begun("flyway", at, files)).toBe(expected)
  })
})

describe("Liquibase puts its default schema in front, and makes none", () => {
  const at = "src/main/resources/db/changelog/a.sql"
  it.each([
    [{ "liquibase.properties": "url: jdbc:postgresql://h/d\ndefaultSchemaName: APP\n" }, "app ... -- liquibase.properties:2"],
    [{ "src/main/resources/liquibase.properties": "liquibase.command.defaultSchemaName=app\n" }, "app ... -- src/main/resources/liquibase.properties:1"],
    [{ "src/main/resources/application.yml": "spring:\n  liquibase:\n    default-schema: app\n" }, "app ... -- src/main/resources/application.yml:3"],
    [{ "pom.xml": "<configuration>\n<defaultSchemaName>app</defaultSchemaName>" }, "app ... -- pom.xml:2"],
    [{ "build.gradle": "activities {\n main {\n  defaultSchemaName 'app'\n" }, "app ... -- build.gradle:3"],
    [{ "liquibase.properties": "defaultSchemaName=${schema}\n" }, "nothing"],
    [{ "liquibase.properties": "liquibaseSchemaName=app\n" }, "nothing"],
  ])("%j", (files, expected) => {
    expect(begun("liquibase", at, files)).toBe(expected)
  })
})

describe("other tools", () => {
  const cases: [FrameworkId, string, Readonly<Record<string, string>>, string][] = [
    ["knex", "migrations/1_a.js", { "knexfile.js": "module.exports = {\n  searchPath: ['App', 'public'],\n}" }, "App public -- knexfile.js:2"],
    ["knex", "migrations/1_a.js", { "knexfile.ts": 'export default { a: { searchPath: "app" }, b: { searchPath: "app" } }' }, "app -- knexfile.ts:1"],
    ["knex", "migrations/1_a.js", { "knexfile.js": "module.exports = { searchPath: [process.env.SCHEMA, 'public'] }" }, "nothing"],
    ["knex", "migrations/1_a.js", { "knexfile.js": "module.exports = { searchPath: schema }" }, "nothing"],
    ["knex", "migrations/1_a.js", { "knexfile.js": "module.exports = { searchPath: 'a', test: { searchPath: 'b' } }" }, "nothing"],
    ["rails", "db/migrate/1_a.rb", { "config/database.yml": 'default: &default\n  schema_search_path: "app,public"\nproduction:\n  <<: *default\ntest:\n  schema_search_path: other\n' }, "app public -- config/database.yml:2"],
    ["rails", "db/migrate/1_a.rb", { "config/database.yml": 'default: &default\n  schema_search_path: app\nstaging:\n  <<: *default\nproduction:\n  <<: *default\n  schema_search_path: live\n' }, "live -- config/database.yml:7"],
    ["rails", "db/migrate/1_a.rb", { "config/database.yml": "production:\n  schema_search_path: <%= ENV['PATH'] %>\n" }, "nothing"],
    ["rails", "db/migrate/1_a.rb", { "config/database.yml": "production:\n  primary:\n    adapter: postgresql\n  other:\n    schema_search_path: app\n" }, "nothing"],
    ["postgrator", "migrations/1.do.a.sql", { ".postgratorrc.json": '{\n  "driver": "pg",\n  "currentSchema": "app"\n}' }, "app -- .postgratorrc.json:3"],
    ["graphile-migrate", "migrations/current.sql", { ".gmrc": '{\n  "pgSettings": {\n    "search_path": "app_public,app_private,public"\n  }\n}' }, "app_public app_private public -- .gmrc:3"],
    ["graphile-migrate", "migrations/current.sql", { ".gmrc": '{\n  "pgSettings": {\n    // "search_path": "app_public,public",\n  }\n}' }, "nothing"],
    ["db-migrate", "migrations/sqls/20240101000000-a-up.sql", { "database.json": '{ "dev": { "schema": "app" },\n"prod": { "schema": "app" } }' }, "app ... -- database.json:1"],
    ["db-migrate", "migrations/sqls/20240101000000-a-up.sql", { "database.json": '{ "prod": { "schema": { "ENV": "SCHEMA" } } }' }, "nothing"],
    ["ecto", "priv/repo/migrations/1_a.exs", { "config/config.exs": 'config :shop, Shop.Repo,\n  after_connect: {Postgrex, :query!, ["SET search_path TO app,public", []]}\n' }, "app public (connection) -- config/config.exs:2"],
    ["ecto", "priv/repo/migrations/1_a.exs", { "config/runtime.exs": 'config :shop, Shop.Repo, parameters: [search_path: "app"]\n' }, "app (connection) -- config/runtime.exs:1"],
    ["alembic", "alembic/versions/1_a.py", { "alembic/env.py": "with engine.connect() as connection:\n    connection.execute(text('SET search_path TO app, public'))\n" }, "app public -- alembic/env.py:2"],
    ["alembic", "alembic/versions/1_a.py", { "alembic/env.py": 'connection.execute(text(f"SET search_path TO {schema}"))\n' }, "nothing"],
    ["alembic", "alembic/versions/1_a.py", { "alembic/env.py": 'connection.execute(text("SET search_path TO " + schema))\n' }, "nothing"],
    ["efcore", "Migrations/20240101000000_A.cs", { "appsettings.json": '{ "ConnectionStrings": { "Default": "Host=h;Database=d;Search Path=app;Username=u" } }' }, "app (connection) -- appsettings.json:1"],
    ["django", "shop/migrations/0001_a.py", { "site/settings.py": "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql',\n 'OPTIONS': {'options': '-c search_path=app,public'}}}" }, "app public (connection) -- site/settings.py:2"],
    ["django", "shop/migrations/0001_a.py", { "site/settings.py": "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}, 'other': {'ENGINE': 'django.db.backends.postgresql', 'OPTIONS': {'options': '-c search_path=app'}}}" }, "nothing"],
    ["typeorm", "src/migrations/1700000000000-A.ts", { "src/data-source.ts": 'new DataSource({\n  schema: "other",\n  extra: { options: "-c search_path=app,public" },\n})' }, "app public (connection) -- src/data-source.ts:3"],
    ["typeorm", "src/migrations/1700000000000-A.ts", { "src/data-source.ts": 'new DataSource({ schema: "app" })' }, "nothing"],
    ["prisma", "prisma/migrations/1_a/migration.sql", { "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n  url = "postgresql://u:p@h:5432/d?schema=app&sslmode=require"\n}' }, "app -- prisma/schema.prisma:3"],
    ["prisma", "prisma/migrations/1_a/migration.sql", { "prisma/schema.prisma": 'datasource db {\n  url = env("DATABASE_URL") // "postgresql://h/d?schema=app"\n}' }, "nothing"],
    ["node-pg-migrate", "migrations/1_a.sql", { "package.json": '{ "scripts": {\n  "create": "node-pg-migrate create",\n  "up": "node-pg-migrate up --create-schema -s app --schema audit"\n} }' }, "app audit; makes app audit -- package.json:3"],
    ["node-pg-migrate", "migrations/1_a.sql", { "package.json": '{ "scripts": { "up": "node-pg-migrate up --create-migrations-schema --migrations-schema books --schema=app" } }' }, "app -- package.json:1"],
    ["sqlx", "migrations/1_a.sql", { "sqlx.toml": '[migrate]\ncreate-schemas = ["app"]\n' }, "makes app -- sqlx.toml:2"],
    ["golang-migrate", "migrations/1_a.up.sql", { Makefile: "up:\n\tmigrate -path migrations -database 'postgres://u:p@h/d?sslmode=disable&search_path=app%2Cpublic' up\n" }, "app public ... (connection) -- Makefile:2"],
    ["golang-migrate", "migrations/1_a.up.sql", { Makefile: "A = postgres://u:p@h/a?search_path=app\nB = postgres://u:p@h/b\nup:\n\tmigrate up\n" }, "nothing"],
    ["golang-migrate", "migrations/1_a.up.sql", { Makefile: "run:\n\tpsql 'postgres://u:p@h/d?search_path=app'\n" }, "nothing"],
    ["golang-migrate", "migrations/1_a.up.sql", { Makefile: "up:\n\tmigrate -database 'postgres://u:p@h/d?search_path=$(SCHEMA)' up\n" }, "nothing"],
    ["goose", "migrations/1_a.sql", { "docker-compose.yml": 'environment:\n  GOOSE_DBSTRING: "host=db user=u dbname=d search_path=app"\n' }, "app ... (connection) -- docker-compose.yml:2"],
    ["tern", "migrations/1_a.sql", { "tern.conf": "[database]\nconn_string = postgres://u@h/d?search_path=app\n" }, "app (connection) -- tern.conf:2"],
    ["atlas", "migrations/1_a.sql", { "atlas.hcl": 'env "local" {\n  url = "postgres://u:p@h/d?search_path=app"\n  dev = "docker://postgres/15/dev?search_path=public"\n}' }, "app (connection) -- atlas.hcl:2"],
    ["sql-migrate", "migrations/1_a.sql", { "dbconfig.yml": "production:\n  datasource: dbname=d sslmode=disable search_path=app\n" }, "app (connection) -- dbconfig.yml:2"],
  ]
  it.each(cases)("%s: %s with %j", (framework, migration, files, expected) => {
    expect(begun(framework, migration, files)).toBe(expected)
  })
})

it("is what the user says, whatever the files say", () => {
  const files = tree({ "flyway.conf": "flyway.schemas=app\n", "V1__a.sql": "" })
  const [project] = detectProjects(files, ["V1__a.sql"], { searchPath: ["Mine", "public"] })
  expect(project?.runner.session).toEqual({ searchPath: { schemas: ["Mine", "public"], open: false, ofConnection: true }, makes: ["app"], evidence: "the searchPath option" })
})

describe("A lock_timeout of the sessions", () => {
  const given = (framework: FrameworkId, migration: string, files: Readonly<Record<string, string>>): string | undefined =>
    detectProjects(tree({ [migration]: "SELECT 1;\n", ...files }), [migration], { framework })[0]?.runner.lockTimeout

  it.each<[FrameworkId, string, string, string, number | null]>([
    ["rails", "db/migrate/20240101000000_a.rb", "config/initializers/strong_migrations.rb", "# Timeouts\nStrongMigrations.lock_timeout = 10.seconds\n", 2],
    ["rails", "db/migrate/20240101000000_a.rb", "config/initializers/strong_migrations.rb", "# StrongMigrations.lock_timeout = 10.seconds\n", null],
    ["rails", "db/migrate/20240101000000_a.rb", "config/initializers/online_migrations.rb", "config.lock_retrier = OnlineMigrations::ConstantLockRetrier.new(attempts: 5, lock_timeout: 0.2.seconds)\n", 1],
    ["rails", "db/migrate/20240101000000_a.rb", "config/database.yml", "production:\n  variables:\n    lock_timeout: 5s\n", 3],
    ["rails", "db/migrate/20240101000000_a.rb", "config/database.yml", "production:\n  variables:\n    lock_timeout: 0\n", null],
    ["rails", "db/migrate/20240101000000_a.rb", "Gemfile", 'gem "rails"\ngem "safe-pg-migrations"\n', 2],
    ["alembic", "migrations/versions/a.py", "migrations/env.py", 'connection.execute(text("SET lock_timeout = 4000"))\n', 1],
    ["alembic", "migrations/versions/a.py", "migrations/env.py", 'connect_args={"options": "-c lock_timeout=4s"}\n', 1],
    ["alembic", "migrations/versions/a.py", "migrations/env.py", "connection.execute(text(f\"SET lock_timeout TO '{timeout}'\"))\n", 1],
    ["alembic", "migrations/versions/a.py", "migrations/env.py", 'connection.execute(text("SET lock_timeout = 0"))\n', null],
    ["flyway", "db/V1__a.sql", "flyway.conf", "flyway.initSql=SET lock_timeout='5s'\n", 1],
    ["knex", "migrations/1_a.js", "knexfile.js", "connection: { host: 'h',\n  lock_timeout: 5000 }\n", 2],
    ["goose", "db/1_a.sql", "Makefile", 'up:\n\tgoose postgres "postgres://h/d?lock_timeout=5000" up\n', 2],
    ["golang-migrate", "db/1_a.up.sql", "Makefile", "up:\n\tPGOPTIONS='-c lock_timeout%3D5s' migrate up\n", 2],
    ["golang-migrate", "db/1_a.up.sql", "Makefile", "psql:\n\tPGOPTIONS='-c lock_timeout=5s' psql\n", null],
  ])("%s: %s, %s: %s", (framework, migration, path, text, line) => {
    expect(given(framework, migration, { [path]: text })).toBe(line === null ? undefined : `${path}:${String(line)}`)
  })
})
