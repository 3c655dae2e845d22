import type { Step } from "../../../src/index.ts"
import type { Hazard } from "./hazard.ts"
import { nameOf, reserved } from "./schema.ts"

/** Lists of what a person has to see to, in notes. */
const NAMED = /(?:have to be changed first|unless they are moved by hand|by hand before|away from (?:it|them) before): ((?:"(?:[^"]|"")*"|[^."]|\.(?! |$))*)\./g
const ITEM = /(inheriting table|materialized view|view|trigger|policy|publication|generated column|exclusion constraint|foreign key|primary key|check|statistics|index|rule|constraint) ((?:"(?:[^"]|"")+"|[\p{L}\p{N}_.%$])+)(?: of ((?:"(?:[^"]|"")+"|[\p{L}\p{N}_.%$])+))?/gu

/** What a person does about what the notes name: it is dropped. */
export function byHand(steps: readonly Step[], { table }: Hazard): string[] {
  const notes = steps.flatMap(({ note }) => (note === null ? [] : [...note.matchAll(NAMED)].map(([, items = ""]) => items)))
  const own = table === undefined ? "" : nameOf(table)
  const schema = table === undefined || table.schema === "public" ? "" : `${reserved(table.schema)}.`
  const drops = notes.flatMap((items) =>
    [...items.matchAll(ITEM)].map(([, kind = "", name = "", of]) => {
      switch (kind) {
        case "view":
        case "materialized view":
          return `DROP ${kind.toUpperCase()} IF EXISTS ${name} CASCADE`
        case "inheriting table":
          return `DROP TABLE ${name}`
        case "trigger":
        case "policy":
        case "rule":
          return `DROP ${kind.toUpperCase()} IF EXISTS ${name} ON ${own}`
        case "publication":
          return `ALTER PUBLICATION ${name} DROP TABLE ${own}`
        case "statistics":
        case "index":
          return `DROP ${kind.toUpperCase()} IF EXISTS ${schema}${name}`
        case "generated column":
          return `ALTER TABLE ${own} DROP COLUMN IF EXISTS ${name}`
        default:
          return `ALTER TABLE ${of ?? own} DROP CONSTRAINT IF EXISTS ${name}`
      }
    }),
  )
  return [...new Set(drops)]
}
