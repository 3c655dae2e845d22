import { configured } from "../config.ts"
import type { Framework } from "../framework.ts"
import { marks, sections, unit } from "../units.ts"

const settings = ["conf/application.conf", "application.conf"]

/** `play.evolutions.autocommit = false`, for one database or for all, and the same in braces. */
const noAutocommit =
  /^[ \t]*play\.evolutions(?:\.db\.[\w"-]+)?\.autocommit[ \t]*[=:][ \t]*"?false\b|\bevolutions(?:\.db\.[\w"-]+)?[ \t]*[=:]?[ \t]*\{[^}]*\bautocommit[ \t]*[=:][ \t]*"?false\b/m

/** Source: EvolutionsApi.scala and Evolutions.scala of playframework/playframework 3.0. */
export const framework: Framework = {
  id: "play",
  name: "Play",
  docs: "https://www.playframework.com/documentation/latest/Evolutions",
  folders: ["conf/evolutions/default"],
  path: (name) => {
    const key = /^(\d+)(?:_.*)?\.sql$/.exec(name)?.[1]
    return key === undefined ? undefined : { depth: 1, direction: "both", key }
  },
  markers: [],
  content: { line: /^[ \t]*(?:#|--)[^\n]*!(?:Ups|Downs)/m, required: true },
  shape: "ambiguous",
  order: "numeric",
  runner: (place) => {
    const base = { framework: "play", name: "Play", send: "split" } as const
    if (configured(place, settings, noAutocommit)) {
      return {
        ...base,
        wrap: "all pending",
        why: "play.evolutions.autocommit is false, so Play runs all pending evolutions in one transaction",
        offSwitch: { kind: "none", how: "run this statement with psql, outside of the evolutions" },
      }
    }
    return {
      ...base,
      wrap: "none",
      why: "Play sends each statement by itself, without a transaction",
      offSwitch: { kind: "none", how: "leave play.evolutions.autocommit as it is" },
    }
  },
  units: (text, runner) => {
    const found = marks(text, /^[ \t]*(?:#|--)[^\n]*!(Ups|Downs)/gm, (match) => ({ direction: match[1] === "Downs" ? "down" : "up" }))
    return sections(text, found).map((section) => unit(section, runner))
  },
}
