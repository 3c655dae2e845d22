import { describe, expect, it } from "vitest"
import { readAlembic } from "../../src/code/languages/alembic/read.ts"
import { readDjango } from "../../src/code/languages/django/read.ts"
import { readEcto } from "../../src/code/languages/ecto/read.ts"
import { readEfcore } from "../../src/code/languages/efcore/read.ts"
import { readRails } from "../../src/code/languages/rails/read.ts"
import { summary } from "./summary.ts"

describe("Rails", () => {
  const read = (body: string) => {
    const source = `class Change < ActiveRecord::Migration[7.1]\n${body}\nend\n`
    return summary(source, readRails(source))
  }

  it("has strings of many kinds", () => {
    const { sql, unread } = read(String.raw`
  def up
    execute "SELECT \"a\"\n, 1"
    execute 'SELECT ''b'
    execute 'SELECT it\'s \n'
    execute %q(SELECT (1) 'x')
    execute %Q{SELECT "#{name}" }
    execute("SELECT 1 " \
            "FROM t")
    execute "SELECT " + "2"
    execute <<~SQL, nil
      SELECT 3
        , 4
    SQL
    execute(<<-'RAW'.squish)
      SELECT '#{not_a_hole}'
    RAW
    connection.execute <<SQL
SELECT 5
SQL
  end`)
    expect(sql).toEqual([
      'up: SELECT "a"\n, 1',
      "up: SELECT b",
      "up: SELECT it's \\n",
      "up: SELECT (1) 'x'",
      'up: SELECT "${name}" ',
      "up: SELECT 1 FROM t",
      "up: SELECT 2",
      "up: SELECT 3\n  , 4\n",
      "up: SELECT '#{not_a_hole}'\n".replace("SELECT", "      SELECT"),
      "up: SELECT 5\n",
    ])
    expect(unread).toEqual([])
  })

  it("knows literals that are put into a text, such as the blanks that RuboCop keeps", () => {
    const { sql, unread } = read(String.raw`
  def up
    execute <<-SQL
      DELETE FROM orders#{' '}
      WHERE state = '#{ "gone" }' AND note = '#{x + 'y'}'
    SQL
  end`)
    expect(sql).toEqual(["up:       DELETE FROM orders \n      WHERE state = 'gone' AND note = '${...}'\n"])
    expect(unread).toEqual([])
  })

  it("changes rows by methods that have namesakes elsewhere", () => {
    const { sql, unread } = read(`
  REMOVE = "DELETE FROM c"
  def up
    update "UPDATE a SET b = 1"
    insert(<<~SQL)
      -- the first
      INSERT INTO a VALUES (1)
    SQL
    connection.delete REMOVE
    ActiveRecord::Base.connection.update("WITH x AS (SELECT 1) UPDATE a SET b = 2")
    update "some text"
    names.delete "DELETE FROM d"
    User.update "UPDATE e SET f = 1"
    insert :a, "INSERT INTO a VALUES (2)"
  end`)
    expect(sql).toEqual(["up: UPDATE a SET b = 1", "up: -- the first\nINSERT INTO a VALUES (1)\n", "up: DELETE FROM c", "up: WITH x AS (SELECT 1) UPDATE a SET b = 2"])
    expect(unread).toEqual([])
  })

  it("has other things that look like strings", () => {
    const { sql } = read(`
  # execute "no"
=begin
  execute "no"
=end
  def up
    columns = %w[execute "no" a]
    ratio = total % (count)
    puts "it's" if name =~ /['"]/
    list << "x"
    execute "SELECT 1" # execute "no"
  end`)
    expect(sql).toEqual(["up: SELECT 1"])
  })

  it("tells what reverts it, in methods and in blocks", () => {
    const { sql } = read(`
  def change
    reversible do |dir|
      dir.up do
        execute "SELECT 1"
      end
      dir.down { execute "SELECT 2" }
    end
    up_only { execute "SELECT 3" }
  end

  def self.down
    execute "SELECT 4"
  end

  def helper
    execute "SELECT 5"
  end`)
    expect(sql).toEqual(["up: SELECT 1", "down: SELECT 2", "up: SELECT 3", "down: SELECT 4", "up: SELECT 5"])
  })

  it("knows constants, and counts what only running it would tell", () => {
    const { sql, unread } = read(`
  TABLE = "orders".freeze
  DROP = <<~SQL
    DROP VIEW v
  SQL
  def up
    execute "SELECT * FROM #{TABLE}"
    execute DROP
    execute query_of(name)
    execute File.read("x.sql")
    execute(active? ? "SELECT 1" : "SELECT 2")
    Job.execute "no"
  end`)
    expect(sql).toEqual(["up: SELECT * FROM orders", "up: DROP VIEW v\n"])
    expect(unread).toEqual(["query_of(name)", 'File.read("x.sql")', 'active? ? "SELECT 1" : "SELECT 2"'])
  })

  it("tells conditions, the tables it makes, and how many calls it passes over", () => {
    const { sql, tables, builders } = read(`
  disable_ddl_transaction!
  def change
    create_table :orders, id: :uuid do |t|
      t.string :code
    end
    create_table "app.parts", if_not_exists: true, id: KIND
    create_view :codes
    add_index :orders, :code, algorithm: :concurrently
    execute "SELECT 1" if postgres?
    if table_exists?(:x)
      execute "SELECT 2"
    else
      execute "SELECT 3"
    end
    execute "SELECT 4"
    safety_assured { execute "SELECT 5" }
  end`)
    expect(sql).toEqual([
      'up: CREATE TABLE "orders" ("id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY, "code" character varying)',
      'up: CREATE INDEX CONCURRENTLY "index_orders_on_code" ON "orders" ("code")',
      "up perhaps: SELECT 1",
      "up perhaps: SELECT 2",
      "up perhaps: SELECT 3",
      "up: SELECT 4",
      "up: SELECT 5",
    ])
    expect(tables).toEqual(["app.parts?"])
    expect(builders).toBe(2)
  })
})

