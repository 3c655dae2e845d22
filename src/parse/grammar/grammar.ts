import type { ParseResult } from "./tree.ts"
import type { GrammarExports } from "./host.ts"
import { codePointToUtf16 } from "../../source/text.ts"
import { instantiate } from "./host.ts"

export type ParseOutcome =
  /** `ascii`: every byte of the text is one UTF-16 unit, so that the tree's locations need no conversion. */
  | { readonly ok: true; readonly tree: ParseResult; readonly ascii: boolean }
  /** `message` is PostgreSQL's own; `position` is a UTF-16 offset into the parsed text. */
  | { readonly ok: false; readonly message: string; readonly position: number }

export type PlPgSqlOutcome =
  /** The tree of the function's body: embedded statements as text, line numbers only. */
  | { readonly ok: true; readonly tree: unknown }
  /** The body cannot be read: an opaque body, not a mistake of the user's. */
  | { readonly ok: false; readonly message: string }

export interface Grammar {
  /** Parses one or more statements. Never throws on bad input. */
  readonly parse: (sql: string) => ParseOutcome
  /** Parses the body of one complete `CREATE FUNCTION ... LANGUAGE plpgsql` or `DO` statement. */
  readonly parsePlPgSql: (sql: string) => PlPgSqlOutcome
}

/** One instance with its input buffer, reused from call to call. */
interface Session {
  readonly exports: GrammarExports
  bytes: Uint8Array
  words: Int32Array
  input: number
  capacity: number
  /** Bytes of the last input. */
  written: number
}

const FIRST_CAPACITY = 65_536
/** An instance that grew beyond this is not kept: WASM memory never shrinks. */
const KEPT_MEMORY = 268_435_456

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A grammar on the module of `load`. The instance is made on first use, and again after a failure that may have corrupted it. */
export function createGrammar(load: () => WebAssembly.Module): Grammar {
  let module: WebAssembly.Module | undefined
  let kept: Session | undefined

  // A stack overflow of JavaScript inside the module, or its own abort, leaves its memory in an unknown state.
  const run = <T>(call: (session: Session) => T, failed: (message: string) => T): T => {
    const session = (kept ??= open((module ??= load())))
    try {
      const outcome = call(session)
      if (session.exports.memory.buffer.byteLength > KEPT_MEMORY) kept = undefined
      return outcome
    } catch (thrown) {
      kept = undefined
      if (thrown instanceof RangeError) return failed("stack depth limit exceeded")
      if (thrown instanceof WebAssembly.RuntimeError) return failed("out of memory")
      throw thrown
    }
  }

  return {
    parse: (sql) => {
      if (sql.length === 0) return { ok: true, tree: {}, ascii: true }
      const nul = sql.indexOf("\0")
      if (nul >= 0) return { ok: false, message: NUL_MESSAGE, position: nul }
      return run(
        (session) => parseIn(session, sql),
        (message) => ({ ok: false, message, position: 0 }),
      )
    },
    parsePlPgSql: (sql) => {
      if (sql.includes("\0")) return { ok: false, message: NUL_MESSAGE }
      return run(
        (session) => parsePlPgSqlIn(session, sql),
        (message) => ({ ok: false, message }),
      )
    },
  }
}

/** What a server says of a NUL byte in UTF-8 text. The grammar itself would silently stop reading there. */
export const NUL_MESSAGE = 'invalid byte sequence for encoding "UTF8": 0x00'

function open(module: WebAssembly.Module): Session {
  const exports = instantiate(module)
  return { exports, bytes: new Uint8Array(0), words: new Int32Array(0), input: 0, capacity: 0, written: 0 }
}

/** Growth of the memory detaches every view of it. */
function refresh(session: Session): void {
  const buffer = session.exports.memory.buffer
  if (session.bytes.buffer === buffer) return
  session.bytes = new Uint8Array(buffer)
  session.words = new Int32Array(buffer)
}

function writeInput(session: Session, sql: string): number {
  const needed = sql.length * 3 + 1
  if (needed > session.capacity) {
    if (session.input !== 0) session.exports.free(session.input)
    session.capacity = Math.max(FIRST_CAPACITY, needed)
    session.input = session.exports.malloc(session.capacity)
    if (session.input === 0) throw new WebAssembly.RuntimeError("the grammar ran out of memory")
  }
  refresh(session)
  const start = session.input
  const { written } = encoder.encodeInto(sql, session.bytes.subarray(start, start + session.capacity))
  session.bytes[start + written] = 0
  session.written = written
  return start
}

function readText(session: Session, pointer: number): string {
  const end = session.bytes.indexOf(0, pointer)
  return decoder.decode(session.bytes.subarray(pointer, end))
}

function parseIn(session: Session, sql: string): ParseOutcome {
  const input = writeInput(session, sql)
  const result = session.exports.parseQuery(input)
  refresh(session)
  const words = session.words
  const tree = words[result >> 2] ?? 0
  const error = words[(result >> 2) + 2] ?? 0
  if (error !== 0) {
    const message = readText(session, words[error >> 2] ?? 0)
    // 1-based and in code points; 0 when PostgreSQL names no position.
    const cursor = words[(error >> 2) + 4] ?? 0
    session.exports.freeParseResult(result)
    return { ok: false, message, position: cursor > 0 ? codePointToUtf16(sql, cursor - 1) : 0 }
  }
  const json = readText(session, tree)
  session.exports.freeParseResult(result)
  // The grammar writes this JSON; its shape is the pinned build's.
  return { ok: true, tree: JSON.parse(json) as ParseResult, ascii: session.written === sql.length }
}

function parsePlPgSqlIn(session: Session, sql: string): PlPgSqlOutcome {
  const input = writeInput(session, sql)
  const result = session.exports.parsePlPgSql(input)
  refresh(session)
  const text = readText(session, result)
  session.exports.freeString(result)
  if (!text.startsWith("{")) return { ok: false, message: text }
  const tree: unknown = JSON.parse(text)
  return { ok: true, tree }
}
