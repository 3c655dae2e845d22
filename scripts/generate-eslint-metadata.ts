/** Writes what the ESLint plugin has to know of the rules before it loads them (`npm run generate`). */
import type { Rule } from "../src/engine/rule.ts"

/** The text of `src/eslint/metadata.ts`. */
export function eslintMetadata(rules: readonly Rule[]): string {
  return [
    "// Written by scripts/generate-eslint-metadata.ts. Do not edit.",
    "",
    "/** What ESLint asks of a rule that it does not run yet. */",
    "export interface RuleFacts {",
    "  readonly id: string",
    '  readonly severity: "error" | "warning"',
    "  readonly presets: readonly string[]",
    "  readonly summary: string",
    "  /** The first page that the rule refers to. */",
    "  readonly page: string | null",
    "}",
    "",
    "export const RULES: readonly RuleFacts[] = [",
    ...rules.filter(({ atEnd }) => atEnd !== true).flatMap(({ id, severity, presets, docs: { summary, references } }) => [
      "  {",
      `    id: ${JSON.stringify(id)},`,
      `    severity: ${JSON.stringify(severity)},`,
      `    presets: [${presets.map((preset) => JSON.stringify(preset)).join(", ")}],`,
      `    summary: ${JSON.stringify(summary)},`,
      `    page: ${JSON.stringify(references[0] ?? null)},`,
      "  },",
    ]),
    "]",
    "",
  ].join("\n")
}
