/** What statements that Rails makes have in common. */
import type { Arguments, Said } from "../arguments.ts"
import { named, type Part } from "../made.ts"
import { isTrue, textAt } from "./values.ts"

export type Statement = readonly Part[]

/** What the version of a migration decides. */
export interface Rails {
  /** That in `ActiveRecord::Migration[7.1]`. */
  readonly version: number
}

/** The first texts that are given; fewer where one is none. */
export function texts({ tokens, given }: Arguments, count: number): readonly Said[] {
  const all: Said[] = []
  for (const range of given.slice(0, count)) {
    const text = textAt(tokens, range)
    if (text === null) break
    all.push(text)
  }
  return all
}

export function alter(table: Said, action: readonly Part[]): Statement {
  return ["ALTER TABLE ", named(table), " ", ...action]
}

export function ifOption({ tokens, option }: Arguments, name: string, sql: string): string {
  return isTrue(tokens, option(name)) ? sql : ""
}
