/** What the fields of a project and of packages derive from: classes of Django, whose columns they have unless they say otherwise. */
import { nameAt } from "../collector.ts"
import type { Range } from "../expression.ts"
import { classAt, methodOf, type PythonClass, type PythonModules } from "../python/modules.ts"
import { isSign, isWord, type Token } from "../tokens.ts"

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
  "django_measurement.models.MeasurementField": "FloatField",
  "django_extensions.db.fields.CreationDateTimeField": "DateTimeField",
  "django_extensions.db.fields.ModificationDateTimeField": "DateTimeField",
  "localflavor.ca.models.CAPostalCodeField": "CharField",
  "localflavor.ca.models.CAProvinceField": "CharField",
  "localflavor.us.models.USPostalCodeField": "CharField",
  "localflavor.us.models.USStateField": "CharField",
  "localflavor.us.models.USZipCodeField": "CharField",
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
  const found = base !== null || depth > DEEPEST ? null : classAt(modules, path)
  return found === null ? base : derived(found, (other) => resolve(modules, other, depth + 1))
}

/** What a class derives from: the first of its bases with a column, unless one of them is not known. */
function derived({ python: { tokens }, bases, body }: PythonClass, baseOf: BaseOf): string | null {
  const own = tokens.slice(body.from, body.to)
  if (own.some((token, at) => token.kind === "word" && COLUMN.test(token.text) && (isWord(own[at - 1], "def") || isSign(own[at + 1], "=")))) return null
  const known = bases.map((base) => (base === null ? null : baseOf(base)))
  const internal = internalType(tokens, body)
  if (known.includes(null) || internal === null) return null
  const base = internal ?? known.find((one) => one !== MIXIN) ?? MIXIN
  // An empty text is what new rows get of a field that may be blank.
  const isHarmless = (option: string): boolean => OF_FORMS.test(option) || (option === "blank" && NO_EMPTY_TEXT.test(base.slice(base.lastIndexOf(".") + 1)))
  return leftOut(tokens, body)?.every(isHarmless) === true ? base : null
}

/** The options with which the field is made, and which migrations do not have; null where only running the code would tell. */
function leftOut(tokens: readonly Token[], body: Range): readonly string[] | null {
  const { from, to } = methodOf(tokens, body, "deconstruct") ?? { from: 0, to: 0 }
  const names: (string | null)[] = []
  for (let at = from; at < to; at += 1) {
    if (!isWord(tokens[at], "del") && !isWord(tokens[at], "pop") && !isWord(tokens[at], "clear")) continue
    // `del kwargs["one"]`, `kwargs.pop("one", None)`
    const given = at + (isWord(tokens[at], "del") ? 3 : 2)
    names.push(nameAt(tokens, { from: given, to: given + 1 }))
  }
  return names.some((name) => name === null) ? null : names.flatMap((name) => name ?? [])
}

/** The class whose column a field has by `get_internal_type`; undefined where that is the one it derives from, null where only running the code would tell. */
function internalType(tokens: readonly Token[], body: Range): string | null | undefined {
  const method = methodOf(tokens, body, "get_internal_type")
  if (method === null) return undefined
  const [at, ...others] = tokens.slice(method.from, method.to).flatMap((token, index) => (isWord(token, "return") ? [method.from + index] : []))
  if (at === undefined || others.length > 0) return null
  const [name, end] = [nameAt(tokens, { from: at + 1, to: at + 2 }), tokens[at + 2]]
  return name === null || (end !== undefined && !isSign(end, "\n")) ? null : `django.db.models.${name}`
}
