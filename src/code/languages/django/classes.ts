/** What the fields of a project and of packages derive from: classes of Django, whose columns they have unless they say otherwise. */
import { argumentsAt } from "../expression.ts"
import { lexPython } from "../python.ts"
import { blockEnd, isSign, isWord, textOf, type Token } from "../tokens.ts"
import { pythonOf, type Python } from "./python.ts"

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

/** The path of the class that a field derives from; null where nobody knows, or its column is not that of this class. */
export type BaseOf = (path: string) => string | null

export const DJANGO = /^django\.(?:contrib\.gis\.)?db\.models(?:\.\w+)*\.\w+$/
export const CONTRIB = /^django\.contrib\.postgres\.(?:fields|search)(?:\.\w+)*\.\w+$/

/** Classes whose empty value is not an empty text. */
export const NO_EMPTY_TEXT = /^(?:Auto|BigAuto|SmallAuto|Boolean|NullBoolean|Date|DateTime|Decimal|Duration|Float|GenericIPAddress|UUID|Time|JSON|Array|HStore|(?:\w*)Integer|\w+Range|ForeignKey|OneToOne)(?:Field)?$/
/** Options without which a column is the same. */
const OF_FORMS = /^(?:editable|choices|verbose_name|help_text|validators)$/

/** Fields of packages whose columns are those of Django's fields. Source: the classes themselves, by their module. */
const PACKAGES: Readonly<Record<string, string>> = {
  "django_countries.fields.CountryField": "CharField",
  "django_extensions.db.fields.CreationDateTimeField": "DateTimeField",
  "django_extensions.db.fields.ModificationDateTimeField": "DateTimeField",
  "model_utils.fields.AutoCreatedField": "DateTimeField",
  "model_utils.fields.AutoLastModifiedField": "DateTimeField",
  "model_utils.fields.MonitorField": "DateTimeField",
  "model_utils.fields.SplitField": "TextField",
  "model_utils.fields.StatusField": "CharField",
  "modelcluster.fields.ParentalKey": "ForeignKey",
  "modelcluster.fields.ParentalManyToManyField": "ManyToManyField",
  "mptt.fields.TreeForeignKey": "ForeignKey",
  "mptt.fields.TreeManyToManyField": "ManyToManyField",
  "mptt.fields.TreeOneToOneField": "OneToOneField",
  "phonenumber_field.modelfields.PhoneNumberField": "CharField",
  // It has a model of its own between the two.
  "taggit.managers.TaggableManager": "ManyToManyField",
  "timezone_field.fields.TimeZoneField": "CharField",
  "wagtail.core.fields.RichTextField": "TextField",
  "wagtail.fields.RichTextField": "TextField",
}

/** Methods and attributes with which a field says what its column is. */
const COLUMN = /^(?:db_type|db_type_suffix|rel_db_type|db_parameters|db_check|get_attname|get_attname_column|set_attributes_from_name|empty_strings_allowed)$/
/** Classes that say nothing of a column. */
const NEUTRAL = /^(?:object|typing\.\w+|abc\.ABC)$/
const DEEPEST = 12
/** A class without a column of its own. */
const MIXIN = ""

const known = new WeakMap<PythonModules, Map<string, string | null>>()

/** @param modules Null: only packages are known. */
export function baseIn(modules: PythonModules | null): BaseOf {
  if (modules === null) return ofPackage
  const bases = known.get(modules) ?? new Map<string, string | null>()
  known.set(modules, bases)
  return (path) => {
    const base = bases.has(path) ? bases.get(path) : resolve(modules, path, 0)
    bases.set(path, base ?? null)
    return base === MIXIN ? null : (base ?? null)
  }
}

function ofPackage(path: string): string | null {
  const name = Object.hasOwn(PACKAGES, path) ? PACKAGES[path] : undefined
  return name === undefined ? null : `django.db.models.${name}`
}

