import { describe, expect, it } from "vitest"
import { readAlembic } from "../../src/code/languages/alembic/read.ts"
import { summary } from "./summary.ts"

const HEAD = `from alembic import op
import sqlalchemy as sa
from sqlalchemy import or_
from sqlalchemy.dialects.postgresql import insert as pg_insert
from shop.models import Shop

orders = sa.table("orders", sa.column("id"), sa.column("note"), sa.column("total"))
shops = sa.sql.table("shops", sa.column("id"), schema="app")

class Line(Base):
    __tablename__ = "lines"
    id = sa.Column(sa.Integer, primary_key=True)
    kind = sa.Column("type", sa.String)

def upgrade():
    bind = op.get_bind()
    session = Session(bind=bind)
`

const SHOP = `class Shop(Base):\n    __tablename__ = "shops"\n`

function read(body: string) {
  const source = `${HEAD}${body.replace(/^/gm, "    ")}\n`
  const collected = readAlembic(source, { module: (name) => (name === "shop.models" ? { source: SHOP, isPackage: false } : null) })
  return { ...summary(source, collected), source, collected }
}

/** The statements that go up. */
function sqlOf(body: string): readonly string[] {
  const { sql, builders, unread } = read(body)
  expect({ builders, unread }).toEqual({ builders: 0, unread: [] })
  return sql.map((text) => text.replace(/^up: /, ""))
}

