import { dollarQuote, indent, quoteLiteral } from "./sql.ts"

/** A statement that is made for each row that a query of the server's catalog finds. */
export interface Setting {
  /** The statement, for format(). */
  readonly format: string
  /** What is put in place of its directives. */
  readonly values: string
  readonly from: string
  readonly where: string
}

/** Runs the statements that the settings make of the catalog; `query` is what their queries share, as WITH. */
export function executeEach(settings: readonly Setting[], query: string | null = null): string {
  const selects = settings.map(
    ({ format, values, from, where }) => `    SELECT format(
      ${quoteLiteral(format)},
      ${values}
    ) FROM ${from}
    WHERE ${where}`,
  )
  return `DO ${dollarQuote(`DECLARE
  setting text;
BEGIN
  FOR setting IN
${query === null ? "" : `${indent(query, 4)}\n`}${selects.join("\n    UNION ALL\n")}
  LOOP
    EXECUTE setting;
  END LOOP;
END`)};`
}

/** A percent sign in a name is none of format's. */
export function formatOf(text: string): string {
  return text.replaceAll("%", "%%")
}

/** Whom aclexplode() names, and how, behind GRANT ... TO. */
export const GRANTED: readonly string[] = [
  `CASE grantee WHEN 0 THEN 'PUBLIC'
        ELSE quote_ident(pg_get_userbyid(grantee)) END`,
  "CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END",
]
