/** Classes in the modules of a project, and what they derive from. */
import { argumentsAt, type Range } from "../expression.ts"
import { blockEnd, isSign, isWord, textOf, type Token } from "../tokens.ts"
import { lexPython } from "./lexer.ts"
import { pythonOf, type Python } from "./program.ts"

/** A module of the project. */
export interface PythonModule {
  readonly source: string
  /** It is the `__init__.py` of a folder. */
  readonly isPackage: boolean
}

/** The modules of a project by their names, as far as their files are in sight. */
export interface PythonModules {
  module(name: string): PythonModule | null
}

/** A class of a module. */
export interface PythonClass {
  readonly python: Python
  /** That of the module. */
  readonly text: string
  /** The paths of its bases, with all of their modules: `django.db.models.CharField`; null for one that cannot be followed. */
  readonly bases: readonly (string | null)[]
  /** The tokens behind its bases. */
  readonly body: Range
}

/** A class by its path; null for one that is not in sight, and for what is no class. Names that a module imports from others are followed. */
export function classAt(modules: PythonModules, path: string, depth = 0): PythonClass | null {
  const at = path.lastIndexOf(".")
  const [name, own] = [path.slice(0, Math.max(at, 0)), path.slice(at + 1)]
  const module = depth > DEEPEST ? null : modules.module(name)
  if (module === null) return null
  const python = pythonOf(lexPython(module.source))
  const { tokens } = python
  const start = tokens.findIndex((token, index) => isWord(token, "class") && isWord(tokens[index + 1], own))
  if (start < 0) {
    const next = python.imports.has(own) ? absoluteIn(python, own, name, module.isPackage) : null
    return next === null ? null : classAt(modules, next, depth + 1)
  }
  const { list, end } = isSign(tokens[start + 2], "(") ? argumentsAt(tokens, start + 2) : { list: [], end: start + 2 }
  const bases = list.map(({ from, to }) => absoluteIn(python, pathAt(tokens.slice(from, to)), name, module.isPackage))
  return { python, text: module.source, bases, body: { from: end, to: blockEnd(tokens, start, module.source) } }
}

const DEEPEST = 12

/** The full path of a name in a module: of one that is imported, or of the module's own class. */
function absoluteIn({ imports }: Python, name: string, module: string, isPackage: boolean): string | null {
  const [first = name, ...rest] = name.split(".")
  const path = [imports.get(first) ?? (rest.length === 0 && first !== "object" ? `${module}.${first}` : first), ...rest].join(".")
  const [dots = ""] = /^\.*/.exec(path) ?? []
  if (dots === "") return path
  // One point is the package that the module is in.
  const up = dots.length - (isPackage ? 1 : 0)
  const parts = module.split(".")
  return up > parts.length ? null : [...parts.slice(0, parts.length - up), path.slice(dots.length)].join(".")
}

/** `models.CharField`, and what stands in front of the bracket of `Generic[T]`. */
function pathAt(tokens: readonly Token[]): string {
  const end = tokens.findIndex((token) => isSign(token, "[") || isSign(token, "("))
  return tokens.slice(0, end < 0 ? undefined : end).map((token) => textOf(token) ?? "?").join("")
}

/** The tokens of a method, up to the next one. */
export function methodOf(tokens: readonly Token[], { from, to }: Range, name: string): Range | null {
  const start = tokens.findIndex((token, at) => at >= from && at < to && isWord(token, "def") && isWord(tokens[at + 1], name))
  if (start < 0) return null
  const next = tokens.findIndex((token, at) => at > start && at < to && isWord(token, "def"))
  return { from: start, to: next < 0 ? to : next }
}
