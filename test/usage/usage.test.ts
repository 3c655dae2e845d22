import { describe, expect, it } from "vitest"
import { createUseSearch, type Removed } from "../../src/usage/index.ts"

const REGION: Removed = { kind: "column", schema: "public", table: "orders", column: "region" }
const UNIT_PRICE: Removed = { kind: "column", schema: "public", table: "order_items", column: "unit_price" }
const ORDERS: Removed = { kind: "relation", schema: "public", relation: "orders" }

/** Tables of which all columns are known; others may have any. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = { customers: ["id", "name"], shipments: ["id", "region"] }

/** The uses in one file, as `line:column grade`. */
function uses(removed: Removed, path: string, text: string): string[] {
  const wanted = { removed, mayHave: (table: string, column: string) => COLUMNS[table]?.includes(column) ?? true, hasTable: (name: string) => name in COLUMNS }
  const search = createUseSearch([wanted])
  search.add(path, text)
  return search.usesOf(wanted).map(({ line, column, grade }) => `${String(line)}:${String(column)} ${grade}`)
}

/** The uses of `orders.region` in one line of TypeScript. */
function inString(sql: string, quote = "`"): string[] {
  return uses(REGION, "a.ts", `q(${quote}${sql}${quote})`).map((use) => use.replace(/^\S+ /, ""))
}

