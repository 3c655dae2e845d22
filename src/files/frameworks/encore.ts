import type { Framework } from "../framework.ts"

/** Source: v2/parser/infra/sqldb/sqldb.go and cli/daemon/sqldb/migrate.go of encoredev/encore. */
export const framework: Framework = {
  id: "encore",
  name: "Encore",
  docs: "https://encore.dev/docs/ts/primitives/databases",
  folders: ["migrations"],
  path: (name) => {
    const [, key, direction] = /^(\d+)(?:_[^.]+)?\.(up|down)\.sql$/.exec(name) ?? []
    return key === undefined ? undefined : { depth: 1, direction: direction === "down" ? "down" : "up", key }
  },
  markers: [{ file: "encore.app", where: "above" }],
  shape: "ambiguous",
  order: "numeric",
  runner: () => ({
    framework: "encore",
    name: "Encore",
    wrap: "file",
    send: "one message",
    why: "Encore sends a migration together with its record in one message, which the server runs as one transaction",
    offSwitch: { kind: "none", how: "run this statement with psql, outside of the migrations" },
  }),
}
