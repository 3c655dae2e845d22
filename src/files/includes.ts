/**
 * Puts a migration together with the files that it includes, in the tool's own way: `\i` and `\ir` of psql, `--!include` of Graphile
 * Migrate, shared templates of tern.
 */
import { lex } from "../source/lexer.ts"
import { TokenKind } from "../source/tokens.ts"
import type { Span } from "../source/span.ts"
import type { FrameworkId } from "./frameworks/index.ts"
import { absolute, join, parent, relative } from "./paths.ts"
import type { ProjectFiles } from "./types.ts"

/** Where a stretch of the whole text comes from. */
export interface IncludedPart {
  /** In the whole text. */
  readonly start: number
  readonly end: number
  /** As the migration's path is given: relative to the current folder when it is below that. */
  readonly file: string
  /** Where the stretch begins in that file. */
  readonly from: number
}

/** A file that cannot be included. */
export interface IncludeProblem extends Span {
  /** The file that asks for it; the span is in there. */
  readonly file: string
  readonly message: string
  /** The file may be there when the migration runs: nothing is wrong with it for certain. */
  readonly unsure: boolean
}

export interface Composition {
  readonly text: string
  /** In the order of the text; what belongs to no part stands nowhere. */
  readonly parts: readonly IncludedPart[]
  /** Absolute paths of what is included. */
  readonly included: ReadonlySet<string>
  readonly problems: readonly IncludeProblem[]
  /** The texts of all files, by their names in `parts`. */
  readonly texts: ReadonlyMap<string, string>
}

/** What the composition has to know about the migration's project. */
export interface IncludeProject {
  readonly framework: FrameworkId
  /** The tool hands files to psql, or nobody knows that it does not. */
  readonly isPsql: boolean
  /** The folder of migrations, absolute. */
  readonly root: string
  /** Folders that a path may be relative to when psql is not started in the current one, nearest first. */
  readonly above: readonly string[]
}

/** A request to include a file, as it stands in a text. */
interface Request extends Span {
  /** As written. */
  readonly written: string
  /** Candidates, the likeliest first; none when only running the script would tell. */
  readonly paths: readonly string[]
  /** Where the message points. */
  readonly place: Span
  /** It stands between `\if` and `\endif`. */
  readonly conditional: boolean
}

const PSQL = /(?:^|\n)[^\n]*?\\(?:i|ir|include|include_relative)[ \t]/
const GRAPHILE = /^--![ \t]*include[ \t]+(.*\.sql)[ \t]*\r?$/gm
const TERN = /\{\{-?\s*template\s+"([^"\n]+)"[^}\n]*\}\}/g

const DEEPEST = 20

/** Whether a text asks for other files at all. */
export function includesOthers(text: string, { framework, isPsql }: Pick<IncludeProject, "framework" | "isPsql">): boolean {
  if (framework === "graphile-migrate") return text.includes("--!") && text.search(GRAPHILE) >= 0
  if (framework === "tern") return text.includes("{{") && text.search(TERN) >= 0
  return isPsql && text.includes("\\i") && PSQL.test(text)
}

/**
 * The text of a migration with everything that it includes.
 *
 * @param path The migration as the caller names it.
 */
export function compose(path: string, text: string, project: IncludeProject, files: ProjectFiles): Composition {
  const out = { text: "", parts: [] as IncludedPart[], problems: [] as IncludeProblem[], included: new Set<string>(), texts: new Map([[path, text]]) }
  const variables = new Map<string, string>()

  const add = (file: string, source: string, from: number, to: number): void => {
    if (to <= from) return
    out.parts.push({ start: out.text.length, end: out.text.length + to - from, file, from })
    out.text += source.slice(from, to)
  }

  const expand = (file: string, source: string, trail: readonly string[]): void => {
    let copied = 0
    const full = absolute(file, files.cwd)
    for (const request of requestsOf(source, full, project, files, variables)) {
      const fail = (message: string, unsure: boolean): void => {
        out.problems.push({ file, ...request.place, message, unsure: unsure || request.conditional })
      }
      if (request.paths.length === 0) {
        fail(`${request.written} is not followed: only running the script tells which file it is`, true)
        continue
      }
      const found = request.paths.find((candidate) => files.exists(candidate))
      if (found === undefined) {
        fail(`there is no file ${request.written} to include${lookedIn(request, files.cwd)}`, !isInside(request.paths, project, files))
        continue
      }
      if (trail.includes(found) || trail.length > DEEPEST) {
        fail(`${relative(found, files.cwd)} includes itself, by way of ${[...trail, found].map((one) => relative(one, files.cwd)).join(", ")}`, false)
        continue
      }
      if (!isInside([found], project, files)) {
        fail(`${request.written} is not followed: it lies outside of the project`, true)
        continue
      }
      const included = files.read(found)
      if (included === undefined) {
        fail(`${relative(found, files.cwd)} cannot be read`, false)
        continue
      }
      const name = relative(found, files.cwd)
      out.included.add(found)
      out.texts.set(name, included)
      add(file, source, copied, request.start)
      const plain = included.charCodeAt(0) === 0xfeff ? included.slice(1) : included
      if (plain !== included) out.texts.set(name, plain)
      out.text += project.framework === "tern" ? "" : "\n"
      expand(name, plain, [...trail, found])
      // At the end of a file psql sends what has no semicolon yet.
      out.text += project.isPsql ? "\n;\n" : project.framework === "tern" ? "" : "\n"
      copied = request.end
    }
    add(file, source, copied, source.length)
  }

  expand(path, text, [absolute(path, files.cwd)])
  return out
}

