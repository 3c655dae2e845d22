import type { Framework } from "../framework.ts"
import { directiveLine, wholeFile } from "../units.ts"

/** Source: backend/plugin/db/pg/pg.go and backend/plugin/parser/base/transaction_mode.go of bytebase/bytebase. */
export const framework: Framework = {
  id: "bytebase",
  name: "Bytebase",
  docs: "https://docs.bytebase.com/change-database/transaction-control",
  folders: ["migrations"],
  path: (name) => {
    const key = /^[vV]?(\d+(?:\.\d+)*).*\.sql$/.exec(name)?.[1]
    return key === undefined ? undefined : { depth: 1, direction: "up", key }
  },
  markers: [],
  content: { line: /^\s*--\s*txn-mode\s*=/im, required: false },
  shape: "ambiguous",
  order: "dotted",
  runner: () => ({
    framework: "bytebase",
    name: "Bytebase",
    wrap: "file",
    send: "split",
    why: "Bytebase runs each file in a transaction of its own",
    offSwitch: {
      kind: "directive",
      how: "make `-- txn-mode = off` the first line of the file",
      text: "-- txn-mode = off",
      oneStatementOnly: false,
      place: { within: "file", after: /^\uFEFF?/, insert: "-- txn-mode = off\n" },
    },
    detects: {
      patterns: [/\bDROP\s+DATABASE\b/i, /\b(?:CREATE(?:\s+UNIQUE)?|DROP)\s+INDEX\s+CONCURRENTLY\b/i, /^\s*VACUUM\b/i],
      effect: "after commit",
      why: "Bytebase puts such a statement off until the transaction of the others is committed",
    },
  }),
  units: (text, runner, { direction }) => {
    const line = /^[ \t]*--[ \t]*txn-mode[ \t]*=[ \t]*off[ \t]*\r?$/im
    const leading = /^(?:[ \t]*(?:--[^\n]*)?\r?(?:\n|$))*/.exec(text)?.[0] ?? ""
    const flaw = "Bytebase looks for it only in the comments that the file starts with"
    const reason = line.test(leading) ? undefined : flaw
    return [wholeFile(text, runner, direction, directiveLine(text, line, reason))]
  },
}
