import { dirname, resolve } from "node:path"

const INCLUDE = /^\\(?:(i|include)|ir|include_relative)[ \t]+'?([^'\s]+)'?[ \t]*\r?$/gm

/** Files that a script of psql includes with `\i`, from the current folder, or with `\ir`, from its own. */
export function includesOf(path: string, sql: string): readonly { readonly written: string; readonly full: string }[] {
  return [...sql.matchAll(INCLUDE)].map(([, current, written = ""]) => ({
    written,
    full: current === undefined ? resolve(dirname(path), written) : resolve(written),
  }))
}
