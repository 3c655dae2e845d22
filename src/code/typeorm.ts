/** What TypeORM emits for the calls of `queryRunner`. Checked against the library in test/tools. */
import { children, pathOf, child, unwrap, type Node } from "../embedded/node.ts"
import { only, readerOf, Unknown, type Call, type Emitted, type Options, type Reader } from "./call.ts"
import { build, joined, name, type Piece } from "./pieces.ts"

const METHODS: Readonly<Record<string, (reader: Reader, args: readonly Node[]) => readonly (readonly Piece[])[]>> = {
  createIndex(reader, [table, index]) {
    const options = only(made(reader, index, "TableIndex"), ["name", "columnNames", "isUnique", "isConcurrent", "where"])
    const where = options.text("where")
    const keys = reader.texts(options.node("columnNames"))
    return [
      build(
        `CREATE ${options.flag("isUnique") ? "UNIQUE " : ""}INDEX${options.flag("isConcurrent") ? " CONCURRENTLY" : ""} `,
        name(required(options, "name"), options.node("name")),
        " ON ",
        name(reader.text(table), table),
        " (",
        joined(keys.map(({ text, node }) => name(text, node)), ", "),
        `)${where === null ? "" : ` WHERE ${where}`}`,
      ),
    ]
  },
  dropTable(reader, [table]) {
    return [build("DROP TABLE ", name(reader.text(table), table))]
  },
  createForeignKey(reader, [table, key]) {
    const known = ["name", "columnNames", "referencedTableName", "referencedColumnNames", "onDelete", "onUpdate"]
    const options = only(made(reader, key, "TableForeignKey"), known)
    const [onDelete, onUpdate] = [options.text("onDelete"), options.text("onUpdate")]
    const list = (property: string): Piece[] =>
      joined(reader.texts(options.node(property)).map(({ text, node }) => name(text, node)), ", ")
    return [
      build(
        "ALTER TABLE ",
        name(reader.text(table), table),
        " ADD CONSTRAINT ",
        name(required(options, "name"), options.node("name")),
        " FOREIGN KEY (",
        list("columnNames"),
        ") REFERENCES ",
        name(required(options, "referencedTableName"), options.node("referencedTableName")),
        "(",
        list("referencedColumnNames"),
        `)${onDelete === null ? "" : ` ON DELETE ${onDelete}`}${onUpdate === null ? "" : ` ON UPDATE ${onUpdate}`}`,
      ),
    ]
  },
}

export function typeorm(call: Call): Emitted {
  const emit = METHODS[call.method]
  return emit === undefined ? null : emit(readerOf(call), call.arguments)
}

/** The options of `new TableIndex({ ... })`, or of a plain object. */
function made(reader: Reader, node: Node | undefined, type: string): Options {
  const inner = node === undefined ? null : unwrap(node)
  if (inner?.type !== "NewExpression") return reader.options(node)
  if (pathOf(child(inner, "callee")) !== type) throw new Unknown()
  return reader.options(children(inner, "arguments")[0])
}

/** What the library would make up by a hash when it is not given. */
function required(options: Options, property: string): string {
  const value = options.text(property)
  if (value === null) throw new Unknown()
  return value
}
