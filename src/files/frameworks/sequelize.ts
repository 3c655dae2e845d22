import { usesOtherDriver } from "../config.ts"
import type { Framework } from "../framework.ts"
import { scriptName } from "../languages.ts"

/** Source: src/core/migrator.js of sequelize-cli 6, and umzug 3. */
export const framework: Framework = {
  id: "sequelize",
  name: "Sequelize",
  docs: "https://sequelize.org/docs/v6/other-topics/migrations/",
  folders: ["migrations", "db/migrations", "src/migrations"],
  path: (name) => (scriptName(name) === undefined ? undefined : { depth: 1, direction: "both", key: name }),
  markers: [
    { file: ".sequelizerc", where: "above" },
    { file: "package.json", where: "above", contains: /"(?:sequelize-cli|umzug|sequelize)"\s*:/ },
  ],
  code: {
    language: "javascript",
    sign: /\bqueryInterface\b|\bQueryInterface\b|from\s+["']sequelize(?:-typescript)?["']|require\(["']sequelize["']\)/,
  },
  isForeign: usesOtherDriver,
  shape: "ambiguous",
  order: "name",
  runner: () => ({
    framework: "sequelize",
    name: "Sequelize",
    wrap: "none",
    send: "one message",
    why: "Sequelize opens no transaction for a migration",
    offSwitch: { kind: "none", how: "call this outside of `sequelize.transaction`" },
  }),
}
