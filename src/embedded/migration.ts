/** Recognizes migrations written in JavaScript and TypeScript, and the tool that runs them. */
import type { Runner } from "../files/types.ts"

interface CodeTool {
  readonly name: string
  /** Looked for in the source. */
  readonly sign: RegExp
  readonly wrap: Runner["wrap"]
  readonly why: string
  /** How the user turns the transaction of one migration off, and what shows that it is done. */
  readonly offSwitch: { readonly how: string; readonly sign: RegExp } | null
}

/** Sources: each tool's migrator; Knex 3, TypeORM 0.3, Sequelize with umzug 3, node-pg-migrate 8, Kysely 0.28, MikroORM 6, db-migrate 0.11. */
const TOOLS = {
  typeorm: {
    name: "TypeORM",
    sign: /\bMigrationInterface\b|\bQueryRunner\b|\bqueryRunner\s*\./,
    wrap: "all pending",
    why: "TypeORM runs all pending migrations in one transaction",
    offSwitch: {
      how: "set `transaction = false` in the migration's class and run with the transaction mode `each`",
      sign: /\btransaction\s*(?::\s*boolean\s*)?=\s*false\b/,
    },
  },
  sequelize: {
    name: "Sequelize",
    sign: /\bqueryInterface\b|from\s+["']sequelize(?:-typescript)?["']|require\(["']sequelize["']\)/,
    wrap: "none",
    why: "Sequelize opens no transaction for a migration",
    offSwitch: null,
  },
  "node-pg-migrate": {
    name: "node-pg-migrate",
    sign: /\bnode-pg-migrate\b|\bpgm\s*\./,
    wrap: "all pending",
    why: "node-pg-migrate runs all pending migrations in one transaction",
    offSwitch: { how: "call `pgm.noTransaction()` in the migration", sign: /\bpgm\.noTransaction\(/ },
  },
  "mikro-orm": {
    name: "MikroORM",
    sign: /@mikro-orm\/|\bthis\.addSql\(/,
    wrap: "all pending",
    why: "MikroORM runs all pending migrations in one transaction",
    offSwitch: { how: "return false from the migration's `isTransactional()`", sign: /\bisTransactional\(\)[^{]*\{\s*return false\b/ },
  },
  "db-migrate": {
    name: "db-migrate",
    sign: /\bdb-migrate\b|\bdb\.runSql\(|\bdbm\b/,
    wrap: "file",
    why: "db-migrate runs each migration in a transaction of its own",
    offSwitch: { how: "run db-migrate with --non-transactional", sign: /(?!)/ },
  },
  kysely: {
    name: "Kysely",
    sign: /\bKysely\b|["']kysely["']/,
    wrap: "all pending",
    why: "Kysely runs all pending migrations in one transaction",
    offSwitch: { how: "migrate with `disableTransactions: true`", sign: /(?!)/ },
  },
  knex: {
    name: "Knex",
    sign: /\b[kK]nex\b/,
    wrap: "all pending",
    why: "Knex runs all pending migrations in one transaction",
    offSwitch: { how: "export `config = { transaction: false }` from the migration", sign: /\btransaction\s*:\s*false\b/ },
  },
} as const satisfies Record<string, CodeTool>

export type CodeToolId = keyof typeof TOOLS

export function isCodeTool(id: string): id is CodeToolId {
  return Object.hasOwn(TOOLS, id)
}

export const CODE_TOOLS: readonly string[] = Object.keys(TOOLS)

/** Folders and files that hold migrations, and those that only test them. */
const MIGRATION_PATH = /(?:^|\/)(?:[\w.-]*[-_.])?(?:db)?migrations?\/|(?:^|\/)migrate\/|\.migration\.[cm]?[jt]sx?$|(?:^|\/)\d{13,14}[-_][^/]*$|(?:^|\/)Migration\d{14}[^/]*$/i
const TEST_PATH = /\.(?:test|spec|e2e|stories)\.[cm]?[jt]sx?$|(?:^|\/)(?:__tests__|tests?|specs?|e2e)\//i

/** What only a migration has: an implemented interface, or an exported `up`. */
const MIGRATION_CODE =
  /\bimplements\s+MigrationInterface\b|\bextends\s+Migration\b|\bexports\.up\s*=|\bexport\s+(?:async\s+)?(?:function|const)\s+up\b|\bup\s*[:(=].*\bqueryInterface\b/

/** Whether a file is likely a migration, by its path (with `/`) and its text. */
export function isCodeMigration(path: string, source: string): boolean {
  return !TEST_PATH.test(path) && (MIGRATION_PATH.test(path) || MIGRATION_CODE.test(source))
}

/** The tool that runs a migration written in code. `id` names it when the user did. */
export function codeRunner(source: string, id?: CodeToolId): Runner {
  const known: readonly CodeToolId[] = ["typeorm", "node-pg-migrate", "mikro-orm", "sequelize", "kysely", "knex", "db-migrate"]
  const found = id ?? known.find((candidate) => TOOLS[candidate].sign.test(source))
  if (found === undefined) {
    return {
      framework: "plain",
      name: "the tool that runs this file",
      wrap: "unknown",
      send: "split",
      why: "no migration tool was recognized, so this file may or may not run in a transaction",
      offSwitch: { kind: "none", how: "run this statement in a migration of its own, and without a transaction round it" },
    }
  }
  const tool: CodeTool = TOOLS[found]
  const off = tool.offSwitch?.sign.test(source) === true
  return {
    framework: "plain",
    name: tool.name,
    wrap: off ? "none" : tool.wrap,
    send: "split",
    why: off ? "the migration turns its transaction off" : tool.why,
    offSwitch: tool.offSwitch === null ? { kind: "none", how: "" } : { kind: "config", how: tool.offSwitch.how, text: "", oneStatementOnly: false },
  }
}
