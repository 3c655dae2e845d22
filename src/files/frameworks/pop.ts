import type { Framework } from "../framework.ts"
import { wholeFile } from "../units.ts"
import { connectionPath } from "../starting.ts"

/** Source: file_migrator.go of gobuffalo/pop, and match.go and migrator.go of Ory's popx, which adds `autocommit`. */
export const framework: Framework = {
  id: "pop",
  name: "Pop",
  docs: "https://gobuffalo.io/documentation/database/migrations/",
  folders: ["migrations"],
  path: (name) => {
    const [, key, direction] = /^(\d+)_[^.]+(?:\.\w+){0,2}\.(up|down)\.sql$/.exec(name) ?? []
    return key === undefined ? undefined : { depth: 1, direction: direction === "down" ? "down" : "up", key }
  },
  markers: [{ file: "go.mod", where: "above", contains: /\bgithub\.com\/(?:gobuffalo|ory)\/pop\b(?!.*\/\/ indirect)/ }],
  unread: /^(\d+)_(?!.*\.down\.)[^.]+(?:\.\w+){0,2}\.fizz$/,
  shape: "ambiguous",
  order: "numeric",
  replaced: (names) => {
    const own = new Set(names.flatMap((name) => keyOf(/^(\d+)_[^.]+\.postgres(?:ql)?(?:\.autocommit)?\.(up|down)\.sql$/, name)))
    return (name) => keyOf(/^(\d+)_[^.]+(?:\.autocommit)?\.(up|down)\.sql$/, name).some((key) => own.has(key))
  },
  session: (place) => connectionPath(place, /\bsoda\b|\bpop\b/, ["database.yml", "config/database.yml"]),
  runner: () => ({
    framework: "pop",
    name: "Pop",
    wrap: "file",
    send: "one message",
    why: "Pop runs each migration in a transaction of its own",
    offSwitch: { kind: "none", how: "run this statement with psql, outside of the migrations" },
  }),
  units: (text, runner, { path, direction }) => {
    const whole = wholeFile(text, runner, direction)
    if (!/\.autocommit\.(?:up|down)\.sql$/.test(path)) return [whole]
    return [{ ...whole, wrap: "none", why: "`.autocommit` in the name of the file turns off the transaction" }]
  },
}

/** Version and direction of a file, of which only one runs: that for all databases gives way to the database's own. */
function keyOf(pattern: RegExp, name: string): readonly string[] {
  const [, version, direction] = pattern.exec(name) ?? []
  return version === undefined || direction === undefined ? [] : [`${version} ${direction}`]
}
