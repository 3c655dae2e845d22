import type { Rule } from "../../engine/rule.ts"
import { rules } from "../../../rules/index.ts"
import { didYouMean, EXIT, UsageError } from "../main.ts"

/** `pgsafe explain <rule>`. */
export function explainCommand(id: string): number {
  const rule = rules.find((candidate) => candidate.id === id)
  if (rule === undefined) {
    throw new UsageError(`unknown rule "${id}"${didYouMean(id, rules.map((known) => known.id))}; \`pgsafe rules\` lists them`)
  }
  process.stdout.write(explanation(rule))
  return EXIT.clean
}

function explanation({ id, severity, presets, docs }: Rule): string {
  const parts = [
    `${id} (${severity}; ${presets.join(", ")})`,
    docs.summary,
    `What it reports\n${docs.what}`,
    `Why it matters\n${docs.why}`,
    `What to do instead\n${docs.instead}`,
    `When it keeps silent\n${docs.silent}`,
    `See\n${docs.references.join("\n")}`,
  ]
  return `${parts.join("\n\n")}\n`
}
