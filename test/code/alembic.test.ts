import { describe, expect, it } from "vitest"
import { readAlembic } from "../../src/code/languages/alembic/read.ts"
import { summary } from "./summary.ts"

function read(body: string) {
  const source = `from alembic import op\nimport sqlalchemy as sa\n\ndef upgrade():\n${body.replace(/^/gm, "    ")}\n`
  return { ...summary(source, readAlembic(source)), source, calls: readAlembic(source).calls }
}

/** The statements that go up. */
function sqlOf(body: string): readonly string[] {
  const { sql, builders, unread } = read(body)
  expect({ builders, unread }).toEqual({ builders: 0, unread: [] })
  return sql.map((text) => text.replace(/^up: /, ""))
}

describe("Alembic makes SQL of", () => {
  it.each([
    ["op.add_column('orders', sa.Column('region', sa.String(length=20), nullable=False))", ['ALTER TABLE "orders" ADD COLUMN "region" VARCHAR(20) NOT NULL']],
    ["op.add_column('orders', sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=True), schema='app')", ['ALTER TABLE "app"."orders" ADD COLUMN "at" TIMESTAMP WITH TIME ZONE DEFAULT now()']],
    ["op.add_column('orders', sa.Column('at', sa.DateTime(), server_default=sa.func.now(), nullable=False))", ['ALTER TABLE "orders" ADD COLUMN "at" TIMESTAMP WITHOUT TIME ZONE DEFAULT now() NOT NULL']],
    ["op.add_column('orders', sa.Column('note', sa.Text, server_default='it\\'s', index=True))", ["ALTER TABLE \"orders\" ADD COLUMN \"note\" TEXT DEFAULT 'it''s'", 'CREATE INDEX "ix_orders_note" ON "orders" ("note")']],
    ["op.add_column('orders', sa.Column('code', postgresql.UUID(as_uuid=True), unique=True))", ['ALTER TABLE "orders" ADD COLUMN "code" UUID', 'ALTER TABLE "orders" ADD UNIQUE ("code")']],
    ["op.add_column('orders', sa.Column('tags', postgresql.ARRAY(sa.String()), nullable=True))", ['ALTER TABLE "orders" ADD COLUMN "tags" VARCHAR[]']],
    ["op.add_column('orders', sa.Column('rate', sa.Numeric(precision=10, scale=2)))", ['ALTER TABLE "orders" ADD COLUMN "rate" NUMERIC(10, 2)']],
    ["op.add_column('orders', sa.Column('state', sa.Enum('a', 'b', name='order_state'), nullable=False))", ['ALTER TABLE "orders" ADD COLUMN "state" "order_state" NOT NULL']],
    ["op.drop_column('orders', 'region')", ['ALTER TABLE "orders" DROP COLUMN "region"']],
    ["op.alter_column('orders', 'a', existing_type=sa.Integer(), type_=sa.BigInteger(), nullable=False, server_default=None, new_column_name='b', postgresql_using='a::bigint')", [
      'ALTER TABLE "orders" ALTER COLUMN "a" TYPE BIGINT USING a::bigint',
      'ALTER TABLE "orders" ALTER COLUMN "a" SET NOT NULL',
      'ALTER TABLE "orders" ALTER COLUMN "a" DROP DEFAULT',
      'ALTER TABLE "orders" RENAME COLUMN "a" TO "b"',
    ]],
    ["op.alter_column('orders', 'a', server_default=sa.text('0'), existing_nullable=True)", ['ALTER TABLE "orders" ALTER COLUMN "a" SET DEFAULT 0']],
    ["op.rename_table('orders', 'purchases')", ['ALTER TABLE "orders" RENAME TO "purchases"']],
    ["op.drop_table('orders', schema='app')", ['DROP TABLE "app"."orders"']],
    ["op.create_index(op.f('ix_orders_region'), 'orders', ['region'], unique=False)", ['CREATE INDEX "ix_orders_region" ON "orders" ("region")']],
    ["op.create_index('by_name', 'orders', [sa.text('lower(name)'), 'note'], unique=True, postgresql_concurrently=True, if_not_exists=True, postgresql_using='gin', postgresql_ops={'note': 'gin_trgm_ops'}, postgresql_where=sa.text('a > 0'))", [
      'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "by_name" ON "orders" USING gin (lower(name), "note" gin_trgm_ops) WHERE a > 0',
    ]],
    ["op.drop_index('by_name', table_name='orders', schema='app', postgresql_concurrently=True)", ['DROP INDEX CONCURRENTLY "app"."by_name"']],
    ["op.create_foreign_key(None, 'orders', 'shops', ['shop_id'], ['id'], ondelete='CASCADE', referent_schema='app')", ['ALTER TABLE "orders" ADD FOREIGN KEY ("shop_id") REFERENCES "app"."shops" ("id") ON DELETE CASCADE']],
    ["op.create_foreign_key('orders_shop', 'orders', 'shops', ['shop_id'], ['id'], postgresql_not_valid=True)", ['ALTER TABLE "orders" ADD CONSTRAINT "orders_shop" FOREIGN KEY ("shop_id") REFERENCES "shops" ("id") NOT VALID']],
    ["op.create_unique_constraint('one_a', 'orders', ['a', 'b'])", ['ALTER TABLE "orders" ADD CONSTRAINT "one_a" UNIQUE ("a", "b")']],
    ["op.create_primary_key('orders_pkey', 'orders', ['id'])", ['ALTER TABLE "orders" ADD CONSTRAINT "orders_pkey" PRIMARY KEY ("id")']],
    ["op.create_check_constraint('positive', 'orders', 'a > 0')", ['ALTER TABLE "orders" ADD CONSTRAINT "positive" CHECK (a > 0)']],
    ["op.drop_constraint('positive', 'orders', type_='check')", ['ALTER TABLE "orders" DROP CONSTRAINT "positive"']],
  ])("%s", (call, expected) => {
    expect(sqlOf(call)).toEqual(expected)
  })

  it.each([
    ["sa.Enum('a', 'b', name='state').create(op.get_bind(), checkfirst=False)", "CREATE TYPE \"state\" AS ENUM ('a', 'b')"],
    ["sa.Enum(name='state').drop(bind=op.get_bind())", 'DROP TYPE "state"'],
    ["postgresql.ENUM(name='state', schema='app').drop(bind, checkfirst=True)", 'DROP TYPE IF EXISTS "app"."state"'],
    ["state = sa.Enum('a', name='state')\nif True: pass\nstate = postgresql.ENUM('b', name='state', create_type=False)\nstate.create(op.get_bind())", "CREATE TYPE \"state\" AS ENUM ('b')"],
  ])("a type of its own: %s", (body, expected) => {
    expect(sqlOf(body)).toEqual([expected])
    expect(read(body).calls.map(({ derived }) => derived)).toEqual([true])
  })

  it("names, lengths and columns that the file gives once", () => {
    expect(sqlOf(`TABLE = 'orders'
COLUMNS = ['a', 'b']
LENGTH = 20
column = sa.Column('a', sa.String(LENGTH), server_default=sa.null())
op.add_column(TABLE, column)
op.create_index(op.f('by_a'), TABLE, COLUMNS)`)).toEqual(['ALTER TABLE "orders" ADD COLUMN "a" VARCHAR(20) DEFAULT NULL', 'CREATE INDEX "by_a" ON "orders" ("a", "b")'])
    for (const body of ["TABLE = 'a'\nTABLE = 'b'\nop.drop_table(TABLE)", "op.drop_table(TABLE)\nTABLE = 'a'", "op.drop_table(name)"]) expect(read(body)).toMatchObject({ sql: [], builders: 1 })
  })

  it("tables with their columns and constraints", () => {
    expect(sqlOf(`op.create_table('orders',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=True, index=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.CheckConstraint('id > 0', name='positive'),
    sa.ForeignKeyConstraint(['shop_id'], ['app.shops.id'], name='orders_shop', ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('name', name='one_name'),
)
op.create_table('parts', sa.Column('id', sa.BigInteger(), primary_key=True), sa.Column('x', sa.JSON()))
op.create_table('notes', sa.Column('order_id', sa.Integer(), nullable=False), sa.ForeignKeyConstraint(['order_id'], ['orders.id']), sa.PrimaryKeyConstraint('order_id'))
op.create_table('codes', sa.Column('id', sa.Integer(), autoincrement=False, nullable=False), sa.PrimaryKeyConstraint('id'))
op.create_table('paths', sa.Column('id', sa.String(), primary_key=True, nullable=False), sa.Column('path', sa.String()), sa.PrimaryKeyConstraint('id'))
op.create_table('pairs', sa.Column('a', sa.Integer(), nullable=False), sa.Column('b', sa.Integer(), nullable=False), sa.PrimaryKeyConstraint('a', 'b'), schema='app')`)).toEqual([
      'CREATE TABLE "orders" ("id" SERIAL NOT NULL, "shop_id" INTEGER, "name" VARCHAR NOT NULL, CONSTRAINT "positive" CHECK (id > 0), CONSTRAINT "orders_shop" FOREIGN KEY ("shop_id") REFERENCES "app"."shops" ("id") ON DELETE SET NULL, PRIMARY KEY ("id"), CONSTRAINT "one_name" UNIQUE ("name"))',
      'CREATE INDEX "ix_orders_shop_id" ON "orders" ("shop_id")',
      'CREATE TABLE "parts" ("id" BIGSERIAL NOT NULL, "x" JSON, PRIMARY KEY ("id"))',
      'CREATE TABLE "notes" ("order_id" INTEGER NOT NULL, FOREIGN KEY ("order_id") REFERENCES "orders" ("id"), PRIMARY KEY ("order_id"))',
      'CREATE TABLE "codes" ("id" INTEGER NOT NULL, PRIMARY KEY ("id"))',
      'CREATE TABLE "paths" ("id" VARCHAR NOT NULL, "path" VARCHAR, PRIMARY KEY ("id"))',
      'CREATE TABLE "app"."pairs" ("a" INTEGER NOT NULL, "b" INTEGER NOT NULL, PRIMARY KEY ("a", "b"))',
    ])
  })

  it.each([
    ["sa.Integer(), sa.ForeignKey('shops.id', ondelete='CASCADE', name='of_shop')", ['"a" INTEGER', 'ADD CONSTRAINT "of_shop" FOREIGN KEY ("a") REFERENCES "shops" ("id") ON DELETE CASCADE']],
    ["sa.Integer(), sa.ForeignKey('app.shops.id')", ['"a" INTEGER', 'ADD FOREIGN KEY ("a") REFERENCES "app"."shops" ("id")']],
    ["sa.Integer(), sa.Identity(always=True), nullable=False", ['"a" INTEGER GENERATED ALWAYS AS IDENTITY NOT NULL']],
    ["sa.Integer(), sa.Computed('b + 1', persisted=True)", ['"a" INTEGER GENERATED ALWAYS AS (b + 1) STORED']],
    ["sa.Enum('SLACK', 'GOOGLE_DRIVE', name='source', native_enum=False)", ['"a" VARCHAR(12)']],
    ["sa.Enum('a', native_enum=False, length=30)", ['"a" VARCHAR(30)']],
    ["sa.Float(precision=24)", ['"a" FLOAT(24)']],
    ["postgresql.TIMESTAMP(timezone=True, precision=3)", ['"a" TIMESTAMP(3) WITH TIME ZONE']],
    ["sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')", ['"a" JSONB']],
    ["sa.BigInteger().with_variant(sa.Integer(), 'sqlite')", ['"a" BIGINT']],
    ["fastapi_users_db_sqlalchemy.generics.GUID()", ['"a" UUID']],
    ["fastapi_users_db_sqlalchemy.generics.TIMESTAMPAware(timezone=True)", ['"a" TIMESTAMP WITH TIME ZONE']],
    ["pgvector.sqlalchemy.vector.VECTOR(dim=3)", ['"a" vector(3)']],
    ["sqlalchemy_utils.types.arrow.ArrowType()", ['"a" TIMESTAMP WITHOUT TIME ZONE']],
    ["sqlalchemy_utils.ArrowType(timezone=True)", ['"a" TIMESTAMP WITH TIME ZONE']],
    ["sqlalchemy_utils.types.uuid.UUIDType(binary=False)", ['"a" UUID']],
    ["sqlalchemy_utils.EmailType()", ['"a" VARCHAR(255)']],
    ["sqlalchemy_utils.types.email.EmailType(length=100)", ['"a" VARCHAR(100)']],
    ["sqlalchemy_utils.types.url.URLType()", ['"a" TEXT']],
  ])("a column of %s", (type, [column = "", ...constraints]) => {
    expect(sqlOf(`op.add_column('orders', sa.Column('a', ${type}))`)).toEqual([`ALTER TABLE "orders" ADD COLUMN ${column}`, ...constraints.map((one) => `ALTER TABLE "orders" ${one}`)])
  })

  it("a table whose column references another", () => {
    expect(sqlOf("op.create_table('a', sa.Column('id', sa.Integer(), sa.ForeignKey('b.id'), primary_key=True))")).toEqual([
      'CREATE TABLE "a" ("id" INTEGER NOT NULL, FOREIGN KEY ("id") REFERENCES "b" ("id"), PRIMARY KEY ("id"))',
    ])
  })

  it("a table without the foreign keys that use_alter leaves to nobody", () => {
    const key = (call: string): string => `op.create_table('a', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('b', sa.Integer()${call}))`
    const table = 'CREATE TABLE "a" ("id" SERIAL NOT NULL, "b" INTEGER, PRIMARY KEY ("id"))'
    expect(sqlOf(key("), sa.ForeignKeyConstraint(['b'], ['c.id'], name='k', use_alter=True"))).toEqual([table])
    expect(sqlOf(key(", sa.ForeignKey('c.id', use_alter=True)"))).toEqual([table])
    expect(sqlOf(key(", sa.ForeignKey('c.id', use_alter=False)"))).not.toEqual([table])
    expect(sqlOf("op.add_column('a', sa.Column('b', sa.Integer(), sa.ForeignKey('c.id', use_alter=True)))")).toHaveLength(2)
  })

  describe("types of the project's own", () => {
    const MODULES = new Map(Object.entries({
      "shop.types": `import uuid
import sqlalchemy as sa
from sqlalchemy import CHAR, TypeDecorator
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from .more import Long as Longer
class Guid(TypeDecorator[uuid.UUID]):
    impl = CHAR
    cache_ok = True
    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(PgUuid())
        return dialect.type_descriptor(CHAR(36))
class Other(TypeDecorator):
    impl = CHAR
    def load_dialect_impl(self, dialect):
        if dialect.name != "postgresql":
            return dialect.type_descriptor(CHAR(36))
        return dialect.type_descriptor(PgUuid())
class Name(TypeDecorator):
    impl = sa.String
class Code(TypeDecorator):
    impl = sa.String(8)
class Derived(Code):
    cache_ok = True
class Made(TypeDecorator):
    impl = sa.String
    def __init__(self):
        super().__init__(20)
`,
      "shop.more": "from sqlalchemy.types import TypeDecorator, Text\nclass Long(TypeDecorator):\n    impl = Text\n",
    }))
    const typeOf = (type: string): string | null => {
      const source = `import shop.types\nfrom shop.types import Name\nfrom shop.texts import String\nimport sqlalchemy as sa\nSTATE = sa.Enum("a", name="state")\ntwice = sa.Text()\ntwice = sa.JSON()\ndef upgrade():\n    op.add_column("orders", sa.Column("a", ${type}))\n`
      const { calls } = readAlembic(source, { module: (name) => (MODULES.has(name) ? { source: MODULES.get(name) ?? "", isPackage: false } : null) })
      return calls[0]?.text.sql.replace('ALTER TABLE "orders" ADD COLUMN "a" ', "") ?? null
    }

    it.each([
      ["shop.types.Guid()", "UUID"],
      ["Name(length=9)", "VARCHAR(9)"],
      ["shop.types.Code()", "VARCHAR(8)"],
      ["shop.types.Derived()", "VARCHAR(8)"],
      ["shop.types.Longer()", "TEXT"],
      ["STATE", '"state"'],
      ["sa.ARRAY(shop.types.Guid())", "UUID[]"],
    ])("%s", (type, sql) => {
      expect(typeOf(type)).toBe(sql)
    })

    it.each(["shop.types.Other()", "shop.types.Made()", "shop.types.Missing()", "elsewhere.Type()", "String(9)", "twice", "UNKNOWN"])("%s is left unknown", (type) => {
      expect(typeOf(type)).toBeNull()
    })
  })

  it("tables whose columns are keys as their constraint says", () => {
    expect(sqlOf("op.create_table('a', sa.Column('id', sa.String(), primary_key=True), sa.PrimaryKeyConstraint('id'))")).toEqual(['CREATE TABLE "a" ("id" VARCHAR NOT NULL, PRIMARY KEY ("id"))'])
    expect(sqlOf("op.create_table('a', sa.Column('id', sa.String(), primary_key=True), sa.Column('b', sa.Text, nullable=False), sa.PrimaryKeyConstraint('b', name='a_key'))")).toEqual([
      'CREATE TABLE "a" ("id" VARCHAR NOT NULL, "b" TEXT NOT NULL, CONSTRAINT "a_key" PRIMARY KEY ("b"))',
    ])
  })

  it("functions where upgrade() and downgrade() run them", () => {
    const source = `from alembic import op

def fill(bind):
    bind.execute("UPDATE a SET b = 1")
    deeper()

def deeper():
    op.drop_column("a", "c")

def both():
    op.execute("SELECT 1")

def never():
    op.execute("SELECT 2")

def upgrade():
    op.add_column("a", sa.Column("b", sa.Integer()))
    if large:
        fill(bind)
    both()

def downgrade():
    op.run_async(both)
`
    const { calls } = readAlembic(source)
    const inOrder = [...calls].sort((left, right) => left.at - right.at)
    expect(inOrder.map(({ text, down, conditional }) => `${down ? "down" : "up"}${conditional ? " perhaps" : ""}: ${text.sql}`)).toEqual([
      // Nobody is seen to call it.
      "up: SELECT 2",
      'up: ALTER TABLE "a" ADD COLUMN "b" INTEGER',
      "up perhaps: UPDATE a SET b = 1",
      'up perhaps: ALTER TABLE "a" DROP COLUMN "c"',
      "up: SELECT 1",
      "down: SELECT 1",
    ])
    expect(Math.floor(calls.find(({ text }) => text.sql.startsWith("UPDATE"))?.at ?? 0)).toBe(source.indexOf("fill(bind)\n    both"))
  })

  it("the enums of a new table, which may be there already", () => {
    const source = `op.create_table('orders',
    sa.Column('state', sa.Enum('new', "it's", name='order_state'), nullable=False),
    sa.Column('kinds', postgresql.ARRAY(postgresql.ENUM('a', name='kind', schema='app'))),
    sa.Column('rank', postgresql.ENUM('low', 'high', name='rank', create_type=False)),
)`
    expect(sqlOf(source)).toEqual([
      `CREATE TYPE "order_state" AS ENUM ('new', 'it''s')`,
      `CREATE TYPE "app"."kind" AS ENUM ('a')`,
      'CREATE TABLE "orders" ("state" "order_state" NOT NULL, "kinds" "app"."kind"[], "rank" "rank")',
    ])
    expect(read(source).calls.map(({ derived }) => derived)).toEqual([true, true, undefined])
  })

  it("operations of a batch, which leave out the table", () => {
    expect(sqlOf(`with op.batch_alter_table('orders', schema=None) as batch_op:
    batch_op.add_column(sa.Column('note', sa.Text(), nullable=True))
    batch_op.alter_column('a', nullable=False)
    batch_op.create_index(batch_op.f('ix_orders_note'), ['note'], unique=False)
    batch_op.create_foreign_key('orders_shop', 'shops', ['shop_id'], ['id'])
    batch_op.create_unique_constraint('one_a', ['a'])
    batch_op.drop_constraint('old', type_='unique')
    batch_op.drop_index('old_index')
    batch_op.drop_column('b')`)).toEqual([
      'ALTER TABLE "orders" ADD COLUMN "note" TEXT',
      'ALTER TABLE "orders" ALTER COLUMN "a" SET NOT NULL',
      'CREATE INDEX "ix_orders_note" ON "orders" ("note")',
      'ALTER TABLE "orders" ADD CONSTRAINT "orders_shop" FOREIGN KEY ("shop_id") REFERENCES "shops" ("id")',
      'ALTER TABLE "orders" ADD CONSTRAINT "one_a" UNIQUE ("a")',
      'ALTER TABLE "orders" DROP CONSTRAINT "old"',
      'DROP INDEX "old_index"',
      'ALTER TABLE "orders" DROP COLUMN "b"',
    ])
  })
})

