import type { Column, ColumnType, Relation } from "../schema/catalog.ts"
import type { Copy } from "./copies.ts"
import type { Names } from "./names.ts"
import type { PlainName } from "./sql.ts"
import type { Step } from "./step.ts"

/** Columns taking over from others of the same table. */
export interface Takeover {
  readonly table: PlainName
  readonly relation: Relation
  readonly moves: readonly Move[]
  readonly names: Names
  /** Foreign keys and CHECKs that the new columns are not to have: they go when the old ones are given up. */
  readonly dropped?: readonly string[]
}

/** One column taking over from another. */
export interface Move {
  readonly column: Column
  readonly from: string
  readonly to: string
  /** The name of the new column in the end: `to`, or `from` where it takes the old one's place. */
  readonly final: string
  /** Of the new column. */
  readonly type: ColumnType
  /** The statement says what default it has, in the tables that inherit it as well. */
  readonly defaultGiven?: boolean
}

/** A table's part in it: that of the table itself, or that of one which inherits from it. */
export interface Share extends Takeover {
  /** The table that the columns come from, and those that inherit from it. */
  readonly tree: ReadonlySet<number>
  readonly moves: readonly SharedMove[]
}

export interface SharedMove extends Move {
  /** The column that this one inherits: what comes from there is carried there. */
  readonly parent: Column | null
}

/** Everything that stands on the old columns, built anew on the others without blocking: once for all columns that it stands on. */
export interface Carried {
  /** To be done while the columns of each pair are there and equal. */
  readonly steps: readonly Step[]
  /** Statements that give the new columns what inheriting tables have as defaults of their own, behind those for the table itself. */
  readonly defaults: readonly string[]
  /** Statements under the one lock in which the old columns are given up: before that, and after. */
  readonly release: readonly string[]
  readonly reattach: readonly string[]
  /** What is left to do after that. */
  readonly after: readonly Step[]
  /** Statements behind `release` that are needed where the old columns stay and nobody fills them any more: what would then refuse rows, or follow a row that is referenced no more. */
  readonly stale: readonly string[]
  /** What stands beside its original until that is gone. */
  readonly copies: readonly Copy[]
  /** Other tables that this locks. */
  readonly alsoLocked: readonly string[]
  /** What has to be done by hand, in words. */
  readonly byHand: readonly string[]
}

export const NOTHING: Carried = {
  steps: [],
  defaults: [],
  release: [],
  reattach: [],
  after: [],
  stale: [],
  copies: [],
  alsoLocked: [],
  byHand: [],
}

export function merge(parts: readonly Carried[]): Carried {
  return {
    steps: parts.flatMap((part) => part.steps),
    defaults: parts.flatMap((part) => part.defaults),
    release: parts.flatMap((part) => part.release),
    reattach: [...parts].reverse().flatMap((part) => part.reattach),
    after: parts.flatMap((part) => part.after),
    stale: parts.flatMap((part) => part.stale),
    copies: parts.flatMap((part) => part.copies),
    alsoLocked: [...new Set(parts.flatMap((part) => part.alsoLocked))],
    byHand: parts.flatMap((part) => part.byHand),
  }
}

/** What columns are called beside the old ones, or in the end. */
export function renamed(columns: readonly string[], moves: readonly Move[], name: "to" | "final"): string[] {
  return columns.map((column) => moves.find(({ from }) => from === column)?.[name] ?? column)
}

/** The same for expressions. */
export function newNames(moves: readonly Move[]): ReadonlyMap<string, string> {
  return new Map(moves.map(({ from, to }) => [from, to]))
}

/** The name of a copy: the original's with the other columns' names in it, or numbered. */
export function copyLabel(original: string, columns: readonly (string | null)[], { table, moves }: Takeover): string {
  const moved = moves.filter(({ from }) => columns.includes(from))
  const named = moved.filter(({ from }) => original.includes(from))
  const label =
    named.length === 0 ? `${original}_${moved[0]?.to ?? "new"}` : named.reduce((name, { from, to }) => name.replace(from, to), original)
  return label.startsWith(`${table.name}_`) ? label.slice(table.name.length + 1) : label
}

export function copyOf(table: PlainName, name: string, original: string): Copy {
  return { kind: "constraint", table, name, original, computes: false }
}

/** The step as a part of the deploy in which rows are filled. */
export function inMigrate(step: Step): Step {
  return { ...step, deploy: "migrate" }
}