describe("Django", () => {
  const read = (source: string) => summary(source, readDjango(source, "shop"))

  it("runs texts, lists of them and pairs with parameters; not those that revert, nor those of the state", () => {
    expect(
      read(`
SQL = """
SELECT 'constant'
"""
class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(name="OrderLine", fields=[]),
        migrations.CreateModel("Part", [], options={"db_table": "parts", "ordering": []}),
        migrations.AddField("order", "code", models.TextField()),
        migrations.RunSQL("SELECT 1", "SELECT -1"),
        migrations.RunSQL(sql=["SELECT 2", ("SELECT %s", [3])], reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(SQL),
        migrations.RunSQL("DROP TABLE %s" % name),
        migrations.RunSQL(read_file("x.sql")),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("order", "code"), migrations.RunSQL("SELECT 'never'")],
            database_operations=[migrations.RunSQL(r"SELECT E'\\d'")],
        ),
    ]
`),
    ).toEqual({
      sql: ["up: SELECT 1", "down: SELECT -1", "up: SELECT 2", "up: SELECT ${%s}", "up: \nSELECT 'constant'\n", "up: DROP TABLE ${%s}", "up: SELECT E'\\d'"],
      unread: ['read_file("x.sql")'],
      builders: 3,
      tables: ["shop_orderline", "parts"],
    })
  })

  it("runs what the functions of RunPython send", () => {
    expect(
      read(`
def forwards(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(f"UPDATE {table} SET x = {{}}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")

def backwards(apps, schema_editor):
    schema_editor.execute("SELECT 2")

def unused(cursor):
    cursor.execute("SELECT 3")

class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards, backwards)]
`).sql,
    ).toEqual(["up: UPDATE ${table} SET x = {}", "up: SELECT 1", "down: SELECT 2"])
  })
})

describe("Alembic", () => {
  it("runs texts, wrapped or not, through whatever connection, and outside in an autocommit block", () => {
    const source = `
from alembic import op
import sqlalchemy as sa
# op.execute("no")
def upgrade():
    op.execute("SELECT 1")
    op.execute(sa.text('SELECT \\'2\\''))
    conn = op.get_bind()
    conn.execute(sa.text("""SELECT 3"""))
    op.get_bind().exec_driver_sql("SELECT " "4")
    with op.get_context().autocommit_block():
        op.execute("SELECT 5")
        op.create_index("i", "t", ["a"], postgresql_concurrently=True)
    op.execute("SELECT {}".format(name))
    op.execute(users.update().values(a=1))
    op.execute(statement)
    op.create_table("orders", sa.Column("id"), schema="app")
    with op.batch_alter_table("t") as batch_op:
        batch_op.drop_column("x")

def downgrade():
    op.execute("SELECT 6")
`
    expect(summary(source, readAlembic(source))).toEqual({
      sql: [
        "up: SELECT 1",
        "up: SELECT '2'",
        "up: SELECT 3",
        "up: SELECT 4",
        "up outside: SELECT 5",
        'up outside: CREATE INDEX CONCURRENTLY "i" ON "t" ("a")',
        "up: SELECT ${...}",
        'up: ALTER TABLE "t" DROP COLUMN "x"',
        "down: SELECT 6",
      ],
      unread: ["statement"],
      builders: 2,
      tables: ["app.orders"],
    })
  })
})

