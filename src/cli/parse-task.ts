import { readFileSync } from "node:fs"
import type { ResultError } from "../engine/result.ts"
import { decodeSql } from "../files/decode.ts"
import { parseFile, type ParsedFile } from "../parse/index.ts"

/** One file to read and parse. */
export interface Task {
  readonly path: string
  /** The content, when it does not come from the disk. */
  readonly bytes?: Uint8Array
}

export type TaskResult =
  | { readonly path: string; readonly sql: string; readonly parsed: ParsedFile }
  | { readonly path: string; readonly error: ResultError }

/** Reads, decodes and parses one file. Never throws: what goes wrong with a file is the file's result. */
export function parseTask({ path, bytes }: Task): TaskResult {
  let content: Uint8Array
  try {
    content = bytes ?? readFileSync(path)
  } catch (error) {
    return { path, error: { file: path, message: `cannot read the file: ${reason(error)}` } }
  }
  const decoded = decodeSql(content)
  if ("message" in decoded) return { path, error: { file: path, ...decoded } }
  return { path, sql: decoded.text, parsed: parseFile(decoded.text) }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = "code" in error && typeof error.code === "string" ? error.code : ""
  return { EACCES: "permission denied", EISDIR: "it is a directory", ENOENT: "there is no such file" }[code] ?? error.message
}
