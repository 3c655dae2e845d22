import { nearest } from "../engine/nearest.ts"

/** Exit codes: nothing at or above the threshold; findings; usage, configuration, unreadable input or internal error. */
export const EXIT = { clean: 0, findings: 1, failure: 2 } as const

/** What the user can put right: a wrong option value, an unusable configuration file. */
export class UsageError extends Error {}

/** The words "did you mean" for a mistyped name, or nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  const close = nearest(name, known)
  return close === undefined ? "" : ` (did you mean "${close}"?)`
}

/** Why a file cannot be read, as a clause. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = "code" in error && typeof error.code === "string" ? error.code : ""
  return { EACCES: "permission denied", EISDIR: "it is a directory", ENOENT: "there is no such file" }[code] ?? error.message
}
