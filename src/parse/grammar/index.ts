import type { ParseResult } from "./tree.ts"

export type ParseOutcome =
  | { readonly ok: true; readonly tree: ParseResult }
  /** `position` is a UTF-16 offset into the parsed text. */
  | { readonly ok: false; readonly message: string; readonly position: number }

export declare function parseSql(sql: string): ParseOutcome
/** `sql` is one complete CREATE FUNCTION / PROCEDURE ... LANGUAGE plpgsql or DO statement. */
export declare function parsePlPgSql(
  sql: string,
): { readonly ok: true; readonly tree: unknown } | { readonly ok: false; readonly message: string }