describe("SQL in strings", () => {
  it.each([
    "SELECT region FROM orders",
    "select o.region from orders o",
    "select o.region from public.orders as o join customers c on c.id = o.customer_id",
    "SELECT REGION FROM Orders WHERE id = $1",
    'SELECT "region" FROM "orders"',
    "SELECT region FROM orders JOIN customers c ON true",
    "INSERT INTO orders (id, region) VALUES ($1, $2)",
    "INSERT INTO orders (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET region = 'x'",
    "INSERT INTO orders (id, x) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET x = excluded.region",
    "UPDATE orders SET region = ${x} WHERE id = 1",
    "UPDATE orders SET x = 1 WHERE region IS NULL",
    "DELETE FROM orders WHERE region = 'eu'",
    "WITH late AS (SELECT id, region FROM orders) SELECT id FROM late",
    "SELECT extract(year FROM region) FROM orders",
    "SELECT count(*) FILTER (WHERE region = 'x') FROM orders",
    "INSERT INTO archive (region) SELECT orders.region FROM orders",
    "SELECT name FROM customers WHERE id IN (SELECT customer_id FROM orders WHERE region = 'eu')",
    "SELECT id FROM shipments UNION SELECT region FROM orders",
    "SELECT (SELECT name FROM customers WHERE name = region) FROM orders",
    "SELECT id FROM orders WHERE EXISTS (SELECT FROM customers c WHERE c.name = region)",
    "SELECT ((region)) FROM orders WHERE lower(coalesce(region, '')) = ANY ($1)",
    "SELECT 1; SELECT region FROM orders",
    "INSERT INTO orders (id) SELECT id FROM areas ON CONFLICT (id, region) DO NOTHING",
    "WITH a AS (INSERT INTO orders (id) SELECT id FROM areas ON CONFLICT (id) DO UPDATE SET id = 1, region = 'x') SELECT id FROM areas",
    "SELECT c.name FROM customers c JOIN (SELECT id, region FROM orders WHERE open) AS orders ON orders.id = c.id",
    "SELECT c.name FROM customers c JOIN (SELECT id, region FROM orders) orders ON orders.id = c.id",
    "SELECT orders.region FROM customers JOIN (SELECT * FROM orders) AS orders ON true",
    "SELECT c.name FROM customers c LEFT JOIN (orders o JOIN customers k ON k.id = o.region) ON true",
    "SELECT c.name FROM (orders JOIN customers c ON c.id = orders.region)",
    "SELECT id FROM orders ${open || sql`JOIN customers ON true`} WHERE orders.region = 'eu'",
    "SELECT id FROM orders ${open ? sql`WHERE orders.region = ${of({ a: `${x}` })}` : sql``}",
    "SELECT id FROM orders ${open ? sql`WHERE ${other}` : sql``} ORDER BY region",
  ])("certain: %s", (sql) => {
    expect(inString(sql)).toEqual(["certain"])
  })

  it.each([
    "SELECT region FROM orders, areas",
    "SELECT region FROM orders JOIN shipments s ON s.id = orders.id",
    "SELECT region FROM (SELECT *, row_number() OVER () AS n FROM orders) numbered WHERE n = 1",
    "WITH late AS (SELECT o.* FROM orders o) SELECT region FROM late",
    "WITH late AS (SELECT o.* FROM orders o) SELECT l.region FROM late l",
    "SELECT o.region FROM (SELECT * FROM orders) AS o",
    "WITH made AS (INSERT INTO orders (id) VALUES (1) RETURNING *) SELECT region FROM made",
  ])("only likely, as another table or query may have the column, too: %s", (sql) => {
    expect(inString(sql)).toEqual(["likely"])
  })

  it.each([
    "SELECT * FROM orders",
    "SELECT region FROM shipments",
    "SELECT s.region FROM orders o JOIN shipments s ON s.id = o.id",
    "SELECT shipments.region FROM orders JOIN shipments ON true",
    "INSERT INTO shipments (region) SELECT id FROM orders",
    "UPDATE shipments SET region = orders.id FROM orders",
    "SELECT region FROM billing.orders",
    "SELECT billing.orders.region FROM billing.orders",
    "SELECT id AS region FROM orders",
    "SELECT 'region' FROM orders",
    "SELECT id FROM orders WHERE id = :region",
    "SELECT id FROM orders -- by region",
    "SELECT region(id) FROM orders",
    "SELECT regions FROM orders",
    'SELECT "Region" FROM orders',
    "WITH orders AS (SELECT region FROM shipments) SELECT region FROM orders",
    "WITH late AS (SELECT id FROM orders) SELECT late.region FROM late",
    "SELECT s.region FROM shipments s, (SELECT * FROM orders) o",
    "WITH late AS (SELECT id FROM orders) SELECT region FROM shipments",
    "WITH late AS (SELECT region FROM shipments), o AS (SELECT id FROM orders) SELECT region FROM late",
    "SELECT id FROM orders WHERE id IN (SELECT id FROM shipments WHERE region = 'eu')",
    "SELECT id FROM orders UNION ALL SELECT region FROM shipments",
    "SELECT id, (SELECT max(region) FROM areas) FROM orders",
    "SELECT region FROM shipments; SELECT id FROM orders",
    "SELECT orders.region FROM (SELECT name AS region FROM customers) orders",
    "SELECT orders.region FROM (SELECT id FROM orders) AS orders",
    "SELECT (SELECT region FROM (SELECT name AS region FROM customers) AS c) FROM orders",
    "SELECT id FROM orders JOIN (SELECT id FROM customers) region ON true",
    "SELECT id FROM orders ${open ? sql`WHERE ${region}` : sql``} ORDER BY id",
    "SELECT id FROM orders ${names.map((name) => `${region} and ${name}`)}",
    "the region of your orders",
  ])("none: %s", (sql) => {
    expect(inString(sql)).toEqual([])
  })

  it.each([
    ["UPDATE orders SET locked = true", ["certain"]],
    ["SELECT id FROM orders WHERE NOT locked AND id = 1 FOR UPDATE SKIP LOCKED", ["certain"]],
    ["SELECT id FROM orders FOR UPDATE SKIP LOCKED", []],
  ])("may be called like a keyword that PostgreSQL does not reserve: %s", (sql, grades) => {
    const locked: Removed = { kind: "column", schema: "public", table: "orders", column: "locked" }
    expect(uses(locked, "a.ts", `q(\`${sql}\`)`).map((use) => use.replace(/^\S+ /, ""))).toEqual(grades)
  })

  it("is found behind the templates in a template's expressions", () => {
    const text = "all(sql`\n  SELECT id FROM orders\n  ${open ? sql`\n    JOIN customers c ON c.id = orders.region` : ''}\n  WHERE region = ${of({ region })}\n  ORDER BY id`)\nconst region = `x`"
    expect(uses(REGION, "a.ts", text)).toEqual(["4:39 certain", "5:9 certain"])
    expect(uses(REGION, "a.ts", "const b = `SELECT region FROM orders WHERE ${a.replace(/`/g, '')}`")).toEqual(["1:19 certain"])
    // An expression that never ends is none.
    expect(uses(REGION, "a.ts", "const a = '`${', b = `${`\nq(`SELECT region FROM orders`)")).toEqual(["2:11 certain"])
  })

  it("is found in every language's strings", () => {
    const sql = "SELECT region FROM orders"
    expect(uses(REGION, "a.py", `rows = db.execute("""\n  ${sql}\n""")`)).toEqual(["2:10 certain"])
    expect(uses(REGION, "a.py", `x = 1  # don't\nrows = db.execute("SELECT region "\n  "FROM orders")`)).toEqual(["2:27 certain"])
    expect(uses(REGION, "A.java", `String q = "SELECT region " +\n  "FROM orders";`)).toEqual(["1:20 certain"])
    expect(uses(REGION, "a.go", `db.Query(\`\n\tSELECT o.region\n\tFROM orders o\`)`)).toEqual(["2:11 certain"])
    expect(uses(REGION, "a.rb", `sql = <<~SQL\n  ${sql}\nSQL\n`)).toEqual(["2:10 certain"])
    expect(uses(REGION, "a.php", `$q = "${sql} WHERE id = $id";`)).toEqual(["1:14 certain"])
    expect(uses(REGION, "a.rs", `fn f<'a>(x: &'a str) { query(r#"${sql}"#) }`)).toEqual(["1:40 certain"])
    expect(uses(REGION, "a.cs", `var q = @"SELECT "\n;`)).toEqual([])
    expect(uses(REGION, "a.cs", `var q = $@"SELECT ""region""\nFROM orders WHERE id = {id}";`)).toEqual(["1:20 certain"])
    expect(uses(REGION, "a.ex", `Repo.query("${sql}")`)).toEqual(["1:20 certain"])
    expect(uses(REGION, "a.ex", `Repo.query(~s(${sql} WHERE f(id)))`)).toEqual(["1:22 certain"])
    expect(uses(REGION, "a.rb", `find_by_sql(%q{${sql}})\nx = a %(b)`)).toEqual(["1:23 certain"])
    expect(uses(REGION, "q.sql", `-- name: Regions :many\n${sql};\nSELECT id FROM orders;`)).toEqual(["2:8 certain"])
    expect(uses(REGION, "m.xml", `<mapper><select id="a">\n ${sql} WHERE id = #{id}</select></mapper>`)).toEqual(["2:9 certain"])
    expect(uses(REGION, "a.ts", `q("SELECT \\"region\\" FROM \\"orders\\"\\nWHERE true")`)).toEqual(["1:12 certain"])
  })

  it("is not found in comments", () => {
    expect(uses(REGION, "a.ts", `// q("SELECT region FROM orders")\n/* q("SELECT region FROM orders") */`)).toEqual([])
    expect(uses(REGION, "a.py", `# db.execute("SELECT region FROM orders")`)).toEqual([])
  })
})

