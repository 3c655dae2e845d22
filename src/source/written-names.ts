/** Words of SQL that could be names. */

const NAME = /"((?:[^"]|"")+)"|[\p{L}_][\p{L}\p{N}_$]*/gu

/** What could be a name in a piece of SQL, in the case that PostgreSQL folds it to. */
export function namesIn(sql: string): readonly string[] {
  return [...sql.matchAll(NAME)].map(
    ([word, quoted]) => quoted?.replaceAll('""', '"') ?? word.toLowerCase(),
  )
}

/** What could be a name in a message of the server's kind, which has names of the catalog: those are folded already. */
export function namesAsWritten(message: string): readonly string[] {
  return [...message.matchAll(NAME)].map(
    ([word, quoted]) => quoted?.replaceAll('""', '"') ?? word,
  )
}
