import type { Framework } from "../framework.ts"
import { unit, wholeFile } from "../units.ts"

/** A line that ends a chunk, with its line end. */
const SPLIT = /^--bun:split\r?(?:\n|$)/gm

/** Source: migrate/migration.go and migrate/migrations.go of uptrace/bun. */
export const framework: Framework = {
  id: "bun",
  name: "Bun (Go)",
  docs: "https://bun.uptrace.dev/guide/migrations.html#sql-migrations",
  folders: ["migrations"],
  path: (name) => {
    const [, key, direction] = /^(\d{1,14})_[0-9a-z_-]+\.(?:[\w-]+\.)*(down|up)\.sql$/.exec(name) ?? []
    return key === undefined ? undefined : { depth: 1, direction: direction === "down" ? "down" : "up", key }
  },
  // Who has golang-migrate, too, has Bun for queries.
  markers: [{ file: "go.mod", where: "above", contains: /^(?![^]*\bgolang-migrate\/migrate\b)[^]*\bgithub\.com\/uptrace\/bun[ \t](?!.*\/\/ indirect)/ }],
  content: { line: /^--bun:split\r?$/m, required: false },
  shape: "ambiguous",
  unread: /^(\d{1,14})_[0-9a-z_-]+(?<!_test)\.go$/,
  order: "name",
  runner: () => ({
    framework: "bun",
    name: "Bun (Go)",
    wrap: "none",
    send: "one message",
    why: "Bun sends each part between `--bun:split` lines in one message, which the server runs as one transaction",
    offSwitch: { kind: "none", how: "put this statement alone between `--bun:split` lines, in a file whose name does not end in `.tx.up.sql`" },
  }),
  units: (text, runner, { path, direction }) => {
    if (/\.tx\.(?:up|down)\.sql$/.test(path)) {
      return [{ ...wholeFile(text, runner, direction), wrap: "file", send: "calls", why: "`.tx` in the name of the file makes Bun run it in a transaction" }]
    }
    const ends = [...text.matchAll(SPLIT)].map(({ index, 0: line }) => index + line.length)
    const starts = [0, ...ends]
    return starts.map((start, index) => unit({ start, end: starts[index + 1] ?? text.length, direction }, runner))
  },
}
