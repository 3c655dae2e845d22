/** Fills the `{placeholders}` of a message template. A placeholder without a value stays as it is, so that tests see it. */
export function fill(template: string, data: Readonly<Record<string, string>> = {}): string {
  let filled = ""
  for (const [index, part] of partsOf(template).entries()) filled += index % 2 === 0 ? part : (data[part] ?? `{${part}}`)
  return filled
}

/** Templates cut at their placeholders: text, key, text, key, text. There are as many as rules have messages. */
const cut = new Map<string, readonly string[]>()

function partsOf(template: string): readonly string[] {
  let parts = cut.get(template)
  if (parts === undefined) {
    parts = template.split(/\{(\w+)\}/)
    cut.set(template, parts)
  }
  return parts
}
