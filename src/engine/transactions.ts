import { contextOf } from "../files/context.ts"
import type { Runner, SelfDetection, Unit } from "../files/types.ts"
import type { Statement } from "../parse/operation.ts"
import { fill } from "./message.ts"
import type { TransactionContext } from "./transaction.ts"

/** What a unit leaves open to the next one, where a tool sends them over one connection within one transaction. */
export interface Left {
  /** BEGIN that no statement has ended yet. */
  readonly block: TransactionContext | null
  /** Whether a COMMIT or ROLLBACK has ended the transaction that the tool opened. */
  readonly ended: boolean
}

/**
 * The transaction of every statement of one unit.
 *
 * @param nextId Gives numbers that no other transaction has.
 * @param shared The number of the transaction that a tool opens for all pending files.
 * @param before What the units before it in that transaction have left.
 */
export function transactionsOf(
  unit: Pick<Unit, "wrap" | "send" | "why" | "offSwitch">,
  statements: readonly Statement[],
  runner: Runner | null,
  text: (statement: Statement) => string,
  nextId: () => number,
  shared: number,
  before: Left = { block: null, ended: false },
): { readonly contexts: readonly TransactionContext[]; readonly left: Left } {
  const detects = runner?.detects
  const fallback = fallbackOf(runner, statements, text)
  const { send, why } = fallback ?? unit
  const tool = contextOf({ wrap: unit.wrap, send, why }, statements.length)
  const offSwitch = runner === null ? null : (unit.offSwitch?.how ?? runner.offSwitch.how)
  const standalone = ranOutside(detects, statements, text)

  /** What a statement outside an explicit block gets. */
  const outer = (id: number): TransactionContext => {
    switch (tool.kind) {
      case "file":
        return { kind: "wrapped", why: tool.why, offSwitch, id }
      case "all pending files":
        return { kind: "all pending files", why: tool.why, offSwitch, id }
      case "implicit (one message)":
      case "pipeline":
        return { kind: "implicit", why: tool.why, offSwitch, id }
      case "unknown":
        return { kind: "unknown", why: tool.why, offSwitch, id }
      case "autocommit":
        return { kind: "autocommit", why: tool.why, offSwitch, id }
    }
  }

  /** What a statement gets behind a COMMIT that ended the tool's transaction: several in one message are one transaction again. */
  const after = (id: number): TransactionContext => {
    const ended = "an earlier COMMIT ended the tool's transaction"
    const isAlone = contextOf({ wrap: "none", send, why }, statements.length).kind === "autocommit"
    const again = `${ended}, but statements in one message are one transaction again`
    return { kind: isAlone ? "autocommit" : "implicit", why: isAlone ? ended : again, offSwitch: null, id }
  }

  let { block, ended } = before
  let around = ended ? after(nextId()) : outer(tool.kind === "all pending files" ? shared : nextId())
  const contexts = statements.map((statement, index): TransactionContext => {
    const op = statement.operations[0]?.op
    if (op === "begin" && block === null && !isWrapped(around)) {
      block = { kind: "explicit block", why: "BEGIN opens a transaction block", offSwitch: null, id: nextId() }
      return block
    }
    if (op === "commit" || op === "rollback" || op === "prepare transaction") {
      const closed: TransactionContext = block ?? around
      const isChained = statement.operations.some((operation) => "chain" in operation && operation.chain)
      if (block !== null) block = isChained ? { ...block, why: "AND CHAIN opens another transaction block", id: nextId() } : null
      // The tool's own COMMIT ends what AND CHAIN has opened.
      else if (isWrapped(around) && isChained) around = { ...around, id: nextId() }
      // A COMMIT written in the file ends the transaction that the tool opened; what follows runs without one.
      else if (isWrapped(around)) {
        ended = true
        around = after(nextId())
      } else around = ended ? after(nextId()) : outer(nextId())
      return closed
    }
    if (block !== null) return block
    if (standalone.has(index)) {
      const own: TransactionContext = { kind: "autocommit", why: detects?.why ?? around.why, offSwitch: null, id: nextId() }
      if (detects?.effect === "statement alone") around = outer(nextId())
      return own
    }
    if (around.kind !== "autocommit") return around
    const { kind, why, offSwitch } = around
    return { kind, why, offSwitch, id: nextId() }
  })
  return { contexts, left: { block, ended } }
}

/** Whether statements of the transaction see each other's locks until it ends. */
function isWrapped(context: TransactionContext): boolean {
  return context.kind === "wrapped" || context.kind === "all pending files"
}

/** How the tool sends the unit when one of its statements does not allow the usual way; the reason names that statement. */
function fallbackOf(
  runner: Runner | null,
  statements: readonly Statement[],
  text: (statement: Statement) => string,
): Pick<Unit, "send" | "why"> | null {
  const fallback = runner?.fallback
  if (fallback === undefined) return null
  for (const statement of statements) {
    const pattern = fallback.patterns.find((one) => one.test(text(statement)))
    if (pattern === undefined) continue
    return { send: fallback.send, why: fill(fallback.why, { statement: openingWords(text(statement)) }) }
  }
  return null
}

/** Enough of a statement to find it by. */
function openingWords(statement: string): string {
  return statement.split(/\s+/, 4).join(" ").replace(/[;(].*$/, "").trim()
}

/** Positions of the statements that the tool runs outside its transaction by itself. */
function ranOutside(
  detects: SelfDetection | undefined,
  statements: readonly Statement[],
  text: (statement: Statement) => string,
): ReadonlySet<number> {
  const found = new Set<number>()
  if (detects === undefined) return found
  for (const [index, statement] of statements.entries()) {
    if (matches(detects.patterns, text(statement))) found.add(index)
  }
  // A tool that decides by the whole file runs a mixed one inside its transaction (or refuses it).
  if (detects.effect === "whole file" && found.size < statements.length) found.clear()
  return found
}

function matches(patterns: readonly RegExp[], text: string): boolean {
  return patterns.some((pattern) => pattern.test(text))
}
