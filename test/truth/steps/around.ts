import { list, nameOf, reserved, type Column, type Maker, type Table } from "./schema.ts"

/** What hangs on a table: indexes, constraints, views, triggers, policies, comments, rights, settings. */
export function around(maker: Maker, table: Table, statements: string[], materialized: { name: string; unique: boolean }[]): void {
  const { choose, major } = maker
  const name = nameOf(table)
  const data = table.columns.filter(({ kind }) => kind !== "partition key" && kind !== "rowno" && kind !== "generated")
  const any = (): Column => choose.pick(data) ?? table.columns[0] ?? { name: "id", type: "int", notNull: true, distinct: true, value: null, kind: "int" }
  const unordered = new Set(["json", "range", "composite"])
  const orderable = (): Column => choose.pick(data.filter(({ kind }) => !unordered.has(kind))) ?? any()
  const plain = table.partitionBy === null
  const short = table.name.slice(0, 20)
  const index = (definition: string, columns: readonly string[], unique = false): void => {
    const own = maker.fresh(choose.once(4) ? `${short} ix` : "ix_")
    statements.push(`CREATE ${unique ? "UNIQUE " : ""}INDEX ${reserved(own)} ON ${name} ${definition}`)
    table.indexes.push({ name: own, columns })
  }
  const many = choose.number(4)
  for (let at = 0; at < many; at += 1) {
    const [a, b] = [orderable(), orderable()]
    const text = choose.pick(data.filter(({ type }) => /^(text|varchar)[^[]*$/.test(type)))
    const json = choose.pick(data.filter(({ kind }) => kind === "jsonb" || kind.endsWith("array")))
    switch (choose.number(10)) {
      case 0:
        index(`(${reserved(a.name)} DESC NULLS LAST${a.name === b.name ? "" : `, ${reserved(b.name)}`})`, [a.name])
        break
      case 1:
        if (text !== undefined) index(`(lower(${reserved(text.name)}))`, [text.name])
        break
      case 2:
        index(`(${reserved(a.name)}) WHERE ${reserved(b.name)} IS NOT NULL`, [a.name])
        break
      case 3:
        if (major >= 11 && a.name !== b.name) index(`(${reserved(a.name)}) INCLUDE (${reserved(b.name)})`, [a.name])
        break
      case 4:
        if (text !== undefined) index(`(${reserved(text.name)} ${choose.pick(["text_pattern_ops", 'COLLATE "C"', 'COLLATE "C" text_pattern_ops DESC']) ?? ""})`, [text.name])
        break
      case 5:
        if (json !== undefined) index(`USING gin (${reserved(json.name)})`, [json.name])
        break
      case 6:
        if (a.distinct && plain) index(`(${reserved(a.name)})`, [a.name], true)
        break
      case 7:
        if (/^(int|integer|bigint|date|timestamp)$/.test(a.type)) index(`USING brin (${reserved(a.name)})`, [a.name])
        break
      case 8:
        index(`USING hash (${reserved(a.name)})`, [a.name])
        break
      default:
        index(`(${reserved(a.name)})`, [a.name])
    }
  }
  if (choose.once(3)) {
    const a = choose.pick(data.filter(({ distinct, kind }) => distinct && !unordered.has(kind) && plain))
    if (a !== undefined) {
      const b = orderable()
      const own = maker.fresh("Uq")
      const nulls = major >= 15 && a.notNull && choose.once(3) ? " NULLS NOT DISTINCT" : ""
      const include = b.name !== a.name && choose.once(4) ? ` INCLUDE (${reserved(b.name)})` : ""
      const late = choose.once(5) ? " DEFERRABLE INITIALLY DEFERRED" : ""
      const second = b.name !== a.name && include === "" && choose.once(3) ? `, ${reserved(b.name)}` : ""
      statements.push(`ALTER TABLE ${name} ADD ${choose.once(2) ? `CONSTRAINT ${reserved(own)} ` : ""}UNIQUE${nulls} (${reserved(a.name)}${second})${include}${late}`)
    }
  }
  if (choose.once(3)) {
    const [a, b] = [any(), any()]
    const own = maker.fresh("ck")
    const text = choose.pick([
      `${reserved(a.name)} IS NOT NULL OR ${reserved(b.name)} IS NULL OR rowno > 0`,
      `${reserved(a.name)} IS NULL OR ${reserved(b.name)} IS NULL OR true`,
      `coalesce(${reserved(a.name)}::text, '') <> 'no'`,
    ])
    if (text !== undefined) {
      const tail = choose.once(5) && plain ? " NO INHERIT" : choose.once(5) ? " NOT VALID" : ""
      statements.push(`ALTER TABLE ${name} ADD ${choose.once(2) ? `CONSTRAINT ${own} ` : ""}CHECK (${text})${tail}`)
      table.constraints.push({ name: own, kind: "check", columns: [a.name, b.name] })
    }
  }
  if (choose.once(14) && plain && table.heirs.length === 0) {
    const a = choose.pick(data.filter(({ distinct, kind }) => distinct && !["json", "range"].includes(kind)))
    if (a !== undefined) statements.push(`ALTER TABLE ${name} ADD CONSTRAINT ${maker.fresh("ex")} EXCLUDE USING btree (${reserved(a.name)} WITH =)`)
  }
  if (choose.once(6)) {
    const some = [...new Set([any().name, any().name])]
    const view = nameOf({ schema: table.schema, name: maker.fresh(`v_${short}`) })
    statements.push(`CREATE VIEW ${view} AS SELECT ${choose.once(4) ? "*" : `rowno, ${list(some)}`} FROM ${name}${choose.once(3) ? ` WHERE ${reserved(any().name)} IS NOT NULL` : ""}`)
    table.views.push(view)
    if (choose.once(2)) {
      const above = nameOf({ schema: table.schema, name: maker.fresh(`vv_${short}`) })
      statements.push(`CREATE VIEW ${above} AS SELECT count(*) AS n, max(rowno) AS top FROM ${view}`)
    }
    if (choose.once(3)) statements.push(`GRANT SELECT ON ${view} TO reader`)
  }
  if (choose.once(8)) {
    const view = nameOf({ schema: table.schema, name: maker.fresh(`mv_${short}`) })
    statements.push(`CREATE MATERIALIZED VIEW ${view} AS SELECT rowno, ${list([any().name])} FROM ${name}`)
    const unique = choose.once(2)
    if (unique) statements.push(`CREATE UNIQUE INDEX ${maker.fresh("mvix")} ON ${view} (rowno)`)
    materialized.push({ name: view, unique })
  }
  if (choose.once(4)) {
    const function_ = nameOf({ schema: table.schema, name: maker.fresh(`touch_${short}`) })
    statements.push(`CREATE FUNCTION ${function_}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`)
    const column = any()
    const when = choose.once(3) ? ` WHEN (NEW.${reserved(column.name)} IS NOT NULL)` : ""
    const late = major < 13 && !plain
    const form = choose.pick([
      `${late ? "AFTER" : "BEFORE"} INSERT OR UPDATE ON ${name} FOR EACH ROW${when}`,
      `AFTER UPDATE OF ${reserved(column.name)} ON ${name} FOR EACH ROW${when}`,
      `AFTER INSERT OR DELETE ON ${name} FOR EACH STATEMENT`,
    ])
    statements.push(`CREATE TRIGGER ${reserved(maker.fresh("tr "))} ${form ?? ""} EXECUTE PROCEDURE ${function_}()`)
  }
  const texts = data.filter(({ kind }) => kind === "text")
  const mended = choose.once(6) && (plain || major >= 13) ? choose.pick(texts) : undefined
  if (mended !== undefined) {
    const function_ = nameOf({ schema: table.schema, name: maker.fresh(`mend_${short}`) })
    statements.push(`CREATE FUNCTION ${function_}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.${reserved(mended.name).replaceAll("'", "''")} := upper(NEW.${reserved(mended.name).replaceAll("'", "''")}); RETURN NEW; END'`)
    statements.push(`CREATE TRIGGER ${reserved(maker.fresh("Mend "))} BEFORE INSERT OR UPDATE ON ${name} FOR EACH ROW EXECUTE PROCEDURE ${function_}()`)
  }
  const counted = choose.once(6) ? choose.pick(data.filter(({ kind, value }) => value !== null && (kind === "int" || kind === "bigint"))) : undefined
  if (counted !== undefined) {
    const sequence = nameOf({ schema: table.schema, name: maker.fresh("Seq ") })
    statements.push(`CREATE SEQUENCE ${sequence} START 5000`, `ALTER TABLE ${name} ALTER COLUMN ${reserved(counted.name)} SET DEFAULT nextval('${sequence}')`)
    if (choose.once(2)) statements.push(`ALTER SEQUENCE ${sequence} OWNED BY ${name}.${reserved(counted.name)}`)
    table.counted.push(counted.name)
  }
  if (choose.once(10)) {
    const column = any()
    statements.push(`CREATE POLICY ${reserved(maker.fresh("pol "))} ON ${name} FOR SELECT TO reader USING (${choose.once(2) ? `${reserved(column.name)} IS NOT NULL` : "true"})`)
    statements.push(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`)
  }
  if (choose.once(14)) statements.push(`CREATE RULE ${maker.fresh("ru")} AS ON DELETE TO ${name} WHERE ${choose.once(2) ? `OLD.${reserved(any().name)} IS NULL AND ` : ""}OLD.rowno < 0 DO INSTEAD NOTHING`)
  if (choose.once(4)) statements.push(`COMMENT ON COLUMN ${name}.${reserved(any().name)} IS 'it''s 100% %s'`)
  if (choose.once(8)) statements.push(`COMMENT ON TABLE ${name} IS 'a table'`)
  const commented = choose.once(6) ? choose.pick(table.indexes) : undefined
  if (commented !== undefined) statements.push(`COMMENT ON INDEX ${nameOf({ schema: table.schema, name: commented.name })} IS 'an index'`)
  if (choose.once(5)) statements.push(`GRANT SELECT, INSERT ON ${name} TO reader${choose.once(3) ? " WITH GRANT OPTION" : ""}`)
  if (choose.once(5)) statements.push(`GRANT ${choose.pick(["SELECT", "UPDATE", "SELECT"]) ?? "SELECT"} (${reserved(any().name)}) ON ${name} TO ${choose.pick(['"Writer"', "PUBLIC"]) ?? "PUBLIC"}`)
  if (choose.once(5)) statements.push(`ALTER TABLE ${name} ALTER COLUMN ${reserved(any().name)} SET STATISTICS 300`)
  if (choose.once(7)) statements.push(`ALTER TABLE ${name} ALTER COLUMN ${reserved(any().name)} SET (n_distinct = 12)`)
  const long = choose.pick(data.filter(({ type }) => /^(text|jsonb|varchar)/.test(type)))
  if (long !== undefined && choose.once(5)) statements.push(`ALTER TABLE ${name} ALTER COLUMN ${reserved(long.name)} SET STORAGE EXTERNAL`)
  if (long !== undefined && major >= 14 && choose.once(8)) statements.push(`ALTER TABLE ${name} ALTER COLUMN ${reserved(long.name)} SET COMPRESSION pglz`)
  if (choose.once(8)) {
    const some = [...new Set([orderable().name, orderable().name, "rowno"])]
    if (some.length > 1) statements.push(`CREATE STATISTICS ${nameOf({ schema: table.schema, name: maker.fresh("st") })} ON ${list(some)} FROM ${name}`)
  }
  if (choose.once(14) && plain) statements.push(`ALTER TABLE ${name} REPLICA IDENTITY FULL`)
  const unique = table.indexes.find(({ columns }) => columns.length === 1 && table.columns.some((column) => column.name === columns[0] && column.notNull && column.distinct))
  if (choose.once(5) && unique !== undefined && plain && statements.some((one) => one.includes(`UNIQUE INDEX ${reserved(unique.name)} `))) statements.push(`ALTER TABLE ${name} REPLICA IDENTITY USING INDEX ${reserved(unique.name)}`)
  if (choose.once(12) && table.heirs.length === 0) statements.push(`ALTER TABLE ${name} OWNER TO keeper`)
}