describe("Connections of Alembic", () => {
  it("are outside of the transaction where they are of their own and commit each statement", () => {
    const source = `
def upgrade():
    bind = op.get_bind()
    with bind.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        if _is_there(conn):
            conn.exec_driver_sql("SELECT 1")
        op.execute("SELECT 2")
    own = create_engine(url, isolation_level='AUTOCOMMIT').connect()
    own.execute(sa.text("SELECT 3"))
    own = op.get_bind()
    own.execute(sa.text("SELECT 4"))
    with own.begin() as raw_conn:
        raw_conn.execute(sa.text("SELECT 5"))
`
    expect(summary(source, readAlembic(source)).sql).toEqual(["up outside perhaps: SELECT 1", "up: SELECT 2", "up outside: SELECT 3", "up: SELECT 4", "up: SELECT 5"])
  })

  it("take texts with parameters", () => {
    const source = `
def upgrade():
    op.execute(sa.text("UPDATE orders SET kind = :kind").bindparams(kind="x"))
    op.execute(sa.text("DELETE FROM orders WHERE id = :id").bindparams(sa.bindparam("id", type_=sa.Integer())).execution_options(autocommit=True))
`
    const { sql, unread } = summary(source, readAlembic(source))
    expect({ sql, unread }).toEqual({ sql: ["up: UPDATE orders SET kind = :kind", "up: DELETE FROM orders WHERE id = :id"], unread: [] })
  })
})

describe("Functions of Django's RunPython", () => {
  it("are read together with those they call", () => {
    const source = `
def drop(cursor, table):
    cursor.execute("SELECT 1")

def both(apps):
    with connection.cursor() as cur:
        cur.execute("SELECT 2")
        drop(cur, "a")

def forwards(apps, schema_editor):
    both(apps)
    connection.cursor().execute("SELECT 3")

def back(apps):
    with connections["other"].cursor() as other_cursor:
        other_cursor.execute("SELECT 4")

def backwards(apps, schema_editor):
    back(apps)
    drop(schema_editor.connection.cursor(), "b")

def unused():
    cursor.execute("SELECT 5")

class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards, backwards)]
`
    expect(summary(source, readDjango(source, "shop")).sql).toEqual(["up: SELECT 1", "up: SELECT 2", "up: SELECT 3", "down: SELECT 4"])
  })
})

describe("Formats of Python", () => {
  it("take what is known from their arguments, by name and by place", () => {
    const source = `
kind = "order_kind"
old_kind = "old_" + kind
table = "orders"
change = "ALTER TABLE {table} ALTER COLUMN kind TYPE {kind}"

def upgrade():
    op.execute("ALTER TYPE {kind} RENAME TO {old}".format(kind=kind, old=old_kind))
    op.execute(change.format(table="drafts", kind=kind))
    op.execute("UPDATE {} SET note = '{}' WHERE kind = '{}'".format(table, note(), kind))
    op.execute("DELETE FROM {1} WHERE id = {0}".format(first, table))
    op.execute("DELETE FROM %s WHERE note = '%s'" % (table, text))
    op.execute("DROP TYPE %s" % old_kind)
    for each in ("a", "b"):
        op.execute("DELETE FROM {} WHERE kind = '{}'".format(table, each))
`
    expect(summary(source, readAlembic(source)).sql).toEqual([
      "up: ALTER TYPE order_kind RENAME TO old_order_kind",
      "up: ALTER TABLE drafts ALTER COLUMN kind TYPE order_kind",
      "up: UPDATE orders SET note = '${...}' WHERE kind = 'order_kind'",
      "up: DELETE FROM orders WHERE id = ${0}",
      "up: DELETE FROM orders WHERE note = '${%s}'",
      "up: DROP TYPE old_order_kind",
      "up: DELETE FROM orders WHERE kind = '${...}'",
    ])
  })
})

