/** The statements that Liquibase makes of the changes in a changelog on PostgreSQL. Source: what Liquibase 4.28 prints (`update-sql`). */
import { literal, unknown, type Part } from "../made.ts"
import { defaultOf, valueOf } from "./columns.ts"
import { one, type Made } from "./statements.ts"
import { addColumn, createTable } from "./tables.ts"
import { typeOf } from "./types.ts"
import { bodyOf, inSchema, isTrue, nameOf, named, namesOf, partsOf, quotedText, rawParts, said, saidOrEmpty, spelled, truth, type Change } from "./values.ts"

type Target = readonly Part[] | null

const table = (change: Change): Target => inSchema(change, "tableName")
const onTable = (change: Change, ...action: readonly Part[]): Made => ((owner) => owner && one("ALTER TABLE ", ...owner, ...action))(table(change))
const onColumn = (change: Change, ...action: readonly Part[]): Made => ((name) => name && onTable(change, " ALTER COLUMN ", name, ...action))(nameOf(change, "columnName"))

/** What no statement is made of on PostgreSQL, or what only changes rows and is not in sight. */
const NOTHING = (): Made => []

export const CHANGES: Readonly<Record<string, (change: Change) => Made>> = {
  addAutoIncrement,
  addColumn,
  addDefaultValue: (change) => {
    const value = saidOrEmpty(change, "defaultValue")
    const initial = value === null ? defaultOf(change, null) : quotedText(value)
    const next = nameOf(change, "defaultValueSequenceNext")
    const [owner, column] = [table(change), nameOf(change, "columnName")]
    const owned = next && owner && column && one("ALTER SEQUENCE ", next, " OWNED BY ", ...owner, ".", column)
    const set = initial === null ? null : onColumn(change, " SET DEFAULT ", initial)
    return set && [...set, ...(owned ?? [])]
  },
  addForeignKeyConstraint: addForeignKey,
  addLookupTable,
  addNotNullConstraint: (change) => {
    const [owner, column, value] = [table(change), nameOf(change, "columnName"), saidOrEmpty(change, "defaultNullValue")]
    const set = onColumn(change, " SET NOT NULL")
    if (owner === null || column === null || set === null || value === null) return set
    const type = said(change, "columnDataType")
    const truthValue = type !== null && typeOf(type.text).literal === "boolean" ? { sql: `'${/^(?:true|t|1)$/i.test(value.text) ? "TRUE" : "FALSE"}'`, range: value.range } : null
    const filled: Part = /^now\(\)$/i.test(value.text) ? { sql: value.text, range: value.range } : (truthValue ?? quotedText(value))
    return [...one("UPDATE ", ...owner, " SET ", column, " = ", filled, " WHERE ", column, " IS NULL"), ...set]
  },
  addPrimaryKey: (change) => {
    const key = keyOf(change, "PRIMARY KEY")
    const [owner, name] = [table(change), nameOf(change, "constraintName")]
    const [of, called] = [said(change, "tableName"), said(change, "constraintName")]
    if (of !== null && called !== null) change.setting.primaryKeys.set(of.text.trim(), called.text)
    return key && owner && name && isTrue(change, "clustered") ? [...key, ...one("CLUSTER ", ...owner, " USING ", name)] : key
  },
  addUniqueConstraint: (change) => keyOf(change, "UNIQUE"),
  alterSequence: (change) => sequence(change, "ALTER SEQUENCE "),
  createIndex,
  createProcedure: (change) => {
    const body = scriptOf(change, ["procedureText", "procedureBody"])
    return body && one(...body)
  },
  createSequence: (change) => sequence(change, "CREATE SEQUENCE IF NOT EXISTS "),
  createTable,
  createView: (change) => {
    const [view, body, remarks] = [inSchema(change, "viewName"), scriptOf(change, ["selectQuery"]), said(change, "remarks")]
    if (body === null || isTrue(change, "fullDefinition")) return body && one(...body)
    const comment = view && remarks && one("COMMENT ON VIEW ", ...view, " IS ", quotedText(remarks))
    return view && [...one(`CREATE ${isTrue(change, "replaceIfExists") ? "OR REPLACE " : ""}VIEW `, ...view, " AS ", ...body), ...(comment ?? [])]
  },
  delete: (change) => {
    const owner = table(change)
    return owner && one("DELETE FROM ", ...owner, ...whereOf(change))
  },
  dropColumn: (change) => {
    const listed = partsOf(change, "column").map((column) => nameOf(column, "name"))
    const columns = listed.length > 0 ? listed : [nameOf(change, "columnName")]
    const dropped = columns.map((column) => column && onTable(change, " DROP COLUMN ", column))
    return dropped.includes(null) ? null : dropped.flatMap((made) => made ?? [])
  },
  dropDefaultValue: (change) => onColumn(change, " DROP DEFAULT"),
  dropForeignKeyConstraint: (change) => {
    const [owner, name] = [inSchema(change, "baseTableName", "baseTableSchemaName"), nameOf(change, "constraintName")]
    return owner && name && one("ALTER TABLE ", ...owner, " DROP CONSTRAINT ", name)
  },
  dropIndex: (change) => dropped(change, "INDEX", "indexName"),
  dropNotNullConstraint: (change) => onColumn(change, " DROP NOT NULL"),
  dropPrimaryKey: (change) => {
    const [name, owner] = [nameOf(change, "constraintName"), said(change, "tableName")]
    if (name !== null || owner === null) return name && onTable(change, " DROP CONSTRAINT ", name)
    // Without a name Liquibase asks the database for it.
    const text = change.setting.primaryKeys.get(owner.text.trim()) ?? `${owner.text.trim()}_pkey`
    const made = onTable(change, " DROP CONSTRAINT ", named(change, { text, range: owner.range }))
    return made?.map((statement) => ({ ...statement, isDerived: true })) ?? null
  },
  dropProcedure: (change) => dropped(change, "PROCEDURE", "procedureName"),
  dropSequence: (change) => dropped(change, "SEQUENCE", "sequenceName", " CASCADE"),
  dropTable: (change) => dropped(change, "TABLE", "tableName", isTrue(change, "cascadeConstraints") ? " CASCADE" : ""),
  dropUniqueConstraint: (change) => {
    const name = nameOf(change, "constraintName")
    return name && onTable(change, " DROP CONSTRAINT ", name)
  },
  dropView: (change) => dropped(change, isTrue(change, "ifExists") ? "VIEW IF EXISTS" : "VIEW", "viewName"),
  empty: NOTHING,
  insert: (change) => {
    const [owner, columns] = [table(change), partsOf(change, "column").map((column) => ({ name: nameOf(column, "name"), value: valueOf(column) ?? textOfValue(column) }))]
    if (owner === null || columns.length === 0) return null
    const names = columns.flatMap(({ name }, index) => (name === null ? [] : [...(index > 0 ? [", "] : []), name]))
    return one("INSERT INTO ", ...owner, " (", ...names, ") VALUES (", ...columns.flatMap(({ value }, index) => [...(index > 0 ? [", "] : []), value]), ")")
  },
  // Rows of a file.
  loadData: NOTHING,
  loadUpdateData: NOTHING,
  mergeColumns: (change) => {
    const [owner, first, second, final, type] = [table(change), nameOf(change, "column1Name"), nameOf(change, "column2Name"), nameOf(change, "finalColumnName"), said(change, "finalColumnType")]
    if (owner === null || first === null || second === null || final === null || type === null) return null
    const joined = literal(said(change, "joinString")?.text ?? "")
    return [
      ...one("ALTER TABLE ", ...owner, " ADD ", final, " ", { sql: typeOf(type.text).sql, range: type.range }),
      ...one("UPDATE ", ...owner, " SET ", final, " = ", first, ` || ${joined} || `, second),
      ...[first, second].flatMap((column) => one("ALTER TABLE ", ...owner, " DROP COLUMN ", column)),
    ]
  },
  modifyDataType: (change) => {
    const [column, type] = [nameOf(change, "columnName"), said(change, "newDataType")]
    if (column === null || type === null) return null
    const { sql } = typeOf(type.text)
    return onColumn(change, " TYPE ", { sql, range: type.range }, ` USING (${column.sql}::${sql})`)
  },
  output: NOTHING,
  renameColumn: (change) => {
    const [old, fresh] = [nameOf(change, "oldColumnName"), nameOf(change, "newColumnName")]
    return old && fresh && onTable(change, " RENAME COLUMN ", old, " TO ", fresh)
  },
  renameSequence: (change) => renamed(change, "SEQUENCE", "oldSequenceName", "newSequenceName"),
  renameTable: (change) => renamed(change, "TABLE", "oldTableName", "newTableName"),
  renameView: (change) => renamed(change, "TABLE", "oldViewName", "newViewName"),
  setColumnRemarks: (change) => {
    const [owner, column, remarks] = [table(change), nameOf(change, "columnName"), said(change, "remarks")]
    return owner && column && one("COMMENT ON COLUMN ", ...owner, ".", column, " IS ", remarks === null ? "''" : quotedText(remarks))
  },
  setTableRemarks: (change) => {
    const [owner, remarks] = [table(change), said(change, "remarks")]
    return owner && one("COMMENT ON TABLE ", ...owner, " IS ", remarks === null ? "''" : quotedText(remarks))
  },
  tagDatabase: NOTHING,
  update: (change) => {
    const [owner, columns] = [table(change), partsOf(change, "column")]
    const set = columns.flatMap((column, index): Part[] => {
      const [name, value] = [nameOf(column, "name"), valueOf(column) ?? textOfValue(column)]
      return name === null ? [] : [...(index > 0 ? [", "] : []), name, " = ", value]
    })
    return owner && set.length > 0 ? one("UPDATE ", ...owner, " SET ", ...set, ...whereOf(change)) : null
  },
}

