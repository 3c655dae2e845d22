/** `'a, "B"'` as set_config takes it: the names of a list. */
export function settingList(text: string): readonly string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase()))
}
