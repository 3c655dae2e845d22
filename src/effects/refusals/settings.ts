import { isDuration } from "../duration.ts"
import { fail } from "../draft.ts"
import type { Refusals } from "./index.ts"

/** Settings that are a duration of at least 0. Which majors have them is not judged: dumps set those of the server that wrote them. */
const DURATIONS: ReadonlySet<string> = new Set([
  "idle_in_transaction_session_timeout",
  "idle_session_timeout",
  "lock_timeout",
  "statement_timeout",
  "transaction_timeout",
])

/** What a setting does not take. */
export const settingRefusals: Refusals = {
  set({ setting, value, values }, draft) {
    if (value === null || !DURATIONS.has(setting)) return
    if (values.length > 1) fail(draft, "22023", `SET ${setting} takes only one argument`)
    else if (!isDuration(value, draft.pgVersion)) fail(draft, "22023", `"${value}" is not a value of ${setting}: its units are ${units(draft.pgVersion)}`)
  },
}

function units(pgVersion: number): string {
  return pgVersion < 12 ? "ms, s, min, h and d" : "us, ms, s, min, h and d"
}
