import type { Step } from "../playbook/step.ts"
import { wrap } from "./text.ts"

/** Steps as SQL that can be copied as it is: what a person has to know is in comments. */
export function stepsAsSql(steps: readonly Step[], width: number): string {
  return steps.map((step, index) => stepAsSql(step, steps.length === 1 ? "" : `${index + 1}. `, width)).join("\n\n")
}

function stepAsSql({ deploy, title, transaction, note, sql }: Step, number: string, width: number): string {
  const heading = `-- ${number}${deploy}: ${title}${transaction ? "" : " (outside a transaction)"}`
  const parts = [wrap(heading, width, "-- ")]
  if (note !== null) parts.push(wrap(`-- ${note}`, width, "-- "))
  if (sql.trim() !== "") parts.push(sql.trim())
  return parts.join("\n")
}
