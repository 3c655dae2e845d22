import type { ResultError } from "../engine/result.ts"
import { DamagedSession } from "./damaged-session.ts"

/** What went wrong in pgsafe itself, and where, in one line. */
export function internalError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const [place] = /^\s+at .*/m.exec(error.stack ?? "") ?? []
  const inFile = place?.trim().replace(/(?:file:\/\/)?(?:\/[^\s():]+)?\/(?=[^\s()/]*$|[^\s()/]*\)$)/, "")
  return `${error.name}: ${error.message}${inFile === undefined ? "" : ` (${inFile})`}`
}

/** A mistake of pgsafe itself costs the file that brings it about, and no other one. */
export function orError<T>(file: string, work: () => T): T | ResultError {
  try {
    return work()
  } catch (error) {
    // Not the file's fault: the run starts again.
    if (error instanceof DamagedSession) throw error
    return { file, message: `internal error, please report it with this file: ${internalError(error)}` }
  }
}
