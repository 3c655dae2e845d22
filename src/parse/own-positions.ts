/**
 * Positions of SQL that stands in no file letter for letter: what EXECUTE puts together, a body with escapes, the body of a function
 * of another migration. Each such text has positions of its own, behind those of every file, so that a span means one text whoever
 * reads it, and cutting, comparing and adding work within the text as in a file. `textReader` leads them back.
 *
 * They are numbers below 2 ** 53. A file is shorter than 2 ** 29 UTF-16 units, which is as long as V8's strings get.
 */
import type { Span } from "../source/span.ts"

/** The first of them: a smaller one is a position in a file. */
const FIRST = 2 ** 50
/** The first of those of functions that another file has made. */
const FIRST_OF_ROUTINES = 2 ** 52

/** How many characters the texts of one body may have in all. */
export const ROOM = 2 ** 20

export function isOwn({ start }: Span): boolean {
  return start >= FIRST
}

/** Where the own positions of the code begin that stands at `start`. */
export function roomOfCode(start: number): number {
  return start < FIRST ? FIRST + start * ROOM : start + 2 * FIRST
}

/** Where those of a function of another file begin. `id`: its number in the catalog. */
export function roomOfRoutine(id: number): number {
  return FIRST_OF_ROUTINES + id * ROOM
}
