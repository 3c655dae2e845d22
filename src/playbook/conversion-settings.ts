import type { Catalog, ColumnType } from "../schema/catalog.ts"
import type { RecipeContext } from "./context.ts"
import { functionVolatility } from "../effects/volatility.ts"
import { listed } from "./dependents.ts"
import { callsIn, expressionOf } from "./expressions.ts"
import { quoteLiteral } from "./sql.ts"

interface Setting {
  readonly name: string
  /** Types whose values it reads, writes or converts otherwise; by catalog name. */
  readonly types: ReadonlySet<string>
  /** What they are converted from or to then; null: anything. */
  readonly others: ReadonlySet<string> | null
}

const TEXTS: ReadonlySet<string> = new Set(["text", "varchar", "bpchar", "name"])

/** Settings of a session that conversions go by: the casts are STABLE in pg_cast, and so are the types' input and output functions. */
const SETTINGS: readonly Setting[] = [
  { name: "TimeZone", types: new Set(["timestamptz", "timetz"]), others: null },
  { name: "DateStyle", types: new Set(["date", "timestamp", "timestamptz"]), others: TEXTS },
  { name: "IntervalStyle", types: new Set(["interval"]), others: TEXTS },
  { name: "lc_monetary", types: new Set(["money"]), others: null },
]

/** A conversion of a column's values. */
export interface Conversion {
  readonly from: ColumnType | null
  readonly to: ColumnType | null
  readonly value: string
  /** The value is the column itself in the new type. */
  readonly isCast: boolean
}

/** The settings that decide what the conversions give. */
export function settingsOfConversions(conversions: readonly Conversion[], context: RecipeContext): string[] {
  return SETTINGS.filter((setting) => conversions.some((conversion) => decides(setting, conversion, context))).map(({ name }) => name)
}

function decides({ types, others }: Setting, { from, to, value, isCast }: Conversion, { catalog, pgVersion }: RecipeContext): boolean {
  const [source, target] = [from, to].map((type) => (type?.schema === "pg_catalog" ? type.name : null))
  const meets = (one: string | null | undefined, other: string | null | undefined): boolean =>
    one !== null && one !== undefined && types.has(one) && other !== one && (others === null || (other !== null && other !== undefined && others.has(other)))
  if (!meets(source, target) && !meets(target, source)) return false
  if (isCast) return true
  const casts = expressionOf(value)?.casts ?? []
  return (
    casts.some(({ type }) => types.has(type.name)) ||
    (callsIn(value)?.some((call) => functionVolatility(call, catalog, pgVersion) !== "immutable") ?? true)
  )
}

/** The clauses of CREATE FUNCTION by which it has the settings that ALTER TABLE would have had, whoever's session calls it. */
export function settingClauses(settings: readonly string[], catalog: Zoned): string[] {
  return settings.map((name) => {
    const value = valueOf(name, catalog)
    return `SET ${name} ${value === null ? "FROM CURRENT" : `TO ${quoteLiteral(value)}`}`
  })
}

/** The settings in words, with their values where the migrations set them. */
export function settingWords(settings: readonly string[], catalog: Zoned): string {
  return listed(settings.map((name) => [name, valueOf(name, catalog) ?? []].flat().join(" ")))
}

type Zoned = Pick<Catalog, "timeZone">

function valueOf(setting: string, { timeZone }: Zoned): string | null {
  return setting === "TimeZone" ? timeZone : null
}
