/** The language `pgsafe/sql` of ESLint 9 and later. */
import { createLineMap } from "../source/text.ts"
import { commentsOf, locator, type Comment } from "./comments.ts"
import type { Location } from "./host.ts"
import { SQL_FILE } from "./report.ts"

/** The type of the one node of a SQL file. Not `Program`, for which rules for JavaScript would look into it. */
export const SQL_ROOT = "SqlFile"

interface SqlFile {
  readonly type: typeof SQL_ROOT
  readonly language: typeof SQL_FILE
  readonly range: [number, number]
  readonly loc: Comment["loc"]
}

type DirectiveType = "disable" | "enable" | "disable-line" | "disable-next-line"

interface Directive {
  readonly type: DirectiveType
  readonly node: Comment
  readonly value: string
  readonly justification: string
}

/** A file as ESLint hands it over: the text without its byte order mark. */
interface File {
  readonly body: unknown
  readonly bom: boolean
}

interface Placed {
  readonly range: [number, number]
  readonly loc: Comment["loc"]
}

export const sqlLanguage = {
  fileType: "text" as const,
  lineStart: 1 as const,
  columnStart: 0 as const,
  nodeTypeKey: "type",
  visitorKeys: { [SQL_ROOT]: [] },
  // Some rules for JavaScript look for these.
  defaultLanguageOptions: { parserOptions: {}, globals: {} },

  // Configurations without `files` give SQL files the options of JavaScript, too. They mean nothing here, and do no harm.
  validateLanguageOptions: (): void => undefined,

  parse: (file: File) => ({ ok: true as const, ast: rootOf(textOf(file)) }),

  createSourceCode: (file: File) => createSqlSourceCode(textOf(file), file.bom),
}

function rootOf(text: string): SqlFile {
  const locate = locator(createLineMap(text))
  return { type: SQL_ROOT, language: SQL_FILE, range: [0, text.length], loc: { start: locate(0), end: locate(text.length) } }
}

function textOf({ body }: File): string {
  return typeof body === "string" ? body : new TextDecoder().decode(body instanceof Uint8Array ? body : new Uint8Array())
}

function createSqlSourceCode(text: string, hasBOM: boolean) {
  const ast = rootOf(text)
  const lines = createLineMap(text)
  const locate = locator(lines)
  let comments: Comment[] | undefined
  const directives = (): Comment[] => (comments ??= commentsOf(text, locate))
  return {
    text,
    ast,
    hasBOM,
    lines: text.split(/\r\n|[\r\n]/),
    visitorKeys: sqlLanguage.visitorKeys,
    getText: (node?: Placed, before = 0, after = 0) => (node === undefined ? text : text.slice(Math.max(0, node.range[0] - before), node.range[1] + after)),
    getLines: () => text.split(/\r\n|[\r\n]/),
    getLoc: (node: Placed) => node.loc,
    getRange: (node: Placed) => node.range,
    getParent: () => undefined,
    getAncestors: () => [],
    getLocFromIndex: locate,
    getIndexFromLoc: ({ line, column }: Location) => lines.lineStart(line) + column,
    traverse: () => [
      { kind: 1 as const, target: ast, phase: 1 as const, args: [ast] },
      { kind: 1 as const, target: ast, phase: 2 as const, args: [ast] },
    ],
    getInlineConfigNodes: directives,
    getDisableDirectives: () => ({ problems: [], directives: directives().flatMap(directiveOf) }),
    ...FOR_RULES_OF_JAVASCRIPT,
  }
}

/** `-- eslint-disable-next-line pgsafe/rule -- reason` */
function directiveOf(node: Comment): Directive[] {
  const [, type, value = "", justification = ""] = /^\s*eslint-(disable(?:-next-line|-line)?|enable)(?![\w-])([\s\S]*?)(?:\s-{2,}\s([\s\S]*))?$/.exec(node.value) ?? []
  return !isDirectiveType(type) ? [] : [{ type, node, value: value.trim(), justification: justification.trim() }]
}

const NO_SCOPE = { type: "global", isStrict: true, upper: null, block: null, set: new Map(), variables: [], references: [], through: [], childScopes: [] } as const

function isDirectiveType(text: string | undefined): text is DirectiveType {
  return text === "disable" || text === "enable" || text === "disable-line" || text === "disable-next-line"
}

/** What rules for JavaScript ask for before they look at a node; configurations without `files` turn them on for every file. */
const FOR_RULES_OF_JAVASCRIPT = {
  parserServices: {},
  scopeManager: null,
  isESTree: false,
  getAllComments: () => [],
  getScope: () => NO_SCOPE,
  getCommentsBefore: () => [],
  getCommentsAfter: () => [],
  getCommentsInside: () => [],
} as const
