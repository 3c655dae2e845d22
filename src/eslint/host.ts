/**
 * The part of ESLint's API that the plugin uses, in types of our own: the plugin works with ESLint 8.57, 9 and 10, whose
 * types differ, and must compile for users who have none of them.
 */

/** 1-based line, 0-based column. */
export interface Location {
  readonly line: number
  readonly column: number
}

export interface SourceCode {
  readonly text: string
  readonly ast: object
  getLocFromIndex(index: number): Location
  /** The scope around a node; only for code. */
  getScope?(node: object): unknown
}

export interface Fixer {
  replaceTextRange(range: [number, number], text: string): unknown
}

export interface Descriptor {
  readonly messageId: string
  readonly data: Readonly<Record<string, string>>
  readonly loc: { readonly start: Location; readonly end: Location }
  readonly fix?: (fixer: Fixer) => unknown
  readonly suggest?: readonly {
    readonly messageId: string
    readonly data: Readonly<Record<string, string>>
    readonly fix: (fixer: Fixer) => unknown
  }[]
}

export interface RuleContext {
  readonly sourceCode: SourceCode
  readonly filename: string
  readonly cwd: string
  readonly settings: Readonly<Record<string, unknown>>
  report(descriptor: Descriptor): void
}

export interface RuleModule {
  readonly meta: {
    readonly type: "problem" | "suggestion"
    readonly docs: { readonly description: string; readonly url: string; readonly recommended: boolean }
    readonly fixable?: "code"
    readonly hasSuggestions?: boolean
    readonly schema: []
    readonly messages: Readonly<Record<string, string>>
  }
  /** Takes a `RuleContext`. Each version of ESLint has a type of its own for it, and `never` stands for all of them. */
  create(context: never): Readonly<Record<string, (node: object) => void>>
}
