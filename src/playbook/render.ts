import type { Step } from "./step.ts"

/** The steps as plain text. */
export function renderSteps(steps: readonly Step[]): string {
  return steps.map((step) => step.sql).join("\n")
}
