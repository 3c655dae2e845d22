import { configured, usesOtherDriver } from "../config.ts"
import type { Framework } from "../framework.ts"
import { scriptName } from "../languages.ts"

/** Source: build/src/migration/runner.js and build/src/schema/main.js of @adonisjs/lucid 21.8. */
export const framework: Framework = {
  id: "lucid",
  name: "Lucid",
  docs: "https://lucid.adonisjs.com/docs/migrations",
  folders: ["database/migrations"],
  path: (name) => (scriptName(name) === undefined ? undefined : { depth: 1, direction: "both", key: name }),
  markers: [{ file: "package.json", where: "above", contains: /"@adonisjs\/lucid"\s*:/ }],
  // `@ioc:` until version 18.
  code: { language: "javascript", sign: /["'](?:@adonisjs\/lucid\/schema|@ioc:Adonis\/Lucid\/Schema)\b/, off: /\bstatic\s+disableTransactions\s*=\s*true\b/ },
  isForeign: usesOtherDriver,
  shape: "ambiguous",
  order: "name",
  runner: (place) => {
    const disabled = configured(place, ["config/database.ts", "config/database.js"], /\bdisableTransactions\s*:\s*true\b/)
    return {
      framework: "lucid",
      name: "Lucid",
      wrap: disabled ? "none" : "file",
      send: "one message",
      why: disabled
        ? "config/database says `disableTransactions: true`, so that Lucid opens no transaction"
        : "Lucid runs each migration in a transaction of its own",
      offSwitch: {
        kind: "config",
        how: "write `static disableTransactions = true` in the class of the migration",
        text: "static disableTransactions = true",
        oneStatementOnly: false,
      },
    }
  },
}
