import { hasOtherDriver } from "../cargo.ts"
import type { Framework } from "../framework.ts"

/** Source: diesel_migrations and migrations_internals of diesel-rs/diesel. */
export const framework: Framework = {
  id: "diesel",
  name: "Diesel",
  docs: "https://docs.rs/diesel_migrations/latest/diesel_migrations/struct.FileBasedMigrations.html",
  folders: ["migrations"],
  path: (name, [folder = ""]) => {
    const direction = /^(up|down)\.sql$/.exec(name)?.[1]
    if (direction === undefined || !/^\d[^_]*_./.test(folder)) return undefined
    const key = (folder.split("_")[0] ?? folder).replaceAll("-", "")
    return { depth: 2, direction: direction === "down" ? "down" : "up", key }
  },
  markers: [
    { file: "diesel.toml", where: "above" },
    { file: "Cargo.toml", where: "above", contains: /^(?:diesel\w*\b|\[(?:workspace\.)?dependencies\.diesel\w*\])/m },
  ],
  shape: "unmistakable",
  isForeign: (place) => hasOtherDriver(place, "diesel(?:-async)?"),
  order: "name",
  runner: () => ({
    framework: "diesel",
    name: "Diesel",
    wrap: "file",
    send: "one message",
    why: "Diesel runs each migration in a transaction of its own",
    offSwitch: {
      kind: "sidecar",
      how: "put `run_in_transaction = false` into a file metadata.toml beside up.sql",
      text: "run_in_transaction = false",
      oneStatementOnly: true,
    },
  }),
  sidecar: {
    path: (migration) => migration.replace(/[^/]+$/, "metadata.toml"),
    // The key is false when the file leaves it out: a default of serde.
    off: (text) => !/^\s*run_in_transaction\s*=\s*true\b/m.test(text),
  },
}
