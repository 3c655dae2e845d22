import type { Framework } from "../framework.ts"
import { directiveLine, wholeFile } from "../units.ts"

/** Source: cli/migrate of hasura/graphql-engine and its manual on migrations. */
export const framework: Framework = {
  id: "hasura",
  name: "Hasura",
  docs: "https://hasura.io/docs/2.0/migrations-metadata-seeds/manage-migrations/",
  folders: ["hasura/migrations"],
  path: (name, [folder = ""]) => {
    const direction = /^(up|down)\.sql$/.exec(name)?.[1]
    const key = /^(\d+)(?:_|$)/.exec(folder)?.[1]
    if (direction === undefined || key === undefined) return undefined
    return { depth: 2, direction: direction === "down" ? "down" : "up", key }
  },
  markers: [{ file: /^config\.ya?ml$/, where: "above", contains: /^(?:metadata_directory|endpoint)\s*:/m }],
  shape: "in default folders",
  order: "numeric",
  runner: () => ({
    framework: "hasura",
    name: "Hasura",
    wrap: "file",
    send: "one message",
    why: "Hasura runs each migration in a transaction of its own",
    offSwitch: {
      kind: "directive",
      how: "make `-- hasura:no-transaction` the first line of up.sql",
      text: "-- hasura:no-transaction",
      oneStatementOnly: true,
      place: { within: "file", after: /^\uFEFF?/, insert: "-- hasura:no-transaction\n" },
    },
  }),
  units: (text, runner, { direction }) => {
    const reason = /^[ \t]*-- hasura:no-transaction[ \t]*(?:\r?\n|$)/.test(text)
      ? undefined
      : "Hasura looks for exactly `-- hasura:no-transaction` on the first line only"
    const directive = directiveLine(text, /^\uFEFF?[ \t]*--[ \t]*hasura:no-?transaction\b/im, reason)
    return [wholeFile(text, runner, direction, directive)]
  },
}
