/** Migrations in programming languages: raw SQL and the calls of schema builders, read and never run. */
export { placeIn, readMigration, readRailsSchema, sqlFilesOf, type CodeMigration } from "./migration.ts"
export type { PythonModule, PythonModules } from "./languages/python/modules.ts"
export type { DjangoProject } from "./languages/django/history.ts"
export type { ChangelogPlace } from "./languages/liquibase/read.ts"
export type { FindModule } from "./modules.ts"
export type { FindFiles } from "./read.ts"
export type { FindSqlFile, SqlFile, SqlFileRequest } from "./sql-files.ts"
