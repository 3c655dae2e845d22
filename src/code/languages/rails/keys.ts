/** The foreign keys and CHECK constraints that Rails makes. */
import type { Arguments, Said } from "../arguments.ts"
import { sha256 } from "../../sha.ts"
import { singular } from "./inflections.ts"
import { quoted, type Part } from "../made.ts"
import { named } from "./statement.ts"
import { isFalse, isTrue, textAt, textsAt } from "./values.ts"

/** What a foreign key is called. */
export function keyName(from: string, args: Arguments): Part | null {
  const name = textAt(args.tokens, args.option("name"))
  if (name !== null) return named(name)
  const to = textAt(args.tokens, args.given[1] ?? args.option("to_table"))
  const columns = args.option("column") === null ? (to === null ? null : [keyColumn(to.text)]) : (textsAt(args.tokens, args.option("column"))?.map(({ text }) => text) ?? null)
  return columns === null ? null : quoted(derivedKeyName(from, columns))
}

function derivedKeyName(from: string, columns: readonly string[]): string {
  return `fk_rails_${sha256(`${from}_${columns.join("_and_")}_fk`).slice(0, 10)}`
}

function keyColumn(table: string): string {
  return `${singular(table.slice(table.lastIndexOf(".") + 1))}_id`
}

/** The constraint of a foreign key, without what it says of rows that are there. */
export function foreignKey(from: string, to: Said, args: Arguments, column?: string): readonly Part[] | null {
  const [written, key, name] = [textsAt(args.tokens, args.option("column")), textsAt(args.tokens, args.option("primary_key")), textAt(args.tokens, args.option("name"))]
  if ((args.option("column") !== null && written === null) || (args.option("primary_key") !== null && key === null)) return null
  const columns = written?.map(({ text }) => text) ?? [column ?? keyColumn(to.text)]
  const keys = key?.map(({ text }) => text) ?? ["id"]
  const actions = (["on_delete", "on_update"] as const).map((option) => ({ range: args.option(option), action: ACTIONS[textAt(args.tokens, args.option(option))?.text ?? ""] }))
  const deferrable = args.option("deferrable")
  const initially = isTrue(args.tokens, deferrable) ? "immediate" : textAt(args.tokens, deferrable)?.text
  if (actions.some(({ range, action }) => range !== null && action === undefined) || (deferrable !== null && initially === undefined && !isFalse(args.tokens, deferrable))) return null
  const [onDelete, onUpdate] = actions.map(({ action }) => action)
  return [
    "CONSTRAINT ",
    name === null ? quoted(derivedKeyName(from, columns)) : named(name),
    ` FOREIGN KEY (${columns.map(quoted).join(", ")}) REFERENCES `,
    named(to),
    ` (${keys.map(quoted).join(", ")})`,
    onDelete === undefined ? "" : ` ON DELETE ${onDelete}`,
    onUpdate === undefined ? "" : ` ON UPDATE ${onUpdate}`,
    initially === undefined ? "" : ` DEFERRABLE INITIALLY ${initially.toUpperCase()}`,
  ]
}

const ACTIONS: Readonly<Record<string, string>> = { nullify: "SET NULL", cascade: "CASCADE", restrict: "RESTRICT" }

/** What a CHECK is called. */
export function checkName(table: string, expression: Said | null | undefined, args: Arguments): Part | null {
  const name = textAt(args.tokens, args.option("name"))
  if (name !== null) return named(name)
  return args.option("name") !== null || expression == null ? null : quoted(`chk_rails_${sha256(`${table}_${expression.text}_chk`).slice(0, 10)}`)
}