/** A value that is the text of its column; NULL without one. */
function textOfValue(column: Change): Part {
  const body = bodyOf(column, [])
  const [first] = body ?? []
  return body === null || first === undefined ? "NULL" : quotedText({ text: body.map(({ value }) => value).join(""), range: { from: first.from, to: body.at(-1)?.to ?? first.to } })
}

/** ` WHERE ...` with what parameters stand for left open. */
function whereOf(change: Change): readonly Part[] {
  const [where] = partsOf(change, "where")
  const body = where === undefined ? null : bodyOf(where, [])
  if (body === null || body.every(({ value }) => value.trim() === "")) return []
  if (partsOf(change, "whereParams").length === 0) return [" WHERE ", ...rawParts(body)]
  return [" WHERE ", ...rawParts(body).flatMap((part) => (typeof part === "string" ? [part] : part.sql.split(/(:(?:value|name)\b)/).map((text): Part => (text.startsWith(":") ? unknown(part.range) : { ...part, sql: text }))))]
}

/** SQL that stands in the change, or in a file that it names. */
function scriptOf(change: Change, names: readonly string[]): readonly Part[] | null {
  const path = said(change, "path")
  const file = path === null ? null : change.setting.file(path.text, isTrue(change, "relativeToChangelogFile"))
  if (path !== null) return file && [{ sql: file.text.replace(/;\s*$/, ""), range: path.range }]
  const body = bodyOf(change, names)
  const last = body?.at(-1)
  return body && last ? rawParts([...body.slice(0, -1), { ...last, value: last.value.replace(/;\s*$/, "") }]) : null
}