function lookedIn({ paths }: Request, cwd: string): string {
  const folders = [...new Set(paths.map((path) => relative(parent(path), cwd)))]
  return ` (looked in ${folders.slice(0, 3).join(", ")})`
}

/** Whether a file would lie in the repository, so that it has to be there. */
function isInside(paths: readonly string[], { above }: IncludeProject, { cwd }: ProjectFiles): boolean {
  const top = above.at(-1) ?? cwd
  return paths.some((path) => path.startsWith(`${top}/`) || path.startsWith(`${cwd}/`))
}

function requestsOf(text: string, full: string, project: IncludeProject, files: ProjectFiles, variables: Map<string, string>): readonly Request[] {
  if (project.framework === "graphile-migrate") {
    return matches(text, GRAPHILE).map(({ start, end, written, place }) => {
      return { start, end, written, place, paths: [absolute(join(fixturesOf(project.root), written), files.cwd)], conditional: false }
    })
  }
  if (project.framework === "tern") {
    return matches(text, TERN).map(({ start, end, written, place }) => ({ start, end, written, place, paths: [join(project.root, written)], conditional: false }))
  }
  return includesOthers(text, project) || text.includes("\\set") ? psqlRequests(text, full, project, files, variables) : []
}

/** Graphile Migrate keeps what is included beside `committed` and `current`. */
function fixturesOf(root: string): string {
  return join(root, "fixtures")
}

function matches(text: string, pattern: RegExp): { readonly start: number; readonly end: number; readonly written: string; readonly place: Span }[] {
  return [...text.matchAll(pattern)].map((match) => {
    const written = match[1] ?? ""
    const at = match.index + match[0].indexOf(written)
    return { start: match.index, end: match.index + match[0].length, written, place: { start: at, end: at + written.length } }
  })
}

/** Also what stands in quotes behind other commands: it is text. */
const COMMAND = /'(?:[^'\\]|''|\\.)*'|\\(ir|include_relative|include|i|set|unset|if|endif|gset)(?![\w])[ \t]*(?:'((?:[^'\\]|''|\\.)*)'|([^\s\\]*))(?:[ \t]+(?:'((?:[^'\\]|''|\\.)*)'|([^\s\\]+)))?/g

/** The commands of psql that stand in the text as commands: not in quotes, comments or COPY data. */
function psqlRequests(text: string, full: string, { above }: IncludeProject, { cwd }: ProjectFiles, variables: Map<string, string>): readonly Request[] {
  const tokens = lex(text)
  const requests: Request[] = []
  let depth = 0
  for (let index = 0; index < tokens.count; index += 1) {
    if (tokens.kinds[index] !== TokenKind.metaCommand) continue
    const [start, end] = [tokens.starts[index] ?? 0, tokens.ends[index] ?? 0]
    for (const match of text.slice(start, end).matchAll(COMMAND)) {
      const [whole, command = "", quoted, plain, secondQuoted, second] = match
      const argument = quoted?.replaceAll("''", "'") ?? plain ?? ""
      if (command === "if") depth += 1
      else if (command === "endif") depth -= 1
      else if (command === "set") variables.set(argument, secondQuoted ?? second ?? "")
      else if (command === "unset") variables.delete(argument)
      else if (command !== "gset" && argument !== "") {
        const from = start + match.index
        const place = { start: from, end: from + whole.trimEnd().length }
        const target = quoted === undefined ? substituted(argument, variables) : argument
        const bases = command === "i" || command === "include" ? [cwd, ...above, parent(full)] : [parent(full)]
        const paths = target === null ? [] : /^(?:\/|[A-Za-z]:)/.test(target) ? [target] : [...new Set(bases.map((base) => absolute(target, base)))]
        requests.push({ start: from, end: from + whole.length, written: argument, paths, place, conditional: depth > 0 })
      }
    }
  }
  return requests
}

/** A path with its variables replaced; null when one of them is set elsewhere. */
function substituted(path: string, variables: ReadonlyMap<string, string>): string | null {
  if (path.includes("`")) return null
  let known = true
  const result = path.replace(/:(?:'(\w+)'|"(\w+)"|(\w+)|\{\?\w+\})/g, (_, single?: string, double?: string, bare?: string) => {
    const value = variables.get(single ?? double ?? bare ?? "")
    if (value === undefined) known = false
    return value ?? ""
  })
  return known ? result : null
}
