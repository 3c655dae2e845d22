import type { PlainName } from "./sql.ts"
import { quoteIdent } from "../schema/format.ts"
import { formatOf, type Setting } from "./settings.ts"
import { beside, fit, quoteLiteral, quoteName, regclass } from "./sql.ts"

/** A constraint or index beside the one that it is a copy of, whose name it gets once that is gone. */
export interface Copy {
  readonly kind: "constraint" | "index"
  readonly table: PlainName
  readonly name: string
  readonly original: string
  /** An index of expressions: those have statistics targets. */
  readonly computes: boolean
}

/** Statements that give the copies the names of their originals. */
export function renameCopies(copies: readonly Copy[]): string[] {
  return copies.map(({ kind, table, name, original }) =>
    kind === "constraint"
      ? fit(`ALTER TABLE ${quoteName(table)}`, `RENAME CONSTRAINT ${quoteIdent(name)} TO ${quoteIdent(original)};`)
      : fit(`ALTER INDEX ${quoteName(beside(table, name))}`, `RENAME TO ${quoteIdent(original)};`),
  )
}

/** What only the server knows of the originals: comments, and statistics targets of expressions. */
export function settingsOf(copies: readonly Copy[]): Setting[] {
  return copies.flatMap((copy) => [commentOf(copy), ...(copy.computes ? [statisticsOf(copy)] : [])])
}

function commentOf({ kind, table, name, original }: Copy): Setting {
  const [object, source, found] =
    kind === "constraint"
      ? [`CONSTRAINT ${quoteIdent(name)} ON ${quoteName(table)}`, "pg_constraint", `conrelid = ${regclass(table)}\n      AND conname = ${quoteLiteral(original)}`]
      : [`INDEX ${quoteName(beside(table, name))}`, "pg_class", `oid = ${regclass(beside(table, original))}`]
  const comment = `obj_description(oid, '${source}')`
  return { format: `COMMENT ON ${formatOf(object)} IS %L`, values: comment, from: source, where: `${found}\n      AND ${comment} IS NOT NULL` }
}

function statisticsOf({ table, name, original }: Copy): Setting {
  return {
    format: `ALTER INDEX ${formatOf(quoteName(beside(table, name)))} ALTER COLUMN %s SET STATISTICS %s`,
    values: "attnum, attstattarget",
    from: "pg_attribute",
    where: `attrelid = ${regclass(beside(table, original))}\n      AND attstattarget >= 0`,
  }
}
