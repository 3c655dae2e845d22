/** A name in quotes, whatever it holds (docs: Identifiers and Key Words). */
export function inQuotes(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A string constant (docs: String Constants; standard_conforming_strings is on by default). */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
