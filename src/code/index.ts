/** Migrations in programming languages: raw SQL and the calls of schema builders, read and never run. */
export { placeIn, readMigration, type CodeMigration } from "./migration.ts"
export { parseCode } from "./parse.ts"
export { readCode, type CodeScript } from "./read.ts"
