/** Which tags and functions take SQL, library by library. */

/** A user's own tag or function: a name, also as the end of a longer one (`query` for `db.query`), or a pattern for all of it. */
export type Target = string | RegExp

export interface Targets {
  /** Asked of a tag as written: `sql`, `Prisma.sql`, `sql.unsafe`. */
  tag(path: string): Match
  /** Asked of a callee as written: `this.db.query`. */
  call(path: string): Match
  /** Whether the user named targets. */
  readonly custom: boolean
}

/** `explicit`: the user said that it is SQL. */
export type Match = "explicit" | "known" | null

/** How variables that hold a connection are called. */
const CONNECTION =
  "(?:\\w*(?:[cC]lient|[pP]ool|[cC]onn|[cC]onnection|[dD]b|DB|[dD]atabase|[rR]unner|[mM]anager|[dD]ata[sS]ource|[sS]equelize|[rR]epository|[kK]nex|[tT]rx|[pP]g|[pP]glite|[sS]ql|[oO]rm|[dD]rizzle|[pP]risma|[tT]ask|[sS]ession)|" +
  "t|tx|em|pg|pgm|transaction|postgres)(?:\\(\\))?"

const TAGS = new RegExp(
  [
    // postgres.js, Neon, Vercel, Bun, Drizzle, Kysely, Slonik, PGlite and everything that calls its tag `sql`.
    "(?:^|\\.)(?:sql|SQL|pgsql)(?:\\.(?:unsafe|fragment|void|type\\(\\)|typeAlias\\(\\)))?$",
    // Prisma.
    "^Prisma\\.sql$",
    "\\.\\$(?:executeRaw|queryRaw)$",
  ].join("|"),
)

const CALLS = new RegExp(
  [
    // pg, TypeORM, Sequelize, PGlite, Neon: query. Slonik and Drizzle take a tagged template, which is found by its tag.
    `(?:^|\\.)${CONNECTION}\\.query$`,
    // PGlite: exec. Drizzle, MikroORM: execute.
    `(?:^|\\.)${CONNECTION}\\.(?:exec|execute|executeSql)$`,
    // Lucid.
    `(?:^|\\.)${CONNECTION}\\.rawQuery$`,
    // MikroORM migrations.
    "^this\\.(?:execute|addSql)$",
    // db-migrate.
    "\\.runSql$",
    // Knex, whose object a migration may call what it likes; Drizzle, Kysely and Bun by way of `sql`.
    "(?:^|\\.)(?:\\w*[kK]nex|trx|tx|t|db|database|schema|sql|conn|connection|client)(?:\\(\\))?\\.(?:raw|unsafe)$",
    "^(?:\\w+|\\w+\\.schema(?:\\.\\w+\\(\\))*)\\.raw$",
    // node-pg-migrate.
    "(?:^|\\.)pgm\\.sql$",
    "(?:^|\\.)pgm\\.db\\.(?:query|select)$",
    // Prisma.
    "\\.\\$(?:executeRawUnsafe|queryRawUnsafe)$",
    // pg-promise.
    "(?:^|\\.)(?:db|t|tx|task|conn|connection|pgp\\(\\))\\.(?:none|one|many|any|oneOrNone|manyOrNone|result|multi|multiResult)$",
    // Slonik before tags, Vercel, Neon.
    "(?:^|\\.)sql\\.(?:query|raw|unsafe)$",
  ].join("|"),
)

/** The libraries' own targets, with the user's added to them or put in their place. */
export function createTargets(own: readonly Target[] = [], mode: "add" | "replace" = "add"): Targets {
  const isOwn = matcher(own)
  const known = mode === "add"
  return {
    tag: (path) => (isOwn(path) ? "explicit" : known && TAGS.test(path) ? "known" : null),
    call: (path) => (isOwn(path) ? "explicit" : known && CALLS.test(path) ? "known" : null),
    custom: own.length > 0,
  }
}

function matcher(targets: readonly Target[]): (path: string) => boolean {
  if (targets.length === 0) return () => false
  return (path) =>
    targets.some((target) => {
      if (typeof target === "string") return path === target || path.endsWith(`.${target}`)
      target.lastIndex = 0
      return target.test(path)
    })
}
