/** The columns that EF Core makes. Source: Migrations/NpgsqlMigrationsSqlGenerator.cs of npgsql/efcore.pg 10. */
import type { Said } from "../arguments.ts"
import type { Range } from "../expression.ts"
import { quoted, type Part } from "../made.ts"
import { isFalse, isNull, isTrue, literalAt, memberAt, textAt, type Call } from "./values.ts"

/** A column as a call defines it. */
export interface Column {
  readonly type: Said
  /** How its values are counted: the strategies of Npgsql; null for none. */
  readonly counts: "serial" | "by default" | "always" | null
  readonly isNull: boolean
  readonly initial: Part | null
  readonly computed: Part | null
  readonly collation: Said | null
}

/** What the types of C# are on the server where a migration names none. That of DateTime depends on settings. */
const TYPES: Readonly<Record<string, string>> = {
  bool: "boolean",
  byte: "smallint",
  "byte[]": "bytea",
  DateOnly: "date",
  DateTimeOffset: "timestamp with time zone",
  decimal: "numeric",
  double: "double precision",
  float: "real",
  Guid: "uuid",
  int: "integer",
  long: "bigint",
  short: "smallint",
  string: "text",
  TimeOnly: "time without time zone",
  TimeSpan: "interval",
}

const SERIALS: Readonly<Record<string, string>> = { bigint: "bigserial", int: "serial", int2: "smallserial", int4: "serial", int8: "bigserial", integer: "serial", smallint: "smallserial" }

/** Annotations that say nothing of the column itself. */
const IGNORED = /^(?!Npgsql:|Relational:)|^Npgsql:(?:Comment|DefaultColumnCollation)$/

/** The column that a call defines; null for what only running the code would tell. */
export function columnAt({ type: csharp, args, annotations, range }: Call): Column | null {
  const { tokens, option } = args
  if ([...annotations.keys()].some((key) => !IGNORED.test(key) && key !== STRATEGY && key !== OLD_STRATEGY)) return null
  const type = typeOf(csharp, option("type"), { args, range })
  const counts = countsBy(tokens, annotations)
  const [nullable, value, sql, computed, collation] = [option("nullable"), option("defaultValue"), option("defaultValueSql"), option("computedColumnSql"), option("collation")]
  if (type === null || counts === undefined || (nullable !== null && !isTrue(tokens, nullable) && !isFalse(tokens, nullable))) return null
  const initial = isNull(tokens, sql) ? (value === null || isNull(tokens, value) ? undefined : partOf(value, literalAt(tokens, value))) : sqlPart(textAt(tokens, sql), ["(", ")"])
  const expression = isNull(tokens, computed) ? undefined : isTrue(tokens, option("stored")) ? sqlPart(textAt(tokens, computed), [" GENERATED ALWAYS AS (", ") STORED"]) : null
  const sorted = isNull(tokens, collation) ? undefined : textAt(tokens, collation)
  if (initial === null || expression === null || sorted === null) return null
  return { type, counts, isNull: isTrue(tokens, nullable), initial: initial ?? null, computed: expression ?? null, collation: sorted ?? null }
}

const STRATEGY = "Npgsql:ValueGenerationStrategy"
/** What Npgsql wrote before version 2. */
const OLD_STRATEGY = "Npgsql:ValueGeneratedOnAdd"

/** The type that is written, or that of the C# type. */
export function typeOf(csharp: string | null, given: Range | null, { args, range }: Pick<Call, "args" | "range">): Said | null {
  const { tokens, option } = args
  if (!isNull(tokens, given)) return textAt(tokens, given)
  const length = option("maxLength")
  const digits = length === null ? null : literalAt(tokens, length)
  if (csharp === "string" && length !== null && !isNull(tokens, length)) return digits === null ? null : { text: `character varying(${digits})`, range }
  const known = Object.hasOwn(TYPES, csharp ?? "") ? TYPES[csharp ?? ""] : undefined
  return known === undefined || option("precision") !== null ? null : { text: known, range }
}

/** Null: not at all; undefined: nobody knows. */
export function countsBy(tokens: Call["args"]["tokens"], annotations: ReadonlyMap<string, Range>): Column["counts"] | undefined {
  const [range, old] = [annotations.get(STRATEGY), annotations.get(OLD_STRATEGY)]
  if (range === undefined) return old !== undefined && isTrue(tokens, old) ? "serial" : null
  const member = memberAt(tokens, range)
  return member === null ? undefined : STRATEGIES[member]
}

const STRATEGIES: Readonly<Record<string, Column["counts"]>> = { IdentityAlwaysColumn: "always", IdentityByDefaultColumn: "by default", None: null, SerialColumn: "serial" }

function partOf(range: Range, sql: string | null): Part | null {
  return sql === null ? null : { sql, range }
}

function sqlPart(said: Said | null, [before, behind]: readonly [string, string]): Part | null {
  return said && { sql: `${before}${said.text}${behind}`, range: said.range }
}

/** The name and the definition of a column. */
export function columnSql(name: Said, { type, counts, isNull: mayBeNull, initial, computed, collation }: Column): readonly Part[] {
  const serial = counts === "serial" ? SERIALS[type.text.toLowerCase()] : undefined
  const head: readonly Part[] = [{ sql: quoted(name.text), range: name.range }, " ", { sql: serial ?? type.text, range: type.range }, ...(collation === null ? [] : [` COLLATE ${quoted(collation.text)}`])]
  const isNotNull = mayBeNull ? "" : " NOT NULL"
  if (computed !== null) return [...head, computed, isNotNull]
  if (counts === "always" || counts === "by default") return [...head, ` GENERATED ${counts === "always" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY`]
  return [...head, isNotNull, ...(initial === null || counts === "serial" ? [] : [" DEFAULT ", initial])]
}
