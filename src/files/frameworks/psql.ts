import type { Framework } from "../framework.ts"
import { usualDirection } from "../paths.ts"

/** Scripts that only psql understands. */
export const framework: Framework = {
  id: "psql",
  name: "psql",
  docs: "https://www.postgresql.org/docs/current/app-psql.html",
  folders: [],
  path: (name, [folder]) => (name.endsWith(".sql") ? { depth: 1, direction: usualDirection(name, folder), key: name } : undefined),
  markers: [],
  content: {
    line: /^\\(?:i|ir|include|include_relative|connect|c|set|unset|echo|if|elif|else|endif|gexec|gset|copy|o|pset)\b/m,
    required: true,
  },
  shape: "any",
  order: "natural",
  runner: () => ({
    framework: "psql",
    name: "psql",
    wrap: "none",
    send: "psql",
    why: "psql runs each statement by itself unless it is started with --single-transaction",
    offSwitch: { kind: "none", how: "run the file without --single-transaction" },
  }),
}
