/** What Sequelize 6 emits where `queryInterface` changes rows. */
import type { Node } from "../../../embedded/node.ts"
import { attempt, unknown, type Reader } from "../../call.ts"
import { sql, type Part, type Piece } from "../../pieces.ts"
import { tableOf } from "../sequelize-names.ts"
import { conditionOf } from "../sequelize-where.ts"
import { assignments, inserted, valuesOf, type Values } from "./values.ts"

/** Methods of `queryInterface`, each with the statement that it sends. */
export const SEQUELIZE_ROWS: Readonly<Record<string, (reader: Reader, given: readonly Node[]) => Piece[]>> = {
  bulkUpdate(reader, [table, given, condition]) {
    const values = valuesOf(reader)
    return sql`UPDATE ${tableOf(reader, table)} SET ${assignments(values, reader.isObject(given) ? reader.options(given) : unknown())}${whereOf(values, condition)}`
  },
  bulkDelete(reader, [table, condition, given]) {
    const options = reader.options(given)
    if (options.flag("truncate")) return sql`TRUNCATE ${tableOf(reader, table)}${options.flag("restartIdentity") ? " RESTART IDENTITY" : ""}${options.flag("cascade") ? " CASCADE" : ""}`
    return sql`DELETE FROM ${tableOf(reader, table)}${whereOf(valuesOf(reader), condition)}`
  },
  bulkInsert(reader, [table, rows, given]) {
    const ignores = (): string => (reader.options(given).flag("ignoreDuplicates") ? " ON CONFLICT DO NOTHING" : "")
    return sql`INSERT INTO ${tableOf(reader, table)} ${inserted(valuesOf(reader), rows, "NULL", ignores)}`
  },
}

/** No condition, or an empty one, means all rows. */
function whereOf(values: Values, node: Node | undefined): Part {
  const options = attempt(() => values.reader.options(node))
  if (options?.names.length === 0) return ""
  return sql` WHERE ${attempt(() => conditionOf(values, node)) ?? values.unreadCondition()}`
}
