/** Places in a text for which a library puts in values: `?` and `??` of Knex, `:name` and `:name:` of Knex and Sequelize, `:...names` of TypeORM. */
import type { TextHole } from "./evaluate.ts"

/** What may hold a question mark or colon that is none: strings, quoted names, comments, dollar quotes, casts; then placeholders. */
const PLACES = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--.*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|::|:=|(\\\?|\?\??|:[A-Za-z_]\w*:?|:\.{3}\w+)/g

export function placeholdersOf(sql: string): TextHole[] {
  return [...sql.matchAll(PLACES)].flatMap(({ 2: placeholder, index }) => (placeholder === undefined ? [] : [{ start: index, end: index + placeholder.length }]))
}
