import { configured, usesOtherDriver } from "../config.ts"
import type { Framework } from "../framework.ts"
import { scriptName } from "../languages.ts"

/** Source: src/migration/migrator.ts of kysely 0.28. */
export const framework: Framework = {
  id: "kysely",
  name: "Kysely",
  docs: "https://kysely.dev/docs/migrations",
  folders: ["migrations", "src/migrations"],
  path: (name) => (scriptName(name) === undefined ? undefined : { depth: 1, direction: "both", key: name }),
  markers: [
    { file: /^kysely\.config\.[cm]?[jt]s$/, where: "above" },
    { file: "package.json", where: "above", contains: /"kysely"\s*:/ },
  ],
  code: { language: "javascript", sign: /\bKysely\b|["']kysely["']/ },
  isForeign: usesOtherDriver,
  shape: "ambiguous",
  order: "name",
  runner: (place) => {
    const disabled = configured(
      place,
      ["kysely.config.ts", "kysely.config.js", "kysely.config.mts", "kysely.config.mjs"],
      /\bdisableTransactions\s*:\s*true\b/,
    )
    return {
      framework: "kysely",
      name: "Kysely",
      wrap: disabled ? "none" : "all pending",
      send: "one message",
      why: disabled
        ? "the settings say `disableTransactions: true`, so that Kysely opens no transaction"
        : "Kysely runs all pending migrations in one transaction",
      offSwitch: {
        kind: "config",
        how: "migrate with `disableTransactions: true`",
        text: "disableTransactions: true",
        oneStatementOnly: false,
      },
    }
  },
}
