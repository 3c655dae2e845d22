import { fstatSync } from "node:fs"
import { createColors, type Colors } from "../report/colors.ts"

export const COLOR_CHOICES = ["auto", "always", "never"] as const

/** What the user said about colour. */
export type ColorChoice = (typeof COLOR_CHOICES)[number]

/** Whether to colour standard output: the flag wins, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal. */
function wantsColor(choice: ColorChoice, terminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (choice !== "auto") return choice === "always"
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false
  const forced = env["FORCE_COLOR"]
  if (forced !== undefined) return forced !== "0" && forced !== "false"
  return terminal && env["TERM"] !== "dumb"
}

export function stdoutColors(choice: ColorChoice): Colors {
  return createColors(wantsColor(choice, isTerminal(), process.env))
}

/** The width to fill: the terminal's, 40 to 100; 80 when there is none. */
export function stdoutWidth(): number {
  return isTerminal() ? Math.max(40, Math.min(process.stdout.columns, 100)) : 80
}

/** `process.stdout` takes milliseconds to set up, so it is only asked when a look at the file does not tell. */
function isTerminal(): boolean {
  return fstatSync(1).isCharacterDevice() && process.stdout.isTTY
}