describe("Operations of Alembic that are not read", () => {
  it.each([
    "op.add_column(TABLE, sa.Column('a', sa.Text()))",
    "op.add_column('orders', sa.Column('a', Money()))",
    "op.add_column('orders', sa.Column('a', shop.types.JSON()))",
    "op.add_column('orders', sa.Column('a', sa.Integer(), sa.ForeignKey(TARGET)))",
    "op.add_column('orders', sa.Column('a', sa.Integer(), sa.ForeignKey('shops.id'), sa.Sequence('s')))",
    "op.add_column('orders', sa.Column('a', sa.Integer(), sa.ForeignKey('shops.id')), inline_references=True)",
    "op.add_column('orders', sa.Column('a', sa.Integer(), sa.Computed('b + 1', persisted=False)))",
    "op.add_column('orders', sa.Column('a', sa.Enum(State, native_enum=False)))",
    "op.add_column('orders', sa.Column('a', sa.Enum('a', native_enum=False, create_constraint=True)))",
    "op.add_column('orders', sa.Column('a', sa.Integer(), server_default=DEFAULT))",
    "op.create_table('orders', sa.Column('state', sa.Enum(State, name='state')))",
    "op.create_table('orders', sa.Column('state', sa.Enum(*STATES, name='state')))",
    "op.create_index(NAME, 'orders', ['a'])",
    "op.create_index('i', 'orders', COLUMNS)",
    "op.create_foreign_key(*arguments)",
    "op.create_table_comment('orders', 'x')",
    "op.bulk_insert(table, rows)",
    "op.toString('orders')",
    "state.create(bind, checkfirst=True)",
    "sa.Enum(State, name='state').create(op.get_bind())",
    "sa.Enum('a', name='state', native_enum=False).create(op.get_bind())",
    "metadata.create_all(bind=conn, tables=[orders])",
  ])("are counted: %s", (call) => {
    const { sql, builders } = read(call)
    expect({ sql, builders }).toEqual({ sql: [], builders: 1 })
  })
})

