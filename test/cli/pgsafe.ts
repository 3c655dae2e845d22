/** Runs the built command line, as a user does. */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { onTestFinished } from "vitest"

export const CLI = fileURLToPath(new URL("../../dist/cli.cjs", import.meta.url))

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Situation {
  readonly cwd?: string
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
}

export function pgsafe(args: readonly string[], { cwd, input = "", env = {} }: Situation = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { cwd, input, env: plainEnvironment(env), encoding: "utf8" })
  return { code: status, stdout, stderr }
}

/** The environment without what changes the output on the machine that runs the tests. */
export function plainEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:NO_COLOR|FORCE_COLOR|GITHUB_ACTIONS|GITHUB_WORKSPACE|CI|TERM|NODE_.*)$/.test(name))
  return { ...Object.fromEntries(kept), ...more }
}

/** A folder with files, which goes away when the test is done. */
export function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), "pgsafe-test-"))
  onTestFinished(() => { rmSync(root, { recursive: true, force: true }) })
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}