describe("models", () => {
  it.each([
    ["a.prisma", "model Order {\n  id     Int     @id\n  region String?\n}\n", ["3:3 likely"]],
    ["a.prisma", "model Purchase {\n  id   Int @id\n  area String @map(\"region\")\n\n  @@map(\"orders\")\n}\n", ["3:21 likely"]],
    ["a.ts", 'import { pgTable, text } from "drizzle-orm/pg-core"\nexport const orders = pgTable("orders", {\n  region: text("region"),\n})\n', ["3:3 likely"]],
    ["a.ts", 'export const orders = pgTable("orders", {\n  area: text("region"),\n})\n', ["2:15 likely"]],
    ["a.ts", '@Entity("orders")\nexport class Purchase {\n  @Column({\n    name: "region",\n  })\n  area: string\n}\n', ["4:12 likely"]],
    ["a.ts", '@Entity({ name: TableNames.Order })\nexport class Purchase {\n  @Column({ name: "region" })\n  area: string\n}\n', ["3:20 likely"]],
    ["a.ts", '@Entity({ name: TableNames.Shipments })\nexport class Order {\n  @Column({ name: "region" })\n  area: string\n}\n', []],
    ["a.ts", '@Entity({ name: "orders" })\nexport class Purchase {\n  @Column()\n  region: string\n}\n', ["4:3 likely"]],
    ["a.ts", 'import { Model } from "sequelize"\nOrder.init({\n  region: { type: DataTypes.STRING },\n}, { sequelize })\n', ["3:3 likely"]],
    ["a.ts", 'export default sequelize.define("Order", {\n  region: DataTypes.STRING,\n})\n', ["2:3 likely"]],
    ["a.py", 'class Purchase(Base):\n    __tablename__ = "orders"\n\n    id = Column(Integer)\n    region = Column(String)\n', ["5:5 likely"]],
    ["a.py", 'orders = Table(\n    "orders",\n    metadata,\n    Column("region", String),\n)\n', ["4:13 likely"]],
    ["shop/models.py", 'from django.db import models\n\nclass Order(models.Model):\n    region = models.CharField(max_length=9)\n\n    class Meta:\n        db_table = "orders"\n', ["4:5 likely"]],
    ["order.rb", "class Order < ApplicationRecord\n  validates :region, presence: true\nend\n", ["2:14 likely"]],
    ["a.go", "type Order struct {\n\tID     int64  `gorm:\"primaryKey\"`\n\tRegion string\n}\n", ["3:2 likely"]],
    ["a.go", "type Row struct {\n\tArea string `gorm:\"column:region\"`\n}\n\nfunc (Row) TableName() string { return \"orders\" }\n", ["2:28 likely"]],
    ["Order.java", 'import jakarta.persistence.*;\n\n@Entity\n@Table(name = "orders")\npublic class Purchase {\n    @Column(name = "region")\n    private String area;\n}\n', ["6:21 likely"]],
    ["Order.java", "import jakarta.persistence.*;\n\n@Entity\npublic class Order {\n    private String region;\n}\n", ["5:20 likely"]],
    ["order.ex", 'defmodule Shop.Order do\n  use Ecto.Schema\n\n  schema "orders" do\n    field :region, :string\n  end\nend\n', ["5:12 likely"]],
    ["Order.cs", "using Microsoft.EntityFrameworkCore;\n\npublic class Order\n{\n    public string Region { get; set; }\n}\n", ["5:19 likely"]],
    ["schema.rs", "diesel::table! {\n    orders (id) {\n        id -> Int8,\n        region -> Nullable<Text>,\n    }\n}\n\ndiesel::table! {\n    shipments (id) {\n        region -> Text,\n    }\n}\n", ["4:9 likely"]],
    ["views.py", 'Order.objects.filter(region__in=names)\nItem.objects.filter(order__region__iexact="eu")\nItem.objects.filter(region__in=names)\n', ["1:22 likely", "2:28 likely"]],
    ["order.rs", '#[derive(Queryable)]\n#[diesel(table_name = orders)]\npub struct Purchase {\n    pub region: String,\n}\n', ["4:9 likely"]],
    ["a.ts", 'import { Table, Column } from "sequelize-typescript"\n\n@Table({ tableName: "orders", modelName: "purchase" })\nclass Purchase extends Model<\n  InferAttributes<Purchase>,\n  Creation<Purchase>\n> {\n  @Column\n  region: string\n}\n', ["9:3 likely"]],
    ["orders/models/order.py", "from django.db import models\n\nclass Order(\n    Tracked,\n    PrimaryModel,\n):\n    region = models.CharField(max_length=9)\n", ["7:5 likely"]],
    ["Order.scala", "import com.augustnagro.magnum.*\n\nprivate case class Order(id: Long, region: Option[String], other: String)\n", ["3:36 likely"]],
    ["Order.kt", "import org.springframework.data.annotation.Id\n\ndata class Order(@Id val id: Long, val region: String)\n", ["3:40 likely"]],
    ["Order.php", "<?php\nuse Illuminate\\Database\\Eloquent\\Model;\n\nclass Purchase extends Model\n{\n    protected $table = 'orders';\n    protected $fillable = ['id', 'region'];\n}\n", ["7:35 likely"]],
  ])("%s %j", (path, text, expected) => {
    expect(uses(REGION, path, text)).toEqual(expected)
  })

  it("are not taken for those of a table that the schema has", () => {
    const wanted = { removed: { kind: "column", schema: "public", table: "users", column: "role" } as const, mayHave: () => true, hasTable: (name: string) => name === "team_users" }
    const search = createUseSearch([wanted])
    search.add("a.ts", "teamUser.role\ncurrentUser.role\nuser()\n")
    expect(search.usesOf(wanted).map(({ line }) => line)).toEqual([2])
  })

  it("in all spellings", () => {
    expect(uses(UNIT_PRICE, "a.prisma", "model OrderItem {\n  unitPrice Int\n}\n")).toEqual(["2:3 likely"])
    expect(uses(UNIT_PRICE, "a.go", "import \"gorm.io/gorm\"\n\ntype OrderItem struct {\n\tUnitPrice int\n}\n")).toEqual(["4:2 likely"])
    expect(uses(UNIT_PRICE, "a.py", "class OrderItem(db.Model):\n    unit_price = db.Column(db.Integer)\n")).toEqual(["2:5 likely"])
    expect(uses(UNIT_PRICE, "a.ts", "total += orderItem.unitPrice * 2")).toEqual(["1:20 likely"])
  })

  it.each([
    ["a model of another table", "a.prisma", "model Shipment {\n  region String\n}\nmodel Order {\n  id Int\n}\n"],
    ["a model that is mapped to another table", "a.prisma", 'model Order {\n  region String\n  @@map("purchases")\n}\n'],
    ["a field that is mapped to another column", "a.prisma", 'model Order {\n  region String @map("area_code")\n}\n'],
    ["a field that is mapped to another column", "a.ts", '@Entity("orders")\nclass Order {\n  @Column({ name: "area_code" })\n  region: string\n}\n'],
    ["a struct tag of JSON", "a.go", 'type Order struct {\n\tArea string `json:"region" db:"area"`\n}\n'],
    ["a class that no mapper knows", "a.ts", "class Order {\n  region: string\n}\n"],
    ["a variable in a method of the model", "order.rb", "class Order < ApplicationRecord\n  def place\n    region = lookup\n  end\nend\n"],
    ["an import", "a.ts", 'import { region } from "./orders"\n'],
    ["a type of the same name", "Order.swift", "import Fluent\n\nclass Order: Model {\n    enum Region: String {}\n    let kind: Order.Region\n}\n"],
    ["an element of a page", "order.tsx", "const view = order.items.map(() => <Region order={order} />)\n"],
    ["settings and descriptions of interfaces", "openapi.yaml", "Order:\n  properties:\n    region: string\norder.region: the region\n"],
    ["settings and descriptions of interfaces", "api.graphql", "type Order {\n  region: String\n}\n"],
    ["a longer name", "a.prisma", "model Order {\n  regions String\n  regionCode String\n}\n"],
  ])("none: %s", (_, path, text) => {
    expect(uses(REGION, path, text)).toEqual([])
  })
})

