import type { Framework } from "../framework.ts"

/** Source: dist/index.js of @slonik/migrator 0.12. */
export const framework: Framework = {
  id: "slonik",
  name: "@slonik/migrator",
  docs: "https://github.com/mmkal/slonik-tools/tree/main/packages/migrator",
  folders: ["migrations"],
  path: (name, [folder = ""]) => {
    if (!name.endsWith(".sql")) return undefined
    return folder === "down" ? { depth: 2, direction: "down", key: name } : { depth: 1, direction: "up", key: name }
  },
  markers: [{ file: "package.json", where: "above", contains: /"@slonik\/migrator"\s*:/ }],
  shape: "ambiguous",
  order: "name",
  runner: () => ({
    framework: "slonik",
    name: "@slonik/migrator",
    wrap: "none",
    send: "one message",
    why: "@slonik/migrator sends the whole file in one message, which the server runs as one transaction",
    offSwitch: { kind: "none", how: "put this statement alone in a migration of its own" },
  }),
}
