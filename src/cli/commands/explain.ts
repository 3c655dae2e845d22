import { wrap } from "../../report/text.ts"
import type { Rule } from "../../engine/rule.ts"
import { rules } from "../../../rules/index.ts"
import { didYouMean } from "../../source/nearest.ts"
import { stdout } from "../output.ts"
import { stdoutColors, stdoutWidth } from "../terminal.ts"
import { UsageError } from "../usage.ts"

/** `pgsafe explain <rule>`. */
export function explainCommand(id: string): void {
  const rule = rules.find((candidate) => candidate.id === id)
  if (rule === undefined) {
    throw new UsageError(`unknown rule "${id}"${didYouMean(id, rules.map((known) => known.id))}; pgsafe rules lists them`)
  }
  stdout.write(explanation(rule))
}

function explanation({ id, severity, presets, docs }: Rule): string {
  const { bold } = stdoutColors("auto")
  const width = stdoutWidth()
  const sections = [
    ["What it reports", docs.what],
    ["Why it matters", docs.why],
    ["What to do instead", docs.instead],
    ["When it stays silent", docs.silent],
  ] as const
  const parts = [
    `${bold(id)} (${severity}; ${presets.join(", ")})`,
    wrap(docs.summary, width),
    ...sections.map(([title, text]) => `${bold(title)}\n${wrap(`  ${text}`, width, "  ")}`),
    ...(docs.references.length === 0 ? [] : [`${bold("See")}\n${docs.references.map((url) => `  ${url}`).join("\n")}`]),
  ]
  return `${parts.join("\n\n")}\n`
}
