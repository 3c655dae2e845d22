/** What a schema builder's adapter sees of a call. */
import type { Node } from "../embedded/node.ts"
import type { Piece } from "./pieces.ts"
import { flagValue, listValue, objectValue, textValue, type Resolve } from "./values.ts"

export interface Call {
  readonly method: string
  readonly node: Node
  readonly arguments: readonly Node[]
  readonly resolve: Resolve
}

/** The statements that a call emits; null when its arguments do not tell. */
export type Emitted = readonly (readonly Piece[])[] | null

/** Values of the options of a call, each unknown where the code does not say it in so many words. */
export class Unknown extends Error {}

export interface Reader {
  /** A text that has to be there. */
  text(node: Node | undefined): string
  /** A text or a list of texts, each with its node. */
  texts(node: Node | undefined): readonly { readonly text: string; readonly node: Node }[]
  /** The properties of an object; none when there is no such argument. */
  options(node: Node | undefined): Options
}

export interface Options {
  readonly names: readonly string[]
  has(name: string): boolean
  node(name: string): Node | undefined
  text(name: string): string | null
  flag(name: string): boolean
}

/** Reads arguments. @throws {Unknown} when a value that matters is not in sight. */
export function readerOf({ resolve }: Pick<Call, "resolve">): Reader {
  const text = (node: Node | undefined): string => {
    const value = textValue(node ?? null, resolve)
    if (value === null) throw new Unknown()
    return value
  }
  return {
    text,
    texts(node) {
      const list = listValue(node ?? null, resolve) ?? (node === undefined ? [] : [node])
      return list.map((element) => ({ text: text(element), node: element }))
    },
    options(node) {
      const values = node === undefined ? new Map<string, Node>() : objectValue(node, resolve)
      if (values === null) throw new Unknown()
      return {
        names: [...values.keys()],
        has: (name) => values.has(name),
        node: (name) => values.get(name),
        text: (name) => (values.has(name) ? text(values.get(name)) : null),
        flag(name) {
          const value = values.get(name)
          if (value === undefined) return false
          const flag = flagValue(value, resolve)
          if (flag === null) throw new Unknown()
          return flag
        },
      }
    },
  }
}

/** The options, when all of them are known by name. @throws {Unknown} otherwise. */
export function only(options: Options, known: readonly string[]): Options {
  if (options.names.some((option) => !known.includes(option))) throw new Unknown()
  return options
}
