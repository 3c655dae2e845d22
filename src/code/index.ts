/** Migrations in JavaScript and TypeScript: raw SQL and the calls of schema builders, read and never run. */
export { parseCode } from "./parse.ts"
export { readCode, type CodeScript } from "./read.ts"
