/** What statements that EF Core makes have in common. */
import type { Arguments, Said } from "../arguments.ts"
import { list, named, quoted, type Part } from "../made.ts"
import { isNull, memberAt, textAt, textsAt, type Call } from "./values.ts"

export interface Statement {
  readonly parts: readonly Part[]
  /** It runs outside of the migration's transaction. */
  readonly outside?: true
}

/** A part that stands in the code. */
export type Place = Exclude<Part, string>

export function one(...parts: readonly Part[]): readonly Statement[] {
  return [{ parts }]
}

export function nameOf({ args: { tokens, given, option } }: Pick<Call, "args">): Said | null {
  return textAt(tokens, option("name") ?? given[0])
}

/** A name with the schema that an option tells; null for what only running the code would tell. */
export function inSchema({ tokens, option }: Arguments, name: Said | null, schema: string): Place | null {
  const range = option(schema)
  const said = isNull(tokens, range) ? undefined : textAt(tokens, range)
  return name === null || said === null ? null : { sql: said === undefined ? quoted(name.text) : `${quoted(said.text)}.${quoted(name.text)}`, range: name.range }
}

/** `CONSTRAINT "k" FOREIGN KEY ("a") REFERENCES "t" ("id") ON DELETE CASCADE` */
export function foreignKey(args: Arguments, columns: readonly Said[] | null): readonly Part[] | null {
  const { tokens, option } = args
  const [name, target] = [textAt(tokens, option("name") ?? args.given[0]), inSchema(args, textAt(tokens, option("principalTable")), "principalSchema")]
  const given = option("principalColumn") ?? option("principalColumns")
  const said = textAt(tokens, given)
  const remote = given === null ? [] : said === null ? textsAt(tokens, given) : [said]
  const [onUpdate, onDelete] = [actionOf(args, "onUpdate"), actionOf(args, "onDelete")]
  if (name === null || target === null || columns === null || remote === null || onUpdate === null || onDelete === null) return null
  return ["CONSTRAINT ", named(name), " FOREIGN KEY (", ...list(columns), ") REFERENCES ", target, ...(remote.length === 0 ? [] : [" (", ...list(remote), ")"]), onUpdate, onDelete]
}

const ACTIONS: Readonly<Record<string, string>> = { Cascade: "CASCADE", NoAction: "", Restrict: "RESTRICT", SetDefault: "SET DEFAULT", SetNull: "SET NULL" }

function actionOf({ tokens, option }: Arguments, name: string): string | null {
  const range = option(name)
  const member = range === null ? "NoAction" : memberAt(tokens, range)
  const action = member === null ? undefined : ACTIONS[member]
  return action === undefined ? null : action === "" ? "" : ` ${name === "onDelete" ? "ON DELETE" : "ON UPDATE"} ${action}`
}
