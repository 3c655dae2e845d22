/** The tools whose migrations are read, by the name of their runner. */
import type { Tool } from "../tool.ts"
import { DB_MIGRATE } from "./db-migrate.ts"
import { KNEX } from "./knex.ts"
import { KYSELY } from "./kysely.ts"
import { NODE_PG_MIGRATE } from "./node-pg-migrate.ts"
import { SEQUELIZE } from "./sequelize.ts"
import { TYPEORM } from "./typeorm.ts"

export const TOOLS: Readonly<Record<string, Tool>> = {
  Knex: { builder: KNEX, receiver: "knex", deferred: null, ownTransactions: /\btransaction\s*:\s*false\b/, handsOn: true },
  "node-pg-migrate": { builder: NODE_PG_MIGRATE, receiver: "pgm", deferred: /^pgm(?:\.\w+(?:\(\))?)?$/, ownTransactions: null, handsOn: false },
  Sequelize: { builder: SEQUELIZE, receiver: "queryInterface", deferred: null, ownTransactions: /(?:)/, handsOn: false },
  TypeORM: { builder: TYPEORM, receiver: "queryRunner", deferred: null, ownTransactions: null, handsOn: false },
  // Inside of its migrator's transaction Kysely refuses to open another.
  Kysely: { builder: KYSELY, receiver: "db", deferred: null, ownTransactions: /(?:)/, handsOn: true },
  // MikroORM hands nothing to `up`: it is called on the migration itself. It may use Knex to write SQL.
  MikroORM: { builder: KNEX, receiver: "this", deferred: /^this\.addSql/, ownTransactions: null, handsOn: false },
  // `this.schema` and `defer` only take down what runs, in that order, when `up` has returned.
  Lucid: { builder: KNEX, receiver: "this", deferred: /^(?!this\.db\b)/, ownTransactions: null, handsOn: false },
  Payload: {
    builder: null,
    receiver: "db",
    deferred: null,
    ownTransactions: null,
    handsOn: false,
    // These take a connection from the pool: packages/db-postgres/src/connect.ts.
    outside: /(?:^|\.)(?:drizzle\.execute|pool\.query)$/,
    // packages/db-postgres/src/exports/migration-utils.ts.
    helpers: /^migrate(?:PostgresV2toV3|(?:Postgres)?LocalizeStatus)$/,
  },
  "@slonik/migrator": { builder: null, receiver: "connection", deferred: null, ownTransactions: /(?:)/, handsOn: false },
  "db-migrate": { builder: DB_MIGRATE, receiver: "db", deferred: null, ownTransactions: null, handsOn: false },
}

/** For tools that nobody knows. */
export const PLAIN: Tool = { builder: null, receiver: "client", deferred: null, ownTransactions: null, handsOn: false, isUnknown: true }
