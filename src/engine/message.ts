/** Fills the `{placeholders}` of a message template. A placeholder without a value stays as it is, so that tests see it. */
export function fill(template: string, data: Readonly<Record<string, string>> = {}): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, key: string) => data[key] ?? placeholder)
}