describe("Ecto", () => {
  it("runs after_begin first and before_commit last, and neither without a transaction", () => {
    const source = [
      "defmodule M do",
      "  use Ecto.Migration",
      "  def before_commit, do: repo().query!(\"SELECT 3\")",
      "  def change do",
      '    execute "SELECT 2", "SELECT 4"',
      "  end",
      "  def after_begin do",
      '    execute "SET lock_timeout TO 5000"',
      "  end",
      "end",
    ].join("\n")
    const order = (code: string): string[] =>
      [...readEcto(code).calls].sort((left, right) => Number(left.down) - Number(right.down) || left.at - right.at).map(({ down, text }) => `${down ? "down" : "up"}: ${text.sql}`)
    expect(order(source)).toEqual(["up: SET lock_timeout TO 5000", "up: SELECT 2", "up: SELECT 3", "down: SELECT 4"])
    expect(order(source.replace("  def before_commit", "  @disable_ddl_transaction true\n  def before_commit"))).toEqual(["up: SELECT 2", "down: SELECT 4"])
  })

  it("puts attributes of the module into texts, atoms too", () => {
    const source = `
defmodule M do
  use Ecto.Migration
  @index :orders_item_index
  @table "orders"
  def change do
    execute("DROP INDEX IF EXISTS #{@index}")
    execute("DELETE FROM #{@table} WHERE note = '#{@note}'")
  end
end
`
    expect(summary(source, readEcto(source)).sql).toEqual([
      "up: DROP INDEX IF EXISTS orders_item_index",
      "up: DELETE FROM orders WHERE note = '${@note}'",
    ])
  })

  it("has strings, heredocs and sigils, and texts that revert as the second argument", () => {
    const source = `
defmodule M do
  use Ecto.Migration
  @view "SELECT 'attribute'"
  def change do
    execute "SELECT 1", "SELECT -1"
    execute(~s(SELECT "2"))
    execute """
    SELECT 3
      , '#{x}'
    """
    execute ~S"""
    SELECT '#{none}'
    """, ""
    execute(@view)
    execute("SELECT " <> "5")
    execute(fn -> repo().query!("SELECT 6") end, fn -> nil end)
    execute ["SELECT 7", "SELECT 8"]
    execute File.read!("x.sql")
    create table(:orders, prefix: "app") do
      add :x, :integer, default: ?"
    end
    create table(name())
  end

  def down, do: execute("SELECT 9")
end
`
    expect(summary(source, readEcto(source))).toEqual({
      sql: [
        "up: SELECT 1",
        'up: SELECT "2"',
        "up: SELECT 3\n  , '${x}'\n",
        "up: SELECT '#{none}'\n",
        "up: SELECT 'attribute'",
        "up: SELECT 5",
        "up: SELECT 6",
        "up: SELECT 7",
        "up: SELECT 8",
        'up: CREATE TABLE "app"."orders" ("id" bigserial, "x" integer DEFAULT ${...}, PRIMARY KEY ("id"))',
        "down: SELECT 9",
      ],
      unread: ['File.read!("x.sql")'],
      builders: 1,
      tables: [],
    })
    // Without a function of its own for that, the second texts revert it.
    const reverted = source.replace('  def down, do: execute("SELECT 9")\n', "")
    expect(summary(source, readEcto(reverted)).sql.filter((text) => text.startsWith("down"))).toEqual(['down: DROP TABLE "app"."orders"', "down: SELECT -1"])
  })
})

