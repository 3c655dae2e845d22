/** The columns that SQLAlchemy makes of its types and options. Source: dialects/postgresql/base.py of sqlalchemy 2. */
import type { Arguments, Said } from "../arguments.ts"
import { literal, quoted, type Part } from "../made.ts"
import type { Range } from "../expression.ts"
import type { Token } from "../tokens.ts"
import { meantAt, typeAt, type TypeSource } from "./types.ts"
import { callAt, isFalse, isNone, isTrue, meantIn, textAt } from "../python/values.ts"

/** The enum that a new table with a column of this type makes, unless it says that it is there; null for what only running the code would tell. */
function enumAt(tokens: readonly Token[], range: Range, types: TypeSource): readonly Part[] | null | undefined {
  const call = callAt(tokens, meantAt(tokens, range, types))
  const kind = call?.name.toLowerCase()
  if (kind === "array") return call?.args.given[0] === undefined ? undefined : enumAt(tokens, call.args.given[0], types)
  if (kind !== "enum" || call === null || ["create_type", "native_enum"].some((option) => isFalse(tokens, call.args.option(option)))) return undefined
  return createEnum(tokens, call.args, range, typeAt(tokens, range, types))
}

/** `CREATE TYPE "state" AS ENUM ('a', 'b')`; null for what only running the code would tell. */
function createEnum(tokens: readonly Token[], { given }: Arguments, range: Range, type: string | null): readonly Part[] | null {
  const labels = given.map((one) => textAt(tokens, one))
  const said = labels.flatMap((one) => one ?? [])
  if (type === null || said.length === 0 || said.length < labels.length) return null
  return ["CREATE TYPE ", { sql: type, range }, ` AS ENUM (${said.map(({ text }) => literal(text)).join(", ")})`]
}

/**
 * What `sa.Enum("a", "b", name="state").create(op.get_bind())` and `drop` make; null for anything that is no enum of the server.
 *
 * @param given What the call is given.
 */
export function enumStatement(tokens: readonly Token[], method: string, range: Range, given: Arguments, types: TypeSource): readonly Part[] | null {
  const call = callAt(tokens, meantAt(tokens, range, types))
  const type = call === null || call.name.toLowerCase() !== "enum" || isFalse(tokens, call.args.option("native_enum")) ? null : typeAt(tokens, range, types)
  if (call === null || type === null) return null
  if (method === "create") return createEnum(tokens, call.args, range, type)
  return method === "drop" ? [`DROP TYPE ${isTrue(tokens, given.option("checkfirst")) ? "IF EXISTS " : ""}`, { sql: type, range }] : null
}

/** A column: its name, its type, and what stands behind that; null for what only running the code would tell. */
export interface Column {
  readonly name: Said
  readonly type: Said
  readonly rest: readonly Part[]
  readonly isKey: boolean
  readonly isIndexed: boolean
  readonly isUnique: boolean
  readonly hasDefault: boolean
  /** `sa.ForeignKey` in it: a constraint that the server or a convention names. */
  readonly references: readonly Part[] | null
  /** `use_alter` says that this constraint is none of CREATE TABLE. */
  readonly usesAlter: boolean
  /** Nothing says that it does not count by itself. */
  readonly mayCount: boolean
  /** The statement that makes its type beside a new table; null for what only running the code would tell. */
  readonly makes: readonly Part[] | null | undefined
}

export function columnAt(tokens: readonly Token[], given: Range, types: TypeSource): Column | null {
  const range = meantIn(tokens, given)
  const call = callAt(tokens, range)
  if (call?.name !== "Column" || !call.args.isWhole) return null
  const { args } = call
  const [first, second, ...more] = args.given
  const name = textAt(tokens, first)
  const type = second === undefined ? null : typeAt(tokens, second, types)
  if (name === null || type === null || second === undefined) return null
  const value = defaultAt(args)
  const behind = behindType(tokens, name, more)
  if (value === null || behind === null) return null
  const [nullable, key] = [args.option("nullable"), isTrue(tokens, args.option("primary_key"))]
  const isNotNull = isFalse(tokens, nullable) || (key && nullable === null)
  if (nullable !== null && !isNotNull && !isTrue(tokens, nullable)) return null
  const rest: readonly Part[] = [...value, ...behind.generated, ...(isNotNull ? [nullable === null ? " NOT NULL" : { sql: " NOT NULL", range: nullable }] : [])]
  return {
    name,
    type: { text: type, range: second },
    rest,
    isKey: key,
    isIndexed: isTrue(tokens, args.option("index")),
    isUnique: isTrue(tokens, args.option("unique")),
    hasDefault: value.length > 0,
    references: behind.references,
    usesAlter: behind.usesAlter,
    mayCount: !isFalse(tokens, args.option("autoincrement")) && behind.generated.length === 0 && behind.references === null,
    makes: enumAt(tokens, second, types),
  }
}

