import { configured, usesOtherDriver } from "../config.ts"
import type { Framework } from "../framework.ts"
import { scriptName } from "../languages.ts"

/** Source: packages/drizzle/src/migrate.ts and packages/payload/src/database/migrations of payload 3.88. */
export const framework: Framework = {
  id: "payload",
  name: "Payload",
  docs: "https://payloadcms.com/docs/database/migrations#using-transactions",
  folders: ["src/migrations", "migrations"],
  // It also writes an index.ts for the application, which is no migration.
  path: (name) => (/\.[jt]s$/.test(name) && scriptName(name) !== undefined ? { depth: 1, direction: "both", key: name } : undefined),
  markers: [{ file: "package.json", where: "above", contains: /"@payloadcms\/db-(?:vercel-)?postgres"\s*:/ }],
  code: { language: "javascript", sign: /["']@payloadcms\/db-(?:vercel-)?postgres\b/ },
  isForeign: usesOtherDriver,
  shape: "ambiguous",
  order: "name",
  runner: (place) => {
    const disabled = configured(place, CONFIGS.flatMap((name) => [name, `src/${name}`]), /\btransactionOptions\s*:\s*false\b/)
    return {
      framework: "payload",
      name: "Payload",
      wrap: disabled ? "none" : "file",
      send: "one message",
      why: disabled
        ? "the settings say `transactionOptions: false`, so that Payload opens no transaction"
        : "Payload runs each migration in a transaction of its own",
      offSwitch: {
        kind: "none",
        how: "put this statement alone in a migration of its own, and run it there with `payload.db.drizzle.execute()`, which is outside of the transaction",
      },
    }
  },
}

const CONFIGS = ["payload.config.ts", "payload.config.js"]