/** What a class derives from, as far as its modules tell. */
function resolve(modules: PythonModules, path: string, depth: number): string | null {
  if (DJANGO.test(path) || CONTRIB.test(path)) return path
  if (NEUTRAL.test(path)) return MIXIN
  const base = ofPackage(path)
  if (base !== null || depth > DEEPEST) return base
  const at = path.lastIndexOf(".")
  const [name, own] = [path.slice(0, Math.max(at, 0)), path.slice(at + 1)]
  const module = modules.module(name)
  if (module === null) return null
  const python = pythonOf(lexPython(module.source))
  const absolute = (other: string): string | null => absoluteIn(python, other, name, module.isPackage)
  const start = classAt(python.tokens, own)
  const next = start < 0 ? (python.imports.has(own) ? absolute(own) : null) : null
  if (start < 0) return next === null ? null : resolve(modules, next, depth + 1)
  return derived(python.tokens, { start, end: blockEnd(python.tokens, start, module.source) }, (other) => {
    const full = absolute(other)
    return full === null ? null : resolve(modules, full, depth + 1)
  })
}

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

function classAt(tokens: readonly Token[], name: string): number {
  return tokens.findIndex((token, at) => isWord(token, "class") && isWord(tokens[at + 1], name))
}

/** What the class between two tokens derives from: the first of its bases with a column, unless one of them is not known. */
function derived(tokens: readonly Token[], { start, end }: { readonly start: number; readonly end: number }, baseOf: BaseOf): string | null {
  const { list, end: open } = isSign(tokens[start + 2], "(") ? argumentsAt(tokens, start + 2) : { list: [], end: start + 2 }
  const body = tokens.slice(open, end)
  if (body.some((token, at) => token.kind === "word" && COLUMN.test(token.text) && (isWord(body[at - 1], "def") || isSign(body[at + 1], "=")))) return null
  const bases = list.map(({ from, to }) => baseOf(pathAt(tokens.slice(from, to))))
  if (bases.includes(null)) return null
  const internal = internalType(body)
  if (internal === null) return null
  const base = internal ?? bases.find((base) => base !== MIXIN) ?? MIXIN
  // An empty text is what new rows get of a field that may be blank.
  const isHarmless = (option: string): boolean => OF_FORMS.test(option) || (option === "blank" && NO_EMPTY_TEXT.test(base.slice(base.lastIndexOf(".") + 1)))
  return leftOut(body)?.every(isHarmless) === true ? base : null
}

/** `models.CharField`, and what stands in front of the bracket of `Generic[T]`. */
function pathAt(tokens: readonly Token[]): string {
  const end = tokens.findIndex((token) => isSign(token, "[") || isSign(token, "("))
  return tokens.slice(0, end < 0 ? undefined : end).map((token) => textOf(token) ?? "?").join("")
}

/** The options with which the field is made, and which migrations do not have; null where only running the code would tell. */
function leftOut(body: readonly Token[]): readonly string[] | null {
  const method = methodOf(body, "deconstruct") ?? []
  const names = method.flatMap((token, at) => {
    if (!isWord(token, "del") && !isWord(token, "pop") && !isWord(token, "clear")) return []
    // `del kwargs["one"]`, `kwargs.pop("one", None)`
    const given = isWord(token, "del") ? method[at + 3] : method[at + 2]
    return [given?.kind === "text" && given.runs.every(({ kind }) => kind !== "hole") ? given.runs.map(({ value }) => value).join("") : null]
  })
  return names.some((name) => name === null) ? null : names.flatMap((name) => name ?? [])
}

/** The class whose column a field has by `get_internal_type`; undefined where that is the one it derives from, null where only running the code would tell. */
function internalType(body: readonly Token[]): string | null | undefined {
  const method = methodOf(body, "get_internal_type")
  if (method === undefined) return undefined
  const [at, ...others] = method.flatMap((token, index) => (isWord(token, "return") ? [index] : []))
  if (at === undefined || others.length > 0) return null
  const [value, end] = [method[at + 1], method[at + 2]]
  if (value?.kind !== "text" || value.runs.some(({ kind }) => kind === "hole") || (end !== undefined && !isSign(end, "\n"))) return null
  return `django.db.models.${value.runs.map((run) => run.value).join("")}`
}

/** The tokens of a method, up to the next one. */
function methodOf(body: readonly Token[], name: string): readonly Token[] | undefined {
  const start = body.findIndex((token, at) => isWord(token, "def") && isWord(body[at + 1], name))
  if (start < 0) return undefined
  const next = body.findIndex((token, at) => at > start && isWord(token, "def"))
  return body.slice(start, next < 0 ? undefined : next)
}
