/** Writes `docs/rules/` from the rules and their fixtures (`npm run generate`). */
import { rules } from "../rules/index.ts"
import type { ResultFinding, Rule } from "../src/index.ts"
import { casesOf, run, writeCase, type Case } from "../test/rules/fixture.ts"

/** Pages by file name. */
export function pages(): ReadonlyMap<string, string> {
  return new Map([["README.md", overview()], ...rules.map((rule) => [`${rule.id}.md`, page(rule)] as const)])
}

function overview(): string {
  const rows = rules.map(
    ({ id, severity, presets, docs }) =>
      `| [${id}](${id}.md) | ${severity} | ${presets.join(", ")} | ${docs.summary} |`,
  )
  return [
    "<!-- Written by scripts/generate-docs.ts. Do not edit. -->",
    "# Rules",
    "",
    "Rules are named by the hazard. `pgsafe explain <rule>` prints a page in the terminal.",
    "",
    "| Rule | Severity | Preset | Hazard |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n")
}

function page(rule: Rule): string {
  const cases = casesOf(rule.id)
  const firing = cases.filter(({ expected }) => expected.some((one) => one.rule === rule.id))
  const silent = cases.filter(({ expected }) => expected.length === 0)
  const { summary, what, why, instead, silent: when, references } = rule.docs
  return [
    "<!-- Written by scripts/generate-docs.ts. Do not edit. -->",
    `# ${rule.id}`,
    "",
    summary,
    "",
    `Severity: ${rule.severity}. Preset: ${rule.presets.join(", ")}.`,
    "",
    "## What it reports",
    "",
    what,
    "",
    "## Why",
    "",
    why,
    "",
    "## Do this instead",
    "",
    instead,
    "",
    ...stepsOf(rule, firing),
    "## When it stays silent",
    "",
    when,
    "",
    "## Examples",
    "",
    "Reported:",
    "",
    ...firing.flatMap((one) => example(rule, one)),
    "Not reported:",
    "",
    ...silent.flatMap((one) => example(rule, one)),
    ...(references.length === 0 ? [] : ["## See also", "", ...references.map((url) => `- <${url}>`), ""]),
  ].join("\n")
}

function example(rule: Rule, one: Case): string[] {
  const findings = run(rule.id, one, one.sql).findings.filter((finding) => finding.rule === rule.id)
  return [
    "```sql",
    writeCase(one, findings, null)
      .trimEnd()
      .replace(/^-- case: /, "-- "),
    "```",
    "",
  ]
}

/** The playbook's steps for the first case that has some. */
function stepsOf(rule: Rule, firing: readonly Case[]): string[] {
  for (const one of firing) {
    const finding = run(rule.id, one, one.sql).findings.find(
      (found) => found.rule === rule.id && found.steps.length > 0,
    )
    if (finding !== undefined) return ["For example, in place of", "", ...replaced(finding), ...steps(finding)]
  }
  return []
}

function replaced({ statement }: ResultFinding): string[] {
  return ["```sql", `${statement};`, "```", ""]
}

function steps({ steps: given }: ResultFinding): string[] {
  return given.flatMap((step, index) => [
    `${String(index + 1)}. **${step.deploy}**: ${step.title}${step.transaction ? "" : " (outside a transaction)"}`,
    "",
    ...(step.sql === ""
      ? []
      : [
          "   ```sql",
          ...step.sql
            .trimEnd()
            .split("\n")
            .map((line) => (line === "" ? "" : `   ${line}`)),
          "   ```",
          "",
        ]),
    ...(step.note === null ? [] : [`   ${step.note}`, ""]),
  ])
}
