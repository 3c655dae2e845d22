/** The foreign keys and CHECK constraints that Rails makes. */
import type { Arguments, Said } from "../arguments.ts"
import { sha256 } from "../../sha.ts"
import { singular } from "../inflections.ts"
import type { Range } from "../expression.ts"
import { joined, named, quoted, type Part } from "../made.ts"
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
  const deferrable = deferrableIn(args)
  if (actions.some(({ range, action }) => range !== null && action === undefined) || deferrable === null) return null
  const [onDelete, onUpdate] = actions.map(({ action }) => action)
  return [
    "CONSTRAINT ",
    name === null ? quoted(derivedKeyName(from, columns)) : named(name),
    ` FOREIGN KEY (${columns.map(quoted).join(", ")}) REFERENCES `,
    named(to),
    ` (${keys.map(quoted).join(", ")})`,
    onDelete === undefined ? "" : ` ON DELETE ${onDelete}`,
    onUpdate === undefined ? "" : ` ON UPDATE ${onUpdate}`,
    deferrable,
  ]
}

/** ` DEFERRABLE INITIALLY DEFERRED`; null for what only running the code would tell. */
function deferrableIn({ tokens, option }: Arguments): string | null {
  const deferrable = option("deferrable")
  if (deferrable === null || isFalse(tokens, deferrable)) return ""
  const initially = isTrue(tokens, deferrable) ? "immediate" : textAt(tokens, deferrable)?.text
  return initially === undefined ? null : ` DEFERRABLE INITIALLY ${initially.toUpperCase()}`
}

/** The constraint of `add_unique_constraint`. The name that Rails would make up is not needed: without one PostgreSQL makes one up. */
export function uniqueConstraint(args: Arguments, written: Range | undefined): readonly Part[] | null {
  const [columns, index] = [textsAt(args.tokens, written), textAt(args.tokens, args.option("using_index"))]
  const deferrable = deferrableIn(args)
  if ((columns === null && index === null) || deferrable === null) return null
  const nulls = isTrue(args.tokens, args.option("nulls_not_distinct")) ? "NULLS NOT DISTINCT " : ""
  const what: readonly Part[] = index === null ? [nulls, "(", ...joined((columns ?? []).map((column) => [named(column)])), ")"] : ["USING INDEX ", named(index)]
  return [...constraintName(args), "UNIQUE ", ...what, deferrable]
}

/** The constraint of `add_exclusion_constraint`. */
export function exclusionConstraint(args: Arguments, elements: Said | null | undefined): readonly Part[] | null {
  const [using, where] = [textAt(args.tokens, args.option("using")), textAt(args.tokens, args.option("where"))]
  const deferrable = deferrableIn(args)
  const isUnknown = (args.option("using") !== null && using === null) || (args.option("where") !== null && where === null)
  if (elements == null || deferrable === null || isUnknown) return null
  return [
    ...constraintName(args),
    "EXCLUDE ",
    using === null ? "" : `USING ${using.text} `,
    { sql: `(${elements.text})`, range: elements.range },
    where === null ? "" : ` WHERE (${where.text})`,
    deferrable,
  ]
}

function constraintName(args: Arguments): readonly Part[] {
  const name = textAt(args.tokens, args.option("name"))
  return name === null ? [] : ["CONSTRAINT ", named(name), " "]
}

const ACTIONS: Readonly<Record<string, string>> = { nullify: "SET NULL", cascade: "CASCADE", restrict: "RESTRICT" }

/** What a CHECK is called. */
export function checkName(table: string, expression: Said | null | undefined, args: Arguments): Part | null {
  const name = textAt(args.tokens, args.option("name"))
  if (name !== null) return named(name)
  return args.option("name") !== null || expression == null ? null : quoted(`chk_rails_${sha256(`${table}_${expression.text}_chk`).slice(0, 10)}`)
}
