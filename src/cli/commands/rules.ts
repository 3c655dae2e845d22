import { rules } from "../../../rules/index.ts"
import { EXIT } from "../main.ts"

/** `pgsafe rules`: every rule with its severity, presets and summary. */
export function rulesCommand({ json = false }: { readonly json?: boolean }): number {
  if (json) {
    const list = rules.map(({ id, severity, presets, docs }) => ({ id, severity, presets, summary: docs.summary }))
    process.stdout.write(`${JSON.stringify(list, null, 2)}\n`)
    return EXIT.clean
  }
  const width = Math.max(...rules.map(({ id }) => id.length))
  for (const { id, severity, presets, docs } of rules) {
    const optIn = presets.includes("recommended") ? "" : ` (only with --select ${presets.join(" or ")})`
    process.stdout.write(`${id.padEnd(width)}  ${severity.padEnd(7)}  ${docs.summary}${optIn}\n`)
  }
  return EXIT.clean
}
