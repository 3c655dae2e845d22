import { configured } from "../config.ts"
import type { Framework } from "../framework.ts"
import { scriptName } from "../languages.ts"
import { unit, wholeFile } from "../units.ts"
import { agreed, schemasIn, startWith } from "../starting.ts"

/** Source: src/migration.ts and src/sqlMigration.ts of salsita/node-pg-migrate; run with 9.0. */
export const framework: Framework = {
  id: "node-pg-migrate",
  name: "node-pg-migrate",
  docs: "https://salsita.github.io/node-pg-migrate/migrations/",
  folders: ["migrations"],
  path: (name) => {
    const key = /^(\d+)[_-].+\.sql$/.exec(name)?.[1]
    const script = scriptName(name)
    if (script !== undefined) return { depth: 1, direction: "both", key: /^\d*/.exec(script)?.[0] ?? script }
    if (key === undefined) return undefined
    const direction = /\.(up|down)\.sql$/.exec(name)?.[1]
    return { depth: 1, direction: direction === "down" ? "down" : direction === "up" ? "up" : "both", key }
  },
  markers: [{ file: "package.json", where: "above", contains: /"node-pg-migrate"\s*:/ }],
  content: { line: /^\s*--[\s-]*up\s+migration\b/im, required: false },
  code: { language: "javascript", sign: /\bnode-pg-migrate\b|\bpgm\b/, off: /\bpgm\.noTransaction\(/ },
  shape: "ambiguous",
  order: "numeric",
  // Source: src/runner.ts. What the command line is given in the scripts of package.json.
  session: (place) => {
    const found = agreed(place, ["package.json"], ({ text }) =>
      text.split("\n").flatMap((script, index) => {
        const schemas = /\bnode-pg-migrate\b/.test(script) ? [...script.matchAll(/\s(?:--schema[ =]|-s )([^\s"]+)/g)].map(([, schema = ""]) => schema) : []
        return schemas.length === 0 ? [] : [{ value: `${schemas.join(",")} ${String(/\s--create-schema(?![\w-])/.test(script))}`, at: `:${String(index + 1)}` }]
      }),
    )
    const [value = "", made] = found?.value.split(" ") ?? []
    const schemas = schemasIn(value)
    return found && startWith(schemas, found.evidence, { makes: made === "true" ? (schemas ?? []) : [] })
  },
  runner: (place) => {
    const each = configured(place, ["package.json"], /--no-single-transaction|"single-transaction"\s*:\s*false/)
    return {
      framework: "node-pg-migrate",
      name: "node-pg-migrate",
      wrap: each ? "file" : "all pending",
      send: "per call",
      why: each
        ? "node-pg-migrate with --no-single-transaction runs each migration in a transaction of its own"
        : "node-pg-migrate runs all pending migrations in one transaction",
      offSwitch: {
        kind: "none",
        how: "call `pgm.noTransaction()`, for which the migration has to be written in JavaScript or TypeScript",
      },
    }
  },
  units: (text, runner, { direction }) => {
    if (direction !== "both") return [wholeFile(text, runner, direction)]
    const up = text.search(/^[^\S\n]*--[\s-]*up\s+migration/im)
    const down = text.search(/^[^\S\n]*--[\s-]*down\s+migration/im)
    // Without a mark for up the tool runs the whole text, even what follows the mark for down.
    const upEnd = up < 0 || down < up ? text.length : down
    const units = [unit({ start: Math.max(up, 0), end: upEnd, direction: "up" }, runner)]
    if (down < 0 || up < 0) return units
    units.push(unit({ start: down, end: up < down ? text.length : up, direction: "down" }, runner))
    return units.sort((left, right) => left.start - right.start)
  },
}
