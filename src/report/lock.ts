import type { ResultFinding } from "../engine/result.ts"

type Lock = ResultFinding["locks"][number]

/** How long a lock is held, in words. */
const DURATIONS: Readonly<Record<Lock["duration"], string>> = {
  instant: "for an instant",
  scan: "while the table is scanned",
  rewrite: "while the table is rewritten",
  build: "while the index is built",
  transaction: "until the transaction commits",
}

/** "ACCESS EXCLUSIVE on orders: blocks reads and writes while the table is rewritten". */
export function lockInWords({ mode, relation, blocks, duration }: Lock): string {
  return `${mode} on ${relation}: blocks ${blocks.join(" and ")} ${DURATIONS[duration]}`
}
