import { wrap } from "../../report/text.ts"
import { rules } from "../../../rules/index.ts"
import { stdout } from "../output.ts"
import { stdoutColors, stdoutWidth } from "../terminal.ts"

/** `pgsafe rules`: every rule with its severity, presets and summary. */
export function rulesCommand({ json = false }: { readonly json?: boolean }): void {
  if (json) {
    const list = rules.map(({ id, severity, presets, docs }) => ({ id, severity, presets, summary: docs.summary }))
    stdout.write(`${JSON.stringify(list, null, 2)}\n`)
    return
  }
  const { bold, red, yellow } = stdoutColors("auto")
  const width = stdoutWidth()
  for (const { id, severity, presets, docs } of rules) {
    const optIn = presets.includes("recommended") ? "" : ` (only with --select ${presets.join(" or ")})`
    const paint = severity === "error" ? red : yellow
    stdout.write(`${bold(id)} ${paint(severity)}${optIn}\n${wrap(`  ${docs.summary}`, width, "  ")}\n`)
  }
}
