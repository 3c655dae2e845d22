import type { Framework } from "../framework.ts"

/** Source: refinery_core/src/util.rs and drivers/postgres.rs of rust-db/refinery. `U` is unversioned, not undo. */
export const framework: Framework = {
  id: "refinery",
  name: "refinery",
  docs: "https://docs.rs/refinery/latest/refinery/",
  folders: ["migrations", "src/migrations"],
  path: (name) => {
    const key = /^[UV](\d+(?:\.\d+)?)__\w+\.sql$/.exec(name)?.[1]
    return key === undefined ? undefined : { depth: 1, direction: "up", key }
  },
  markers: [
    { file: "refinery.toml", where: "above" },
    { file: "Cargo.toml", where: "above", contains: /^(?:refinery\b|\[(?:workspace\.)?dependencies\.refinery\b)/m },
  ],
  shape: "ambiguous",
  unread: /^[UV](\d+(?:\.\d+)?)__\w+\.rs$/,
  order: "dotted",
  runner: () => ({
    framework: "refinery",
    name: "refinery",
    wrap: "file",
    send: "one message",
    why: "refinery runs each migration in a transaction of its own and has no switch to turn that off",
    offSwitch: { kind: "none", how: "run this statement with psql, outside of refinery" },
  }),
}
