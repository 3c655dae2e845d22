import { readdirSync } from "node:fs"

/** The names of what is in a folder; none when there is no such folder, or it may not be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
