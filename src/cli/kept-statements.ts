/**
 * Keeps what the parser has learned of statements, so that later runs read statements like them without starting the grammar. It never
 * changes what is read.
 */
import { join } from "node:path"
import { NOTHING, type Learned } from "../parse/learned.ts"
import { BUILD } from "./build.ts"
import { readVouched, writeVouched } from "./vouched-file.ts"

const NAME = "statements.txt"

/** Of which code it is, and how long the first of the two texts is. */
const HEAD = JSON.stringify([BUILD, process.version])

export function keptStatements(folder: string): Learned {
  const text = readVouched(join(folder, NAME)) ?? ""
  const [head = "", length = ""] = text.split("\n", 2)
  if (head !== HEAD) return NOTHING
  const start = head.length + length.length + 2
  const end = start + Number(length)
  return { plans: text.slice(start, end), families: text.slice(end) }
}

export function keepStatements(folder: string, { plans, families }: Learned): void {
  writeVouched(join(folder, NAME), `${HEAD}\n${String(plans.length)}\n${plans}${families}`)
}
