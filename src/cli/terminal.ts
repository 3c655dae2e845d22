import picocolors from "picocolors"
import type { Colors } from "../report/colors.ts"

/** What the user said about colour. */
export type ColorChoice = "auto" | "always" | "never"

/** Whether to colour what goes to `stream`: the flag wins, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal. */
export function wantsColor(choice: ColorChoice, stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (choice !== "auto") return choice === "always"
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false
  const forced = env["FORCE_COLOR"]
  if (forced !== undefined) return forced !== "0" && forced !== "false"
  return stream.isTTY === true && env["TERM"] !== "dumb"
}

export function colorsFor(choice: ColorChoice, stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Colors {
  return picocolors.createColors(wantsColor(choice, stream, env))
}

/** The width to fill: the terminal's, at most 100; 80 when there is none. */
export function widthOf(stream: { readonly columns?: number }): number {
  return Math.max(40, Math.min(stream.columns ?? 80, 100))
}