// What SQLAlchemy makes of them, with the names of columns alone.
describe("SQLAlchemy makes a statement of", () => {
  it.each([
    ['orders.update().where(orders.c.note == "old").values(note="new", total=-1)', `UPDATE "orders" SET "note" = 'new', "total" = -1 WHERE "note" = 'old'`],
    ['orders.update().values({"note": None, orders.c.total: orders.c.id})', 'UPDATE "orders" SET "note" = NULL, "total" = "id"'],
    ["sa.update(orders).values(total=count()).where(orders.c.id == row.id)", 'UPDATE "orders" SET "total" = ${...} WHERE "id" = ${...}'],
    ["sa.update(orders).where(orders.c.note.is_(None), orders.c.total > 5).values(note=sa.func.upper(orders.c.note)).returning(orders.c.id)", 'UPDATE "orders" SET "note" = upper("note") WHERE "note" IS NULL AND "total" > 5'],
    ["orders.update().where(sa.and_(orders.c.note != None, or_(orders.c.total <= 1, orders.c.id == 2))).values(note=sa.text('lower(note)'))", 'UPDATE "orders" SET "note" = lower(note) WHERE ("note" IS NOT NULL AND ("total" <= 1 OR "id" = 2))'],
    ['orders.delete().where(orders.c["note"].in_(["a", b])).where((orders.c.id == 1) | ~orders.c.note.like("x%"))', `DELETE FROM "orders" WHERE "note" IN ('a', \${...}) AND ("id" = 1 OR NOT ("note" LIKE 'x%'))`],
    ["sa.delete(orders)", 'DELETE FROM "orders"'],
    ["orders.update().where(orders.c.note == op.inline_literal('a')).values({'total': op.inline_literal(3)})", `UPDATE "orders" SET "total" = 3 WHERE "note" = 'a'`],
    ["sa.delete(orders).where(orders.c.id.in_(sa.select(shops.c.id)), orders.c.total.in_(totals))", 'DELETE FROM "orders" WHERE "id" IN (SELECT ${...}) AND "total" IN (${...})'],
    ["sa.update(orders).where(orders.c.id == shops.c.id, sa.text('a = :b'), helper(orders)).values(note=shops.c.id)", 'UPDATE "orders" SET "note" = ${...} WHERE ${...} AND ${...} AND ${...}'],
    ["sa.update(orders).where(orders.c.id == 1 & orders.c.total).values(note=sa.func.any(shops.c.id))", 'UPDATE "orders" SET "note" = ${...} WHERE ${...}'],
    ["shops.delete().where(sa.column('id') == sa.literal(1))", 'DELETE FROM "app"."shops" WHERE "id" = 1'],
    ["sa.update(Line).values(kind='a').where(Line.kind.is_not(sa.null()))", `UPDATE "lines" SET "type" = 'a' WHERE "type" IS NOT null`],
    ["Line.__table__.delete()", 'DELETE FROM "lines"'],
    ["sa.delete(Shop).where(Shop.id >= 3)", 'DELETE FROM "shops" WHERE "id" >= 3'],
    ["orders.insert().values(note='a', total=1)", `INSERT INTO "orders" ("note", "total") VALUES ('a', 1)`],
    ["orders.insert().values([{'note': 'a', 'total': 1}, {'total': 2, 'note': b}])", `INSERT INTO "orders" ("note", "total") VALUES ('a', 1), (\${...}, 2)`],
    ["sa.insert(orders).from_select(['id', 'note'], sa.select(shops))", 'INSERT INTO "orders" ("id", "note") SELECT ${...}, ${...}'],
    ["pg_insert(orders).values(id=1).on_conflict_do_nothing()", 'INSERT INTO "orders" ("id") VALUES (1) ON CONFLICT DO NOTHING'],
    ["pg_insert(orders).from_select(['id'], sa.select(shops)).on_conflict_do_nothing(index_elements=['id', 'note'])", 'INSERT INTO "orders" ("id") SELECT ${...} ON CONFLICT ("id", "note") DO NOTHING'],
    ["sa.insert(orders).values(**row)", 'INSERT INTO "orders" SELECT'],
    ["orders.insert(), [{'id': 1}]", 'INSERT INTO "orders" ("id") VALUES (1)'],
    ["orders.insert(), rows", 'INSERT INTO "orders" SELECT'],
    ["sa.table('notes', sa.column('id')).delete()", 'DELETE FROM "notes"'],
  ])("%s", (expression, expected) => {
    expect(sqlOf(`bind.execute(${expression})`)).toEqual([expected])
  })

  it.each([
    ["op.bulk_insert(orders, [{'id': 1, 'note': None}, {'id': 2, 'note': 'b'}], multiinsert=False)", `INSERT INTO "orders" ("id", "note") VALUES (1, NULL), (2, 'b')`],
    ["op.bulk_insert(sa.table('orders', sa.column('id')), rows)", 'INSERT INTO "orders" SELECT'],
    ["session.query(Line).filter(Line.kind == 'a').filter_by(id=1).update({'kind': 'b'}, synchronize_session=False)", `UPDATE "lines" SET "type" = 'b' WHERE "type" = 'a' AND "id" = 1`],
    ["session.query(Line).join(Shop).delete(synchronize_session=False)", 'DELETE FROM "lines" WHERE ${...}'],
    ["query = (\n    sa.update(orders)\n    .where(orders.c.id == 1)\n)\nquery = query.values(total=2)\nbind.execute(query)", 'UPDATE "orders" SET "total" = 2 WHERE "id" = 1'],
    ["new = op.create_table('new', sa.Column('id', sa.Integer(), primary_key=True))\nop.execute(new.insert().values(id=1))", 'INSERT INTO "new" ("id") VALUES (1)'],
    ["metadata = sa.MetaData()\nmetadata.reflect(bind)\nnotes = metadata.tables['notes']\nbind.execute(sa.delete(notes).where(notes.c.id == 1))", 'DELETE FROM "notes" WHERE "id" = 1'],
    ["notes = sa.Table('notes', sa.MetaData(), sa.Column('id'))\nbind.execute(notes.delete())", 'DELETE FROM "notes"'],
  ])("%s", (body, expected) => {
    expect(sqlOf(body).at(-1)).toBe(expected)
  })

  it("nothing where it reads", () => {
    expect(sqlOf("bind.execute(sa.select(orders.c.id).where(orders.c.id == 1))\nquery = orders.select()\nbind.execute(query)\nsession.query(Line).filter(Line.id == 1).all()")).toEqual([])
  })

  it("parts that point to the code, where it runs", () => {
    const { sql, source, collected } = read("for row in rows:\n    if row:\n        bind.execute(sa.delete(orders).where(orders.c.id == row.id))\nwith op.get_context().autocommit_block():\n    op.execute(orders.update().values(total=1))")
    expect(sql).toEqual(['up perhaps: DELETE FROM "orders" WHERE "id" = ${...}', 'up outside: UPDATE "orders" SET "total" = 1'])
    const [, { text } = { text: null }] = collected.calls
    expect(source.slice(text?.from, text?.to)).toBe("orders.update().values(total=1)")
    const table = text?.segments.find(({ start, end }) => text.sql.slice(start, end) === '"orders"')
    expect(source.slice(table?.from, table?.to)).toBe("orders")
  })
})

it.each([
  "bind.execute(other.update().values(a=1))",
  "bind.execute(table_of(bind).update().values(a=1))",
  "bind.execute(orders.update().values(**row))",
  "bind.execute(orders.update().where(orders.c.id == 1), [{'total': 1}])",
  "bind.execute(pg_insert(orders).values(id=1).on_conflict_do_update(index_elements=['id'], set_={'total': 1}))",
  "bind.execute(pg_insert(orders).values(id=1).on_conflict_do_nothing(index_where=orders.c.id > 1))",
  "bind.execute(orders.delete().with_hint('x'))",
  "op.bulk_insert(other, [{'id': 1}])",
  "session.query(Other).update({'a': 1})",
])("counts what SQLAlchemy changes in rows, and doubts nothing because of it: %s", (body) => {
  const { sql, builders, unread, collected } = read(body)
  expect({ sql, builders, unread }).toEqual({ sql: [], builders: 1, unread: [] })
  expect(collected.builders[0]).toMatchObject({ columns: [], wide: false })
})
