/** What expressions in Elixir may stand for. */
import type { Range } from "../expression.ts"
import type { Run, Token } from "../tokens.ts"
import type { Lambda } from "./syntax.ts"

/** The tokens that say it; null for what stands elsewhere, as in the settings of the project. */
export type Place = Range | null

export type Value =
  /** Runs that are holes are not known. */
  | { readonly kind: "text"; readonly runs: readonly Run[]; readonly range: Place }
  /** `true`, `false` and `nil` are atoms, too. */
  | { readonly kind: "atom" | "number"; readonly text: string; readonly range: Place }
  | { readonly kind: "list" | "tuple" | "map"; readonly items: readonly Value[]; readonly range: Place }
  /** An entry of a keyword list or a map. */
  | { readonly kind: "pair"; readonly key: Value; readonly value: Value; readonly range: Place }
  /** A call of a function that is not the file's own: `references(:shops)`. */
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Value[]; readonly range: Place }
  | { readonly kind: "function"; readonly lambda: Lambda; readonly scope: Scope; readonly range: Place }
  | { readonly kind: "function of the file"; readonly name: string; readonly arity: number; readonly range: Place }
  | { readonly kind: "unknown"; readonly range: Place }

/** A clause of a function. */
export interface Clause {
  readonly tokens: readonly Token[]
  readonly parameters: readonly Range[]
  /** Behind its `when`. */
  readonly guard: Range | null
  /** It is there only under a condition. */
  readonly mayBePassed: boolean
  readonly body: Range
}

export interface Scope {
  readonly tokens: readonly Token[]
  /** The code is not that of the migration. */
  readonly isElsewhere: boolean
  /** Variables, and attributes with their `@`. */
  readonly names: ReadonlyMap<string, Value>
  /** The file's own, by name. */
  readonly functions: ReadonlyMap<string, readonly Clause[]>
  /** How many functions were entered. */
  readonly depth: number
}

export function placeOf({ isElsewhere }: Scope, range: Range): Place {
  return isElsewhere ? null : range
}

/** The entry of a map with an atom for its key. */
export function fieldOf(value: Value | null | undefined, name: string): Value | null {
  const items = value?.kind === "map" ? value.items : []
  return items.flatMap((item) => (item.kind === "pair" && item.key.kind === "atom" && item.key.text === name ? [item.value] : []))[0] ?? null
}

/** What runs say; null where some of it is not known. */
export function plain(runs: readonly Run[]): string | null {
  return runs.some(({ kind }) => kind === "hole") ? null : runs.map(({ value }) => value).join("")
}

/** A text, atom or number; null for what only running the code would tell, and for everything else. */
export function textIn(value: Value | null | undefined): string | null {
  if (value?.kind === "text") return plain(value.runs)
  return value?.kind === "atom" || value?.kind === "number" ? value.text : null
}

export function isNil(value: Value | null): boolean {
  return value?.kind === "atom" && value.text === "nil"
}

/** True or false; null for anything else. */
export function truthOf(value: Value | null): boolean | null {
  return value?.kind === "atom" && /^(?:true|false)$/.test(value.text) ? value.text === "true" : null
}

/** Named arguments. */
export interface Options {
  /** Null where it is not given. */
  option(name: string): Value | null
  /** Whether all of them are in sight. */
  readonly isWhole: boolean
}

/** @param values Entries, and lists of entries; what stands first counts. */
export function optionsOf(values: readonly Value[]): Options {
  const entries = values.flatMap((value) => (value.kind === "list" ? value.items : [value]))
  const pairs = entries.flatMap((one) => (one.kind === "pair" ? [one] : []))
  return {
    option: (name) => pairs.find(({ key }) => key.kind === "atom" && key.text === name)?.value ?? null,
    isWhole: pairs.length === entries.length && pairs.every(({ key }) => key.kind === "atom"),
  }
}

export const NO_OPTIONS: Options = { option: () => null, isWhole: true }

/** All texts in a value: what it may name. */
export function wordsIn(value: Value): readonly string[] {
  switch (value.kind) {
    case "text":
    case "atom":
    case "number": {
      const text = textIn(value)
      return text === null ? [] : [text]
    }
    case "list":
    case "tuple":
    case "map":
      return value.items.flatMap(wordsIn)
    case "pair":
      return [...wordsIn(value.key), ...wordsIn(value.value)]
    case "call":
      return value.args.flatMap(wordsIn)
    default:
      return []
  }
}
