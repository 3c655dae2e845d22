import { describe, expect, it } from "vitest"
import { readEcto } from "../../src/code/languages/ecto/read.ts"
import { summary } from "./summary.ts"

const SCHEMA = `  defmodule Order do
    use Ecto.Schema
    schema "orders" do
      field :note, :string
    end
  end

  defmodule Old.Line do
    use Ecto.Schema
    schema("old_lines") do
    end
  end

  defmodule Draft do
    use Ecto.Schema
    embedded_schema do
    end
  end
`

function read(body: string, name = "up") {
  const source = `defmodule M do\n  use Ecto.Migration\n  import Ecto.Query\n${SCHEMA}\n  def ${name} do\n${body.replace(/^/gm, "    ")}\n  end\nend\n`
  const collected = readEcto(source)
  return { ...summary(source, collected), source, collected }
}

// What Ecto makes of them, with the names of columns alone.
describe("a repository makes a statement of", () => {
  it.each([
    ['Repo.update_all("orders", set: [note: nil, total: 1, paid: true, state: :open])', 'UPDATE "orders" SET "note" = NULL, "total" = 1, "paid" = true, "state" = ${...}'],
    ['from(o in "orders", update: [set: [note: "it\'s", total: o.count]]) |> Shop.Repo.update_all([])', `UPDATE "orders" SET "note" = 'it''s', "total" = "count"`],
    ['from(o in "orders", where: o.note == "a" and (is_nil(o.total) or o.total > 5), where: not is_nil(o.count)) |> repo().update_all(inc: [total: 1])', `UPDATE "orders" SET "total" = "total" + 1 WHERE ("note" = 'a' AND ("total" IS NULL OR "total" > 5)) AND NOT ("count" IS NULL)`],
    ['from(o in "orders", where: [note: "a"], or_where: [note: ^b, total: 1], or_where: o.id == 1, where: o.id == 2) |> repo().delete_all()', `DELETE FROM "orders" WHERE (("note" = 'a' OR "note" = \${...} AND "total" = 1) OR "id" = 1) AND "id" = 2`],
    ['"orders" |> where([o], o.id in ^ids) |> where(total: 1) |> order_by(:id) |> repo().update_all(set: [note: note()])', 'UPDATE "orders" SET "note" = ${...} WHERE "id" IN (${...}) AND "total" = 1'],
    ['query = from o in "orders", where: o.id in [1, ^b]\nrepo().delete_all(query)', 'DELETE FROM "orders" WHERE "id" IN (1, ${...})'],
    ['query = from(o in "orders", where: o.id in subquery(old))\n{n, _} = repo().delete_all(query, prefix: "app")', 'DELETE FROM "app"."orders" WHERE "id" IN (SELECT ${...})'],
    ['from(o in "orders", join: l in "lines", on: l.order_id == o.id, where: l.total == o.total, prefix: "app") |> repo().delete_all()', 'DELETE FROM "app"."orders" WHERE ${...} AND ${...} AND ${...}'],
    ['from(o in "orders", where: o.total == l.total, where: fragment("note ~ \'x\'"), where: fragment("? > 1", o.total)) |> repo().delete_all()', `DELETE FROM "orders" WHERE \${...} AND (note ~ 'x') AND \${...}`],
    ['repo().update_all(Order, set: [note: fragment("lower(note)")])', 'UPDATE "orders" SET "note" = lower(note)'],
    ['repo().delete_all(Old.Line)', 'DELETE FROM "old_lines"'],
    ['Order |> Ecto.Query.where([o], o.note != "x") |> update([o], set: [note: "x"]) |> repo().update_all([])', `UPDATE "orders" SET "note" = 'x' WHERE "note" != 'x'`],
    ['repo().delete_all({"orders", Other})', 'DELETE FROM "orders"'],
    ['repo().insert_all("orders", [[note: "a", total: 1], %{total: 2, note: b}], on_conflict: :nothing)', `INSERT INTO "orders" ("note", "total") VALUES ('a', 1), (\${...}, 2) ON CONFLICT DO NOTHING`],
    ['repo().insert_all("orders", rows)', 'INSERT INTO "orders" SELECT'],
  ])("%s", (body, expected) => {
    const { sql, builders, unread } = read(body)
    expect({ sql, builders, unread }).toEqual({ sql: [`up: ${expected}`], builders: 0, unread: [] })
  })

  it("what runs at once, before commands that wait, and in the turn of a function", () => {
    const { sql, source, collected } = read(`alter table(:orders), do: add(:note, :text)
Repo.update_all("orders", set: [note: "a"])
execute(fn -> Repo.update_all("orders", set: [note: "b"]) end)
flush()
Enum.each(rows(), fn row -> Repo.update_all(from(o in "orders", where: o.id == ^row.id), set: [note: "c"]) end)`)
    const inOrder = sql.map((text, index) => ({ text, at: collected.calls[index]?.at ?? 0 })).sort((left, right) => left.at - right.at).map(({ text }) => text)
    expect(inOrder).toEqual([
      `up: UPDATE "orders" SET "note" = 'a'`,
      'up: ALTER TABLE "orders" ADD COLUMN "note" text',
      `up: UPDATE "orders" SET "note" = 'b'`,
      `up perhaps: UPDATE "orders" SET "note" = 'c' WHERE "id" = \${...}`,
    ])
    const { text } = collected.calls.find((call) => call.text.sql.includes("'a'")) ?? { text: null }
    expect(source.slice(text?.from, text?.to)).toBe('Repo.update_all("orders", set: [note: "a"])')
  })
})

it.each([
  "Repo.update_all(Shop.Order, set: [note: nil])",
  "Repo.update_all(Draft, set: [note: nil])",
  "Repo.update_all(query, set: [note: nil])",
  'Repo.update_all("orders", changes)',
  'Repo.update_all("orders", push: [tags: "a"])',
  'Repo.delete_all(from(o in "orders", with_cte: x))',
  'Repo.insert_all("orders", rows, on_conflict: :replace_all)',
])("counts rows of which nothing is in sight, and doubts nothing because of them: %s", (body) => {
  const { sql, builders, collected } = read(body)
  expect({ sql, builders }).toEqual({ sql: [], builders: 1 })
  expect(collected.builders[0]).toMatchObject({ columns: [], wide: false })
})

it("passes over rows that are changed one by one", () => {
  expect(read("Repo.update!(changeset)\nRepo.insert!(%Order{})\nRepo.all(Order)")).toMatchObject({ sql: [], builders: 0, unread: [] })
})
