/** The views of the gem scenic, whose queries are files: `db/views/orders_v01.sql`. Source: lib/scenic/statements.rb and definition.rb of scenic 1. */
import type { Arguments } from "../arguments.ts"
import type { SentFile } from "../collected.ts"
import { madeText, named, quoted } from "../made.ts"
import type { Range } from "../expression.ts"
import { texts } from "./statement.ts"
import { isFalse, isTrue, textAt } from "./values.ts"

/** What a call makes of the file of a view; null for other calls, and for what only running the code would tell. @param call Its tokens. */
export function viewOf(method: string, args: Arguments, call: Range, conditional: boolean): SentFile | null {
  const head = HEADS[method]
  const [name] = texts(args, 1)
  const version = args.option("version")
  const number = version === null && method === "create_view" ? "1" : textAt(args.tokens, version)?.text
  const materialized = args.option("materialized")
  if (head === undefined || name === undefined || number === undefined || !/^\d+$/.test(number) || !args.isWhole || args.option("sql_definition") !== null) return null
  const isMaterialized = isTrue(args.tokens, materialized)
  // What a materialized view becomes keeps the indexes that fit, and options say how.
  if ((materialized !== null && !isMaterialized && !isFalse(args.tokens, materialized)) || (isMaterialized && method !== "create_view")) return null
  return {
    request: { exact: null, name: `${name.text.replaceAll(".", "_")}_v${number.padStart(2, "0")}.sql`, folders: ["db", "views"] },
    first: method === "update_view" ? [madeText(["DROP VIEW ", named(name)], args.tokens, call)] : [],
    head: `${isMaterialized ? "CREATE MATERIALIZED VIEW" : head} ${quoted(name.text)} AS `,
    conditional,
  }
}

const HEADS: Readonly<Record<string, string>> = { create_view: "CREATE VIEW", update_view: "CREATE VIEW", replace_view: "CREATE OR REPLACE VIEW" }