/** What makes the values of a column, and what it references. */
interface Behind {
  readonly generated: readonly Part[]
  readonly references: readonly Part[] | null
  readonly usesAlter: boolean
}

/** `sa.ForeignKey("shops.id")`, `sa.Identity(always=True)`, `sa.Computed("a + b")`; null for anything else. */
function behindType(tokens: readonly Token[], name: Said, more: readonly Range[]): Behind | null {
  let found: Behind = { generated: [], references: null, usesAlter: false }
  for (const range of more) {
    const call = callAt(tokens, range)
    if (call === null || !call.args.isWhole) return null
    const { given, option } = call.args
    const [first] = given
    if (call.name === "ForeignKey") {
      const references = referencesOf(name, textAt(tokens, first), call.args)
      if (references === null || found.references !== null) return null
      found = { ...found, references, usesAlter: isTrue(tokens, option("use_alter")) }
    } else if (call.name === "Identity") {
      // How it counts is left out.
      const always = option("always")
      if (given.length > 0 || (always !== null && !isTrue(tokens, always) && !isFalse(tokens, always))) return null
      found = { ...found, generated: [{ sql: ` GENERATED ${isTrue(tokens, always) ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY`, range }] }
    } else if (call.name === "Computed") {
      const expression = textAt(tokens, first)
      if (expression === null || isFalse(tokens, option("persisted"))) return null
      found = { ...found, generated: [{ sql: ` GENERATED ALWAYS AS (${expression.text}) STORED`, range }] }
    } else return null
  }
  return found
}

/** `FOREIGN KEY (a) REFERENCES shops (id) ON DELETE CASCADE`; null for what only running the code would tell. */
function referencesOf(column: Said, target: Said | null, args: Arguments): readonly Part[] | null {
  const [period, behind, given] = [target?.text.lastIndexOf(".") ?? -1, actionsOf(args), args.option("name")]
  const key = given === null || isNone(args.tokens, given) ? null : textAt(args.tokens, given)
  if (target === null || period < 0 || behind === null || (key === null && given !== null && !isNone(args.tokens, given))) return null
  const head: readonly Part[] = key === null ? [] : ["CONSTRAINT ", { sql: quoted(key.text), range: key.range }, " "]
  return [...head, "FOREIGN KEY (", { sql: quoted(column.text), range: column.range }, ") REFERENCES ", { sql: quoted(target.text.slice(0, period)), range: target.range }, ` (${quoted(target.text.slice(period + 1))})${behind}`]
}

export function columnSql({ name, type, rest }: Column): readonly Part[] {
  return [{ sql: quoted(name.text), range: name.range }, " ", { sql: type.text, range: type.range }, ...rest]
}

/** ` DEFAULT ...`, or nothing; null for what only running the code would tell. */
function defaultAt({ tokens, option }: Arguments): readonly Part[] | null {
  const range = option("server_default")
  if (range === null || isNone(tokens, range)) return []
  const text = defaultText(tokens, range)
  return text === null ? null : [" DEFAULT ", { sql: text, range }]
}

/** A text is a string in SQL; `sa.text()` is SQL itself. */
export function defaultText(tokens: readonly Token[], range: Range): string | null {
  const call = callAt(tokens, range)
  if (call === null) {
    const said = textAt(tokens, range)
    return said === null ? null : literal(said.text)
  }
  if (call.name === "text" || call.name === "literal_column") return textAt(tokens, range)?.text ?? null
  if (call.name === "false" || call.name === "true") return call.name
  return FUNCTIONS[call.name] ?? null
}

/** Functions of `sa.func` that are called without arguments. */
const FUNCTIONS: Readonly<Record<string, string>> = { null: "NULL", now: "now()", current_timestamp: "CURRENT_TIMESTAMP", gen_random_uuid: "gen_random_uuid()", uuid_generate_v4: "uuid_generate_v4()" }

/** ` ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED`; null for what only running the code would tell. */
export function actionsOf({ tokens, option }: Arguments): string | null {
  const [onDelete, onUpdate, initially] = ["ondelete", "onupdate", "initially"].map((name) => ({ range: option(name), said: textAt(tokens, option(name)) }))
  if ([onDelete, onUpdate, initially].some((one) => one !== undefined && one.range !== null && one.said === null && !isNone(tokens, one.range))) return null
  return [
    onDelete?.said == null ? "" : ` ON DELETE ${onDelete.said.text}`,
    onUpdate?.said == null ? "" : ` ON UPDATE ${onUpdate.said.text}`,
    isTrue(tokens, option("deferrable")) ? " DEFERRABLE" : "",
    initially?.said == null ? "" : ` INITIALLY ${initially.said.text}`,
  ].join("")
}
