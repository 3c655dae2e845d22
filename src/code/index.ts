/** Migrations in programming languages: raw SQL and the calls of schema builders, read and never run. */
export { placeIn, readMigration, type CodeMigration } from "./migration.ts"