describe("queries of ORMs and query builders", () => {
  it.each([
    ["a.clj", "(query {:select [:id :region]\n        :from [:orders]})", "1:23"],
    ["a.ts", 'await prisma.order.findMany({\n  where: {\n    region: "eu",\n  },\n})\n', "3:5"],
    ["a.ts", 'db.select({ r: orders.region }).from(orders)\n', "1:23"],
    ["a.ts", 'const rows = await db\n  .selectFrom("orders")\n  .select(["id", "region"])\n  .execute()\n', "3:19"],
    ["a.ts", 'knex("orders").where("region", x)\n', "1:23"],
    ["a.ts", 'knex("orders").where({ region })\n', "1:24"],
    ["a.ts", "supabase.from('orders').select('id, region')\n", "1:37"],
    ["a.ts", 'Order.findAll({ where: { region: x } })\n', "1:26"],
    ["a.rb", 'Order.where(region: "eu").first\n', "1:13"],
    ["a.rb", 'Order.where("region = ?", x)\n', "1:14"],
    ["a.rb", 'order.region = "eu"\n', "1:7"],
    ["a.py", 'Order.objects.filter(region="eu")\n', "1:22"],
    ["a.py", 'session.query(Order).filter(Order.region == x)\n', "1:35"],
    ["a.ex", 'from o in Order, where: o.region == ^x\n', "1:27"],
    ["a.cs", "var x = db.Orders.Where(o => o.Region == y).ToList();\n", "1:32"],
    ["a.php", "$order->region = 'eu';\n", "1:9"],
    ["a.js", 'row(order["region"])\n', "1:12"],
    ["a.php", "$connection->update('orders', ['region' => $x]);\n", "1:33"],
    ["a.ts", "this.db('orders').where({ region })\n", "1:27"],
    ["a.kt", "Orders.selectAll().map { it.region }\n", "1:29"],
    ["a.ex", 'from o in "orders", where: o.region == ^x\n', "1:30"],
  ])("%s %j", (path, text, expected) => {
    expect(uses(REGION, path, text)).toEqual([`${expected} likely`])
  })

  it.each([
    ["a value that only has the name", "a.rb", "Order.where(area: region)\n"],
    ["another table's query", "a.ts", 'knex("shipments").where("region", x)\nknex("orders").where("id", y)\n'],
    ["another model's", "a.ts", "await prisma.shipment.findMany({ where: { region: x } })\nawait prisma.order.count()\n"],
    ["code inside of a callback", "a.ts", "Order.each((o) => {\n  const region = lookup(o)\n})\n"],
    ["a text beside the table's name", "messages.ts", "export const labels = define({\n  region: 'label.region',\n  orders: 'label.orders',\n})\n"],
    ["a text beside the table's name", "a.php", "$api->list(tags: ['orders'], path: '/orders', region: 'x');\n"],
    ["a text beside the table's name", "a.ts", "toast({ title: t('orders'), region: 1 })\n"],
    ["another row's member", "a.ts", "Order.findAll({ limit: context.region.limit })\n"],
    ["the row of a table that is known", "a.ts", "check(shipmentCustomer.region)\nuse(orderShipment.region)\n"],
    ["a route", "routes.rb", 'delete "orders", to: "orders#destroy", region: "x"\n'],
    ["a function's parameter", "a.py", "def place(order, region):\n    pass\n"],
  ])("none: %s", (_, path, text) => {
    expect(uses(REGION, path, text)).toEqual([])
  })
})

