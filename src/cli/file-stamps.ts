/**
 * Whether files and folders are what they were, by size, times and inode: every write sets the time of change, and nobody can set it
 * back; adding, removing and renaming an entry writes its folder. As in git, this proves nothing for times that are not older than the
 * look at them.
 */
import { statSync } from "node:fs"

/** Size, time of change, time of the status's change, inode. */
export type Stamp = readonly [size: number, changed: number, statusChanged: number, inode: number]

/** Coarsest times that file systems keep are two seconds; network file systems have clocks of their own. In milliseconds. */
const RACY = 3000

/** Of what is not there. */
export const NOTHING: Stamp = [0, 0, 0, 0]

/**
 * @param started when the run began, in milliseconds
 * @returns null where something has changed so shortly before the run that it may change again unseen
 */
export function stampOf(path: string, started: number): Stamp | null {
  let stats
  try {
    stats = statSync(path)
  } catch {
    return NOTHING
  }
  const { size, mtimeMs, ctimeMs, ino } = stats
  return Math.max(mtimeMs, ctimeMs) > started - RACY ? null : [size, mtimeMs, ctimeMs, ino]
}