function dropped(change: Change, kind: string, name: string, behind = ""): Made {
  const target = inSchema(change, name)
  return target && one(`DROP ${kind} `, ...target, behind)
}

function renamed(change: Change, kind: string, old: string, fresh: string): Made {
  const [target, name] = [inSchema(change, old), nameOf(change, fresh)]
  return target && name && one(`ALTER ${kind} `, ...target, " RENAME TO ", name)
}

function keyOf(change: Change, kind: string): Made {
  const [columns, name, index, space] = [namesOf(change, "columnNames"), nameOf(change, "constraintName"), nameOf(change, "forIndexName"), nameOf(change, "tablespace")]
  if (columns === null) return null
  const behind: readonly Part[] = index !== null && kind === "UNIQUE" ? [" USING INDEX ", index] : space === null ? [] : [" USING INDEX TABLESPACE ", space]
  return onTable(change, " ADD ", ...(name === null ? [] : ["CONSTRAINT ", name, " "]), `${kind} (`, ...columns, ")", ...behind, ...deferral(change))
}

function deferral(change: Change): readonly Part[] {
  return [isTrue(change, "deferrable") ? " DEFERRABLE" : "", isTrue(change, "initiallyDeferred") ? " INITIALLY DEFERRED" : ""]
}

function addForeignKey(change: Change): Made {
  const [owner, columns, name] = [inSchema(change, "baseTableName", "baseTableSchemaName"), namesOf(change, "baseColumnNames"), nameOf(change, "constraintName")]
  const [other, keys] = [inSchema(change, "referencedTableName", "referencedTableSchemaName"), namesOf(change, "referencedColumnNames")]
  if (owner === null || columns === null || other === null || keys === null) return null
  const [onUpdate, onDelete] = [said(change, "onUpdate"), said(change, "onDelete")]
  const actions: readonly Part[] = [
    onUpdate === null ? "" : { sql: ` ON UPDATE ${onUpdate.text}`, range: onUpdate.range },
    onDelete === null ? (isTrue(change, "deleteCascade") ? " ON DELETE CASCADE" : "") : { sql: ` ON DELETE ${onDelete.text}`, range: onDelete.range },
  ]
  const head: readonly Part[] = name === null ? [] : ["CONSTRAINT ", name, " "]
  return one("ALTER TABLE ", ...owner, " ADD ", ...head, "FOREIGN KEY (", ...columns, ") REFERENCES ", ...other, " (", ...keys, ")", ...actions, ...deferral(change), truth(change, "validate") === false ? " NOT VALID" : "")
}

