import type { Framework } from "../framework.ts"
import { scriptName } from "../languages.ts"

/** Source: dist/index.js of @slonik/migrator 0.12. */
export const framework: Framework = {
  id: "slonik",
  name: "@slonik/migrator",
  docs: "https://github.com/mmkal/slonik-tools/tree/main/packages/migrator",
  folders: ["migrations"],
  path: (name, [folder = ""]) => {
    if (/\.[jt]s$/.test(name)) return scriptName(name) === undefined ? undefined : { depth: 1, direction: "both", key: name }
    if (!name.endsWith(".sql")) return undefined
    return folder === "down" ? { depth: 2, direction: "down", key: name } : { depth: 1, direction: "up", key: name }
  },
  markers: [{ file: "package.json", where: "above", contains: /"@slonik\/migrator"\s*:/ }],
  code: { language: "javascript", sign: /@slonik\/migrator\b/ },
  shape: "ambiguous",
  order: "name",
  runner: () => ({
    framework: "slonik",
    name: "@slonik/migrator",
    wrap: "none",
    send: "one message",
    why: "@slonik/migrator opens no transaction, and sends a file of SQL in one message, which the server runs as one",
    offSwitch: { kind: "none", how: "put this statement alone in a migration of its own" },
  }),
}
