import { configured, usesOtherDriver } from "../config.ts"
import type { Framework } from "../framework.ts"
import { scriptName } from "../languages.ts"

/** Source: packages/migrations/src of mikro-orm 6. */
export const framework: Framework = {
  id: "mikro-orm",
  name: "MikroORM",
  docs: "https://mikro-orm.io/docs/migrations#transactions",
  folders: ["migrations", "src/migrations"],
  path: (name) => (scriptName(name) === undefined ? undefined : { depth: 1, direction: "both", key: name }),
  markers: [
    { file: /^mikro-orm\.config\.[cm]?[jt]s$/, where: "above" },
    { file: "package.json", where: "above", contains: /"@mikro-orm\/migrations"\s*:/ },
  ],
  code: {
    language: "javascript",
    sign: /@mikro-orm\/|\bthis\.addSql\(/,
    off: /\bisTransactional\(\)[^{]*\{\s*return\s+false\b/,
  },
  isForeign: usesOtherDriver,
  shape: "ambiguous",
  order: "name",
  runner: (place) => {
    const says = (text: RegExp): boolean => configured(place, CONFIGS.flatMap((name) => [name, `src/${name}`]), text)
    const none = says(/\btransactional\s*:\s*false\b/)
    const each = says(/\ballOrNothing\s*:\s*false\b/)
    return {
      framework: "mikro-orm",
      name: "MikroORM",
      wrap: none ? "none" : each ? "file" : "all pending",
      send: "one message",
      why: none
        ? "the settings say `transactional: false`, so that MikroORM opens no transaction"
        : each
          ? "MikroORM runs each migration in a transaction of its own"
          : "MikroORM runs all pending migrations in one transaction",
      offSwitch: {
        kind: "config",
        how: "return false from the migration's `isTransactional()`",
        text: "isTransactional() { return false }",
        oneStatementOnly: false,
      },
    }
  },
}

const CONFIGS = ["mikro-orm.config.ts", "mikro-orm.config.js", "mikro-orm.config.mjs", "mikro-orm.config.cjs"]