function createIndex(change: Change): Made {
  // Another constraint has such an index already. Source: CreateIndexGenerator.java.
  if (/foreignKey|primaryKey|uniqueConstraint/.test(said(change, "associatedWith")?.text ?? "")) return []
  const [owner, name, space] = [table(change), nameOf(change, "indexName"), nameOf(change, "tablespace")]
  const columns = partsOf(change, "column").map((column): readonly Part[] | null => {
    const written = said(column, "name")
    if (written === null) return null
    const isExpression = isTrue(column, "computed") || written.text.includes("(")
    return [isExpression ? { sql: written.text, range: written.range } : named(column, written), isTrue(column, "descending") ? " DESC" : ""]
  })
  if (owner === null || columns.length === 0 || columns.includes(null)) return null
  const listed = columns.flatMap((column, index) => [...(index > 0 ? [", "] : []), ...(column ?? [])])
  const made = one(`CREATE ${isTrue(change, "unique") ? "UNIQUE " : ""}INDEX `, ...(name === null ? [] : [name, " "]), "ON ", ...owner, "(", ...listed, ")", ...(space === null ? [] : [" TABLESPACE ", space]))
  return name !== null && isTrue(change, "clustered") ? [...made, ...one("CLUSTER ", ...owner, " USING ", name)] : made
}

const SEQUENCE_OPTIONS = [["AS", "dataType"], ["START WITH", "startValue"], ["INCREMENT BY", "incrementBy"], ["MINVALUE", "minValue"], ["MAXVALUE", "maxValue"], ["CACHE", "cacheSize"]] as const

function sequence(change: Change, head: string): Made {
  const target = inSchema(change, "sequenceName")
  const options = SEQUENCE_OPTIONS.flatMap(([words, name]): readonly Part[] => {
    const value = said(change, name)
    return value === null ? [] : [{ sql: ` ${words} ${value.text}`, range: value.range }]
  })
  return target && one(head, ...target, ...options, isTrue(change, "cycle") ? " CYCLE" : "")
}

/** A sequence that the column owns, under the name that a serial column would give it. */
function addAutoIncrement(change: Change): Made {
  const [owner, table, column, columnName] = [inSchema(change, "tableName"), said(change, "tableName"), nameOf(change, "columnName"), said(change, "columnName")]
  if (owner === null || table === null || column === null || columnName === null) return null
  const name = spelled(`${spelled(table.text, "LEGACY") === table.text ? table.text.toLowerCase() : table.text}_${columnName.text}_seq`, change.setting.quoting)
  const full = [...owner.slice(0, -1), name]
  const [start, step] = [said(change, "startWith"), said(change, "incrementBy")]
  const text = full.map((part) => (typeof part === "string" ? part : part.sql)).join("")
  return [
    ...one("CREATE SEQUENCE IF NOT EXISTS ", ...full, start === null ? "" : ` START WITH ${start.text}`, step === null ? "" : ` INCREMENT BY ${step.text}`),
    ...one("ALTER TABLE ", ...owner, " ALTER COLUMN ", column, " SET NOT NULL"),
    ...one("ALTER TABLE ", ...owner, " ALTER COLUMN ", column, ` SET DEFAULT nextval(${literal(text)})`),
    ...one("ALTER SEQUENCE ", ...full, " OWNED BY ", ...owner, ".", column),
  ]
}

function addLookupTable(change: Change): Made {
  const [old, oldColumn] = [inSchema(change, "existingTableName", "existingTableSchemaName"), nameOf(change, "existingColumnName")]
  const [fresh, freshColumn] = [inSchema(change, "newTableName", "newTableSchemaName"), nameOf(change, "newColumnName")]
  const name = nameOf(change, "constraintName") ?? `FK_${said(change, "existingTableName")?.text ?? ""}_${said(change, "newTableName")?.text ?? ""}`.toUpperCase()
  if (old === null || oldColumn === null || fresh === null || freshColumn === null) return null
  return [
    ...one("CREATE TABLE ", ...fresh, " AS SELECT DISTINCT ", oldColumn, " AS ", freshColumn, " FROM ", ...old, " WHERE ", oldColumn, " IS NOT NULL"),
    ...one("ALTER TABLE ", ...fresh, " ALTER COLUMN ", freshColumn, " SET NOT NULL"),
    ...one("ALTER TABLE ", ...fresh, " ADD PRIMARY KEY (", freshColumn, ")"),
    ...one("ALTER TABLE ", ...old, " ADD CONSTRAINT ", name, " FOREIGN KEY (", oldColumn, ") REFERENCES ", ...fresh, " (", freshColumn, ")"),
  ]
}
