import { usesOtherDriver } from "../config.ts"
import type { Framework } from "../framework.ts"
import { languageOf, scriptName } from "../languages.ts"
import { isOfMigrations, usualDirection } from "../paths.ts"

/** A function `up`, as a function, a constant, a property or a method: what the runners of many projects call. */
const EXPORTS_UP = /\bexports\.up\s*=|\bexport\s+(?:async\s+)?(?:function|const)\s+up\b|(?<![.\w])up\s*(?:\([^)]*\)\s*(?::[^{;]*)?\{|[:=]\s*(?:async\b|\(|function\b))/

/** Files that no known tool claims: SQL, whatever it is called, and code that is called and made like a migration. */
export const framework: Framework = {
  id: "plain",
  name: "plain SQL",
  docs: "https://www.postgresql.org/docs/current/app-psql.html",
  folders: [],
  path: (name, [folder = ""]) => {
    if (languageOf(name) !== undefined) return scriptName(name) === undefined ? undefined : { depth: 1, direction: "both", key: name }
    // A folder with a number in front is one of several that belong together.
    return /^\d/.test(folder)
      ? { depth: 2, direction: usualDirection(name), key: `${folder}/${name}` }
      : { depth: 1, direction: usualDirection(name, folder), key: name }
  },
  markers: [],
  code: { language: "javascript", sign: EXPORTS_UP },
  role: (place) => {
    const isForeign = usesOtherDriver(place)
    return ({ path }) => (isForeign && languageOf(path) !== undefined ? "foreign" : undefined)
  },
  shape: "any",
  order: "natural",
  runner: ({ root }) => ({
    framework: "plain",
    name: "the tool that runs this file",
    wrap: "unknown",
    send: "psql",
    why: "no migration tool was recognized, so this file may or may not run in a transaction",
    offSwitch: { kind: "none", how: "run this statement alone in its file, and without a transaction round it" },
    ...(isOfMigrations(root) && { numbered: true }),
  }),
}

