import { readFileSync } from "node:fs"
import type { ResultError } from "../engine/result.ts"
import { decodeSql } from "../files/decode.ts"
import { parseFile, type ParsedFile } from "../parse/index.ts"
import { reason } from "../files/reason.ts"
import { orError } from "./internal-error.ts"

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
export function parseTask(task: Task): TaskResult {
  const { path } = task
  const read = readTask(task)
  if ("error" in read) return { path, ...read }
  const parsed = orError(path, () => parseFile(read.text))
  return "message" in parsed ? { path, error: parsed } : { path, sql: read.text, parsed }
}

/** Reads and decodes one file. */
export function readTask({ path, bytes }: Task): { readonly text: string } | { readonly error: ResultError } {
  let content: Uint8Array
  try {
    content = bytes ?? readFileSync(path)
  } catch (error) {
    return { error: { file: path, message: `cannot read the file: ${reason(error)}` } }
  }
  const decoded = decodeSql(content)
  return "message" in decoded ? { error: { file: path, ...decoded } } : { text: decoded.text }
}