it("points to the arguments of Alembic's operations", () => {
  const { source, calls } = read("op.add_column('orders', sa.Column('region', sa.String(), nullable=False))")
  expect(calls.flatMap(({ text: { sql, segments } }) => segments.map(({ start, end, from, to }) => `${sql.slice(start, end)} <- ${source.slice(from, to)}`)).slice(1)).toEqual([
    "\"orders\" <- 'orders'",
    " ADD COLUMN  <- op.add_column('orders', sa.Column('region', sa.String(), nullable=False))",
    "\"region\" <- 'region'",
    "  <- op.add_column('orders', sa.Column('region', sa.String(), nullable=False))",
    "VARCHAR <- sa.String()",
    " NOT NULL <- False",
  ])
})

it("sends what functions send where Alembic's functions call them", () => {
  const source = `from alembic import op

def fill_all():
    fill("a")
    op.execute("SELECT 3")

def fill(name):
    op.execute("SELECT 2")

def empty():
    op.execute("SELECT 7")

def never():
    op.execute("SELECT 0")

def upgrade():
    op.execute("SELECT 1")
    fill_all()
    if big:
        check()
    op.execute("SELECT 5")

def check():
    op.execute("SELECT 4")

def downgrade():
    op.execute("SELECT 6")
    empty()
`
  const { calls } = readAlembic(source)
  const sorted = [...calls].sort((left, right) => left.at - right.at)
  expect(sorted.map(({ text, down, conditional }) => `${text.sql}${down ? " down" : ""}${conditional ? " maybe" : ""}`)).toEqual([
    "SELECT 0",
    "SELECT 1",
    "SELECT 2",
    "SELECT 3",
    "SELECT 4 maybe",
    "SELECT 5",
    "SELECT 6 down",
    "SELECT 7 down",
  ])
})
