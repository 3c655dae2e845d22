// Written by scripts/generate-framework-index.ts. Do not edit.
import type { Framework } from "../framework.ts"
import { framework as alembic } from "./alembic.ts"
import { framework as atlas } from "./atlas.ts"
import { framework as bun } from "./bun.ts"
import { framework as bytebase } from "./bytebase.ts"
import { framework as dbMigrate } from "./db-migrate.ts"
import { framework as dbmate } from "./dbmate.ts"
import { framework as diesel } from "./diesel.ts"
import { framework as django } from "./django.ts"
import { framework as doctrine } from "./doctrine.ts"
import { framework as drizzle } from "./drizzle.ts"
import { framework as dump } from "./dump.ts"
import { framework as ecto } from "./ecto.ts"
import { framework as efcore } from "./efcore.ts"
import { framework as encore } from "./encore.ts"
import { framework as flyway } from "./flyway.ts"
import { framework as golangMigrate } from "./golang-migrate.ts"
import { framework as goose } from "./goose.ts"
import { framework as graphileMigrate } from "./graphile-migrate.ts"
import { framework as hasura } from "./hasura.ts"
import { framework as knex } from "./knex.ts"
import { framework as kysely } from "./kysely.ts"
import { framework as laravel } from "./laravel.ts"
import { framework as liquibase } from "./liquibase.ts"
import { framework as lucid } from "./lucid.ts"
import { framework as migratus } from "./migratus.ts"
import { framework as mikroOrm } from "./mikro-orm.ts"
import { framework as nodePgMigrate } from "./node-pg-migrate.ts"
import { framework as payload } from "./payload.ts"
import { framework as phinx } from "./phinx.ts"
import { framework as plain } from "./plain.ts"
import { framework as play } from "./play.ts"
import { framework as pop } from "./pop.ts"
import { framework as postgrator } from "./postgrator.ts"
import { framework as postgresMigrations } from "./postgres-migrations.ts"
import { framework as prisma } from "./prisma.ts"
import { framework as psql } from "./psql.ts"
import { framework as rails } from "./rails.ts"
import { framework as rambler } from "./rambler.ts"
import { framework as refinery } from "./refinery.ts"
import { framework as sequelize } from "./sequelize.ts"
import { framework as slonik } from "./slonik.ts"
import { framework as sqitch } from "./sqitch.ts"
import { framework as sqlMigrate } from "./sql-migrate.ts"
import { framework as sqlx } from "./sqlx.ts"
import { framework as supabase } from "./supabase.ts"
import { framework as tern } from "./tern.ts"
import { framework as typeorm } from "./typeorm.ts"
import { framework as yoyo } from "./yoyo.ts"

/** The tools that pgsafe knows. */
export type FrameworkId =
  | "alembic"
  | "atlas"
  | "bun"
  | "bytebase"
  | "db-migrate"
  | "dbmate"
  | "diesel"
  | "django"
  | "doctrine"
  | "drizzle"
  | "dump"
  | "ecto"
  | "efcore"
  | "encore"
  | "flyway"
  | "golang-migrate"
  | "goose"
  | "graphile-migrate"
  | "hasura"
  | "knex"
  | "kysely"
  | "laravel"
  | "liquibase"
  | "lucid"
  | "migratus"
  | "mikro-orm"
  | "node-pg-migrate"
  | "payload"
  | "phinx"
  | "plain"
  | "play"
  | "pop"
  | "postgrator"
  | "postgres-migrations"
  | "prisma"
  | "psql"
  | "rails"
  | "rambler"
  | "refinery"
  | "sequelize"
  | "slonik"
  | "sqitch"
  | "sql-migrate"
  | "sqlx"
  | "supabase"
  | "tern"
  | "typeorm"
  | "yoyo"

/** One adapter for each tool. */
export const frameworks: readonly Framework[] = [
  alembic,
  atlas,
  bun,
  bytebase,
  dbMigrate,
  dbmate,
  diesel,
  django,
  doctrine,
  drizzle,
  dump,
  ecto,
  efcore,
  encore,
  flyway,
  golangMigrate,
  goose,
  graphileMigrate,
  hasura,
  knex,
  kysely,
  laravel,
  liquibase,
  lucid,
  migratus,
  mikroOrm,
  nodePgMigrate,
  payload,
  phinx,
  plain,
  play,
  pop,
  postgrator,
  postgresMigrations,
  prisma,
  psql,
  rails,
  rambler,
  refinery,
  sequelize,
  slonik,
  sqitch,
  sqlMigrate,
  sqlx,
  supabase,
  tern,
  typeorm,
  yoyo,
]
