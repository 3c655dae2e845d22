/** The longest identifier, in UTF-8 bytes (NAMEDATALEN - 1). */
const MAX_IDENTIFIER_BYTES = 63

/** Length in UTF-8 bytes. */
export function byteLength(text: string): number {
  let bytes = 0
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code < 0x80) bytes += 1
    else if (code < 0x800) bytes += 2
    else if (code >= 0xd800 && code < 0xdc00) {
      bytes += 4
      i += 1
    } else bytes += 3
  }
  return bytes
}

/** The longest prefix of at most `limit` UTF-8 bytes, never cutting a character. */
export function clip(text: string, limit: number): string {
  // A UTF-16 unit is at most three bytes.
  if (text.length * 3 <= limit || byteLength(text) <= limit) return text
  let bytes = 0
  let end = 0
  for (const character of text) {
    bytes += byteLength(character)
    if (bytes > limit) return text.slice(0, end)
    end += character.length
  }
  return text
}

/** An identifier as the server keeps it: cut to 63 bytes. */
export function truncateIdentifier(name: string): string {
  return name.length * 3 <= MAX_IDENTIFIER_BYTES ? name : clip(name, MAX_IDENTIFIER_BYTES)
}

/** What the multirange type of a range type is called (makeMultirangeTypeName). */
export function multirangeName(range: string): string {
  return range.includes("range") ? truncateIdentifier(range.replace("range", "multirange")) : `${clip(range, MAX_IDENTIFIER_BYTES - "_multirange".length)}_multirange`
}

/**
 * `name1_name2_label` within 63 bytes, the longer of the two names cut first: PostgreSQL's makeObjectName
 * (src/backend/commands/indexcmds.c).
 */
export function makeObjectName(name1: string, name2: string | null, label: string | null): string {
  let length1 = byteLength(name1)
  let length2 = name2 === null ? 0 : byteLength(name2)
  const overhead = (name2 === null ? 0 : 1) + (label === null ? 0 : byteLength(label) + 1)
  while (length1 + length2 > MAX_IDENTIFIER_BYTES - overhead) {
    if (length1 > length2) length1 -= 1
    else length2 -= 1
  }
  const second = name2 === null ? "" : `_${clip(name2, length2)}`
  return `${clip(name1, length1)}${second}${label === null ? "" : `_${label}`}`
}

/**
 * The first of `label`, `label1`, `label2` ... whose name is free: PostgreSQL's ChooseRelationName and
 * ChooseConstraintName.
 */
export function chooseName(
  name1: string,
  name2: string | null,
  label: string,
  taken: (name: string) => boolean,
): string {
  for (let pass = 0; ; pass += 1) {
    const name = makeObjectName(name1, name2, pass === 0 ? label : `${label}${String(pass)}`)
    if (!taken(name)) return name
  }
}

/** Column names joined for a derived name, as far as they matter: ChooseIndexNameAddition. */
export function joinColumns(columns: readonly string[]): string {
  let joined = ""
  for (const column of columns) {
    joined = joined === "" ? column : `${joined}_${column}`
    if (byteLength(joined) > MAX_IDENTIFIER_BYTES) break
  }
  return joined
}

/**
 * Index column names made unique with numbers: ChooseIndexColumnNames. `null` is an expression without a name of its
 * own.
 */
export function indexColumnNames(columns: readonly (string | null)[]): string[] {
  const names: string[] = []
  for (const column of columns) {
    const original = column ?? "expr"
    let name = original
    for (let number = 1; names.includes(name); number += 1) {
      const suffix = String(number)
      name = `${clip(original, MAX_IDENTIFIER_BYTES - suffix.length)}${suffix}`
    }
    names.push(name)
  }
  return names
}

interface NamesInUse {
  readonly creationSchema: string
  relation(name: { readonly schema: string | null; readonly name: string }): unknown
  index(name: { readonly schema: string | null; readonly name: string }): unknown
}

/**
 * A name for something pgsafe proposes (an index, a constraint, a shadow column): the parts joined with `_`, at most
 * 63 bytes, the parts before the last cut evenly where needed, numbered when a listed relation or index has it
 * already. The same parts over the same catalog always give the same name.
 */
export function deriveName(parts: readonly string[], catalog: NamesInUse, schema = catalog.creationSchema): string {
  const last = parts.at(-1) ?? ""
  const front = parts.slice(0, -1)
  const [first, ...rest] = front
  if (first === undefined) return truncateIdentifier(last)
  return chooseName(first, rest.length === 0 ? null : rest.join("_"), last, (name) => {
    return catalog.relation({ schema, name }) !== undefined || catalog.index({ schema, name }) !== undefined
  })
}