describe("tables", () => {
  it("are found in a sub-query that is called like them", () => {
    expect(uses(ORDERS, "a.ts", "q(`SELECT 1 FROM customers JOIN (SELECT id FROM orders) AS orders ON true`)")).toEqual(["1:49 certain"])
    expect(uses(ORDERS, "a.ts", "q(`SELECT 1 FROM (SELECT id FROM customers) AS orders`)")).toEqual([])
  })

  it.each([
    ["a.ts", "q(`SELECT * FROM orders WHERE id = 1`)", "1:18 certain"],
    ["a.ts", "q(`DELETE FROM public.orders`)", "1:23 certain"],
    ["a.ts", 'knex("orders").first()', "1:7 likely"],
    ["a.ts", 'export const t = pgTable("orders", {})', "1:27 likely"],
    ["a.prisma", "model Order {\n  id Int\n}\n", "1:7 likely"],
    ["a.prisma", 'model Purchase {\n  id Int\n  @@map("orders")\n}\n', "3:10 likely"],
    ["a.rb", "class Order < ApplicationRecord\nend\n", "1:7 likely"],
    ["a.ts", "prisma.order.findMany()", "1:8 likely"],
    ["a.rs", "orders::table.select(customers::id)", "1:1 likely"],
    ["a.rs", "query.order(orders::id)", "1:13 likely"],
    ["a.rs", "order::Entity::find()", "1:1 likely"],
    ["store.ts", "const TABLE = 'orders'", "1:16 likely"],
    ["a.go", 'func (Row) TableName() string { return "orders" }', "1:41 likely"],
  ])("%s %j", (path, text, expected) => {
    expect(uses(ORDERS, path, text)).toEqual([expected])
  })

  it.each([
    ["a.ts", 't("orders")'],
    ["a.ts", "q(`SELECT orders FROM customers`)"],
    ["a.ts", "q(`SELECT * FROM billing.orders`)"],
    ["a.ts", "q(`WITH orders AS (SELECT 1) SELECT * FROM orders`)"],
    ["a.ts", "const orders = []\norders.push(1)"],
    ["a.ts", "class Order {}"],
  ])("none: %s %j", (path, text) => {
    expect(uses(ORDERS, path, text)).toEqual([])
  })
})

describe("functions and enum values", () => {
  it("are found in SQL, and where functions are called by name", () => {
    const removed: Removed = { kind: "function", schema: "public", function: "next_code" }
    expect(uses(removed, "a.ts", "q(`SELECT next_code($1)`)\nsupabase.rpc('next_code')\nnext_code()\n")).toEqual(["2:15 likely"])
    expect(uses(removed, "a.ts", "q(`SELECT next_code($1) FROM orders`)")).toEqual(["1:11 certain"])
  })

  it("are found where a string is compared with a column", () => {
    const removed: Removed = { kind: "enum value", schema: "public", type: "order_status", value: "shipped" }
    expect(uses(removed, "a.ts", "q(`SELECT id FROM orders WHERE status = 'shipped'`)\nq(`SELECT 'shipped' FROM orders`)")).toEqual(["1:41 certain"])
    expect(uses(removed, "a.ts", 'export const orderStatus = pgEnum("order_status", ["new", "shipped"])')).toEqual(["1:60 likely"])
  })
})