describe("EF Core", () => {
  it("has regular, verbatim, interpolated and raw strings", () => {
    const source = String.raw`
public partial class Change : Migration
{
    private const string View = "SELECT 'constant'";
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        // migrationBuilder.Sql("no");
        char quote = '"';
        migrationBuilder.Sql("SELECT \"1\"");
        migrationBuilder.Sql(@"SELECT ""2"" \");
        migrationBuilder.Sql($"SELECT {table} {{}}");
        migrationBuilder.Sql($@"SELECT ""{table}""");
        migrationBuilder.Sql("""
            SELECT 3
              , "4"
            """);
        migrationBuilder.Sql("SELECT " + "5", suppressTransaction: true);
        migrationBuilder.Sql(View, true);
        migrationBuilder.Sql(Read("x.sql"));
        if (migrationBuilder.IsNpgsql()) { migrationBuilder.Sql("SELECT 6"); }
        migrationBuilder.AddColumn<string>(name: Column, table: "T");
        migrationBuilder.CreateTable(name: "Orders", schema: "app", columns: columns);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("SELECT 7");
    }
}
`
    expect(summary(source, readEfcore(source))).toEqual({
      sql: [
        'up: SELECT "1"',
        'up: SELECT "2" \\',
        "up: SELECT ${table} {}",
        'up: SELECT "${table}"',
        'up: SELECT 3\n  , "4"',
        "up outside: SELECT 5",
        "up outside: SELECT 'constant'",
        "up perhaps: SELECT 6",
        "down: SELECT 7",
      ],
      unread: ['Read("x.sql")'],
      builders: 2,
      tables: ["app.Orders"],
    })
  })
  it("ends with its file in the middle of a character", () => {
    const source = "public partial class Change : Migration\n{\n    char quote = '\\"
    expect(summary(source, readEfcore(source))).toEqual({ sql: [], unread: [], builders: 0, tables: [] })
  })
})

describe("names", () => {
  it("stand for what their function gave them last", () => {
    const source = `
from alembic import op
TABLE = "orders"
def upgrade():
    sql = "UPDATE orders SET a = 1"
    op.execute(sql)
    sql = f"UPDATE {TABLE} SET b = 2"
    op.execute(sql)
    if late:
        sql = "UPDATE orders SET c = 3"
        op.execute(sql)
    op.execute(sql)
def downgrade():
    sql = "UPDATE orders SET a = 0"
    op.execute(sql)
`
    expect(summary(source, readAlembic(source))).toMatchObject({
      sql: [
        "up: UPDATE orders SET a = 1",
        "up: UPDATE orders SET b = 2",
        "up perhaps: UPDATE orders SET c = 3",
        "down: UPDATE orders SET a = 0",
      ],
      unread: ["sql"],
    })
  })

  it("may be local to several methods, and what is added to them is not left out", () => {
    const source = `
class Change < ActiveRecord::Migration[7.1]
  def up
    sql = "UPDATE orders SET a = 1"
    execute(sql)
    query = "UPDATE orders"
    query += " SET b = 1"
    execute query
  end
  def down
    sql = "UPDATE orders SET a = 0"
    execute(sql)
  end
end
`
    expect(summary(source, readRails(source))).toMatchObject({
      sql: ["up: UPDATE orders SET a = 1", "down: UPDATE orders SET a = 0"],
      unread: ["query"],
    })
  })
})

describe("drivers of Python", () => {
  it("put parameters in only where they are given", () => {
    const source = `
from django.db import migrations
def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("UPDATE orders SET a = %s WHERE b LIKE '10%%' LIMIT %(size)s", [1])
        cursor.execute("UPDATE orders SET a = 1 WHERE b LIKE '10%s'")
class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(fill),
        migrations.RunSQL([("UPDATE orders SET c = %s", [1]), ("UPDATE orders SET d = 5 % 2", None)]),
    ]
`
    const { calls } = readDjango(source, "shop")
    expect(calls.map(({ text: { sql, holes } }) => [sql, holes.length])).toEqual([
      ["UPDATE orders SET a = ${%s} WHERE b LIKE '10%' LIMIT ${%(size)s}", 2],
      ["UPDATE orders SET a = 1 WHERE b LIKE '10%s'", 0],
      ["UPDATE orders SET c = ${%s}", 1],
      ["UPDATE orders SET d = 5 % 2", 0],
    ])
  })

  it("are given expressions of SQLAlchemy", () => {
    const source = `
from alembic import op
import sqlalchemy as sa
def upgrade():
    connection = op.get_bind()
    connection.execute(sa.insert(ORDERS).values(name="new"))
    connection.execute(sa.table("orders").update().where(sa.text("a = 1")).values(name="new"))
    connection.execute(sa.select(sa.text("a")).where(ORDERS.c.a == 1))
    connection.execute(sa.text("UPDATE orders SET a = :a").params({"a": 1}))
    connection.exec_driver_sql("UPDATE orders SET b = %s", ("where(",))
`
    expect(summary(source, readAlembic(source))).toMatchObject({
      sql: [`up: UPDATE "orders" SET "name" = 'new' WHERE (a = 1)`, "up: UPDATE orders SET a = :a", "up: UPDATE orders SET b = ${%s}"],
      unread: [],
      builders: 1,
    })
  })
})
