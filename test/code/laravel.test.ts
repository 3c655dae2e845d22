import { describe, expect, it } from "vitest"
import { readLaravel } from "../../src/code/languages/laravel/read.ts"
import { summary } from "./summary.ts"

function read(body: string) {
  const source = `<?php\nuse Illuminate\\Database\\Schema\\Blueprint;\nreturn new class extends Migration {\n    public function up(): void\n    {\n        ${body}\n    }\n};\n`
  return { ...summary(source, readLaravel(source)), source, calls: readLaravel(source).calls }
}

function sqlOf(body: string): readonly string[] {
  const { sql, builders } = read(body)
  expect(builders).toBe(0)
  return sql.map((text) => text.replace(/^up: /, ""))
}

/** What a blueprint of the table `orders` makes. */
function changed(...calls: readonly string[]): readonly string[] {
  return sqlOf(`Schema::table('orders', function (Blueprint $table) { ${calls.map((call) => `$table->${call};`).join(" ")} });`).map((text) => text.replace('alter table "orders" ', ""))
}

describe("Laravel makes SQL of", () => {
  it.each([
    ["string('a', 100)->nullable()", ['add column "a" varchar(100) null']],
    ["string('a')->default('it''s')->after('b')", ['add column "a" varchar(255) not null default \'its\'']],
    ["boolean('a')->default(false)->comment('x')", ['add column "a" boolean not null default \'0\'']],
    ["integer('a')->unsigned()->default(-1)", ['add column "a" integer not null default \'-1\'']],
    ["timestamp('a')->useCurrent()", ['add column "a" timestamp(0) without time zone not null default CURRENT_TIMESTAMP']],
    ["timestampTz('a', 6)->nullable()", ['add column "a" timestamp(6) with time zone null']],
    ["timestamp('a')->default(now())", ['add column "a" timestamp(0) without time zone not null default \'${...}\'']],
    ["uuid('a')->default(DB::raw('gen_random_uuid()'))", ['add column "a" uuid not null default gen_random_uuid()']],
    ["decimal('a', 10, 3)", ['add column "a" decimal(10, 3) not null']],
    ["enum('a', ['x', 'y'])", ["add column \"a\" varchar(255) check (\"a\" in ('x', 'y')) not null"]],
    ["jsonb('a')->default(new Expression(\"'{}'\"))", ['add column "a" jsonb not null default \'{}\'']],
    ["text('a')->storedAs('upper(b)')", ['add column "a" text not null generated always as (upper(b)) stored']],
    ["bigInteger('a')->autoIncrement()", ['add column "a" bigserial not null primary key']],
    ["softDeletes()", ['add column "deleted_at" timestamp(0) without time zone null']],
    ["timestamps()", ['add column "created_at" timestamp(0) without time zone null', 'add column "updated_at" timestamp(0) without time zone null']],
    ["string('a')->unique()", ['add column "a" varchar(255) not null', 'add constraint "orders_a_unique" unique ("a")']],
    ["string('a')->index('by_a')", ['add column "a" varchar(255) not null', 'create index "by_a" on "orders" ("a")']],
    ["foreignId('shop_id')->nullable()->constrained()->cascadeOnDelete()", ['add column "shop_id" bigint null', 'add constraint "orders_shop_id_foreign" foreign key ("shop_id") references "shops" ("id") on delete cascade']],
    ["foreignUuid('owner_id')->constrained('users', 'uuid', 'of_user')", ['add column "owner_id" uuid not null', 'add constraint "of_user" foreign key ("owner_id") references "users" ("uuid")']],
    ["unsignedBigInteger('a')->references('id')->on('b')", ['add column "a" bigint not null', 'add constraint "orders_a_foreign" foreign key ("a") references "b" ("id")']],
    ["foreign(['a', 'b'], 'of_c')->references(['x', 'y'])->on('c')->onUpdate('set null')->deferrable()->initiallyImmediate(false)->notValid()", [
      'add constraint "of_c" foreign key ("a", "b") references "c" ("x", "y") on update set null deferrable initially deferred not valid',
    ]],
    ["nullableUuidMorphs('owner')", ['add column "owner_type" varchar(255) null', 'add column "owner_id" uuid null', 'create index "orders_owner_type_owner_id_index" on "orders" ("owner_type", "owner_id")']],
    ["unique(['a', 'b'])", ['add constraint "orders_a_b_unique" unique ("a", "b")']],
    ["primary('a')", ['add primary key ("a")']],
    ["rawIndex('lower(a)', 'by_lower')", ['create index "by_lower" on "orders" (lower(a))']],
    ["string('a', 50)->nullable()->change()", ['alter column "a" type varchar(50), alter column "a" drop not null, alter column "a" drop default, alter column "a" drop identity if exists']],
    ["bigInteger('a')->default(0)->using('a::bigint')->change()", ['alter column "a" type bigint using a::bigint, alter column "a" set not null, alter column "a" set default \'0\', alter column "a" drop identity if exists']],
    ["dropColumn('a', 'b')", ['drop column "a", drop column "b"']],
    ["dropColumn(['a', 'b'])", ['drop column "a", drop column "b"']],
    ["dropConstrainedForeignId('shop_id')", ['drop constraint "orders_shop_id_foreign"', 'drop column "shop_id"']],
    ["dropForeign(['shop_id'])", ['drop constraint "orders_shop_id_foreign"']],
    ["dropUnique('one_a')", ['drop constraint "one_a"']],
    ["dropIndex(['a', 'b'])", ['drop index "orders_a_b_index"']],
    ["dropPrimary()", ['drop constraint "orders_pkey"']],
    ["dropTimestamps()", ['drop column "created_at", drop column "updated_at"']],
    ["dropMorphs('owner')", ['drop index "orders_owner_type_owner_id_index"', 'drop column "owner_type", drop column "owner_id"']],
    ["renameColumn('a', 'b')", ['rename column "a" to "b"']],
    ["renameIndex('a', 'b')", ['alter index "a" rename to "b"']],
  ])("%s", (call, expected) => {
    expect(changed(call.replace("it''s", "its"))).toEqual(expected)
  })

  it("new tables, with what comes behind them", () => {
    expect(sqlOf(`Schema::create('shop.orders', static function (Blueprint $table): void {
            $table->id();
            $table->string('code')->unique();
            $table->foreignId('shop_id')->constrained();
            $table->index('shop_id', 'by_shop');
            $table->timestamps();
        });`)).toEqual([
      'create table "shop"."orders" ("id" bigserial not null primary key, "code" varchar(255) not null, "shop_id" bigint not null, ' +
        '"created_at" timestamp(0) without time zone null, "updated_at" timestamp(0) without time zone null)',
      'alter table "shop"."orders" add constraint "shop_orders_shop_id_foreign" foreign key ("shop_id") references "shops" ("id")',
      'create index "by_shop" on "shop"."orders" ("shop_id")',
      'alter table "shop"."orders" add constraint "shop_orders_code_unique" unique ("code")',
    ])
  })

  it("keys of several columns", () => {
    expect(sqlOf("Schema::create('a', function (Blueprint $t) { $t->bigIncrements('x'); $t->uuid('y'); $t->primary(['x', 'y']); });")).toEqual([
      'create table "a" ("x" bigserial not null, "y" uuid not null)',
      'alter table "a" add primary key ("x", "y")',
    ])
  })

  it.each([
    ["Schema::drop('a');", ['drop table "a"']],
    ["Schema::dropIfExists('a');", ['drop table if exists "a"']],
    ["Schema::rename('a', 'b');", ['alter table "a" rename to "b"']],
    ["Schema::dropColumns('a', ['x', 'y']);", ['alter table "a" drop column "x", drop column "y"']],
  ])("%s", (call, expected) => {
    expect(sqlOf(call)).toEqual(expected)
  })

  it("what it drops under names that it makes up, which may be others in the database", () => {
    expect(read("Schema::table('a', function (Blueprint $table) { $table->dropForeign(['b']); $table->dropColumn('b'); });").calls.map(({ derived }) => derived)).toEqual([true, undefined])
  })

  it("changes of Laravel 10, which leave alone what they are not told", () => {
    const source = "<?php Schema::table('a', function (Blueprint $table) { $table->string('b', 9)->change(); $table->integer('c')->nullable()->default(1)->change(); });"
    expect(readLaravel(source, 10).calls.map(({ text }) => text.sql)).toEqual([
      'alter table "a" alter column "b" type varchar(9)',
      'alter table "a" alter column "c" type integer, alter column "c" drop not null, alter column "c" set default \'1\'',
    ])
  })

  it("places of the code", () => {
    const { calls, source } = read("Schema::table('a', function (Blueprint $table) { $table->string('b', 9)->change(); });")
    const [type] = calls[0]?.text.segments.filter(({ start, end }) => calls[0]?.text.sql.slice(start, end) === "varchar(9)") ?? []
    expect(source.slice(type?.from, type?.to)).toBe("string('b', 9)")
    // What stands nowhere comes from the chain, not from all of the blueprint.
    expect(source.slice(calls[0]?.text.from, calls[0]?.text.to)).toBe("$table->string('b', 9)->change()")
  })
})

describe("Calls of Laravel's schema builder that are not read", () => {
  it.each([
    "Schema::table($name, function (Blueprint $table) { $table->string('a'); });",
    "Schema::table('a', function (Blueprint $table) { $table->string($name); });",
    "Schema::table('a', function (Blueprint $table) { $table->string('b', LENGTH); });",
    "Schema::table('a', function (Blueprint $table) { $table->addColumn('money', 'b'); });",
    "Schema::table('a', function (Blueprint $table) { $table->string('b')->default($value); });",
    "Schema::table('a', function (Blueprint $table) { $table->string('b')->magic(); });",
    "Schema::table('a', function (Blueprint $table) { $table->enum('b', ['x'])->change(); });",
    "Schema::table('a', function (Blueprint $table) { if (large()) { $table->string('b'); } });",
    "Schema::table('a', function (Blueprint $table) { foreach ($all as $one) { $table->string($one); } });",
    "Schema::table('a', function (Blueprint $table) { $table->foreignIdFor(User::class); });",
    "Schema::table('a', fn (Blueprint $table) => $table->string('b'));",
    "Schema::table('a', $this->blueprint());",
    "Schema::create('a', function (Blueprint $table) { $table->foreignId('b')->constrained($name); });",
  ])("are counted: %s", (call) => {
    const { sql, builders } = read(call)
    expect({ sql, builders }).toEqual({ sql: [], builders: 1 })
  })
})

describe("Laravel's query builder", () => {
  it.each([
    ["update(['a' => 'x', 'b' => 1, 'c' => null, 'd' => true, 'e' => DB::raw('f + 1')])", `update "orders" set "a" = 'x', "b" = 1, "c" = null, "d" = true, "e" = f + 1`],
    ["where('a', 1)->where('b', '>', -2.5)->orWhere('c', null)->update(['orders.d' => now()])", 'update "orders" set "d" = ${...} where "a" = 1 and "b" > -2.5 or "c" is null'],
    ["where(['a' => 1, 'b' => 'x'])->whereNull('c')->orWhereNotNull('d')->delete()", `delete from "orders" where "a" = 1 and "b" = 'x' and "c" is null or "d" is not null`],
    ["whereIn('a', [1, 2])->whereNotIn('b', $ids)->whereIn('c', fn ($query) => $query->from('x'))->delete()", 'delete from "orders" where "a" in (1, 2) and "b" not in (${...}) and "c" in (select ${...})'],
    ["whereBetween('a', [1, $last])->whereColumn('b', '<>', 'c')->whereRaw('d is true')->delete()", 'delete from "orders" where "a" between 1 and ${...} and "b" <> "c" and d is true'],
    ["where(function ($query) { $query->where('a', 1); })->whereJsonContains('b', 1)->delete()", 'delete from "orders" where ${...} and ${...}'],
    ["where('id', $order->id)->orderBy('id')->increment('total', 5, ['a' => 'x'])", `update "orders" set "total" = "total" + 5, "a" = 'x' where "id" = \${...}`],
    ["decrement('total')", 'update "orders" set "total" = "total" - 1'],
    ["delete(7)", 'delete from "orders" where "id" = 7'],
    ["truncate()", 'truncate "orders" restart identity cascade'],
    ["insert(['a' => 1, 'b' => $b])", 'insert into "orders" ("a", "b") values (1, ${...})'],
    ["insertOrIgnore([['a' => 1, 'b' => 2], ['b' => 3, 'a' => 4]])", 'insert into "orders" ("a", "b") values (1, 2), (4, 3) on conflict do nothing'],
    ["insert($rows)", 'insert into "orders" select'],
  ])("makes a statement of %s", (calls, expected) => {
    expect(sqlOf(`DB::table('orders')->${calls};`)).toEqual([expected])
  })

  it("takes the whole chain for its place, and rows that are handed to a function for a lookup of each", () => {
    const { sql, calls, source, builders } = read(`
      DB::table('orders')->where('a', 1)->chunkById(100, function ($rows) {
        foreach ($rows as $row) { DB::table('orders')->where('id', $row->id)->update(['b' => $row->a]); }
      });
      $count = DB::table('orders')->count();
    `)
    expect(sql).toEqual(['up: update "orders" set "b" = ${...} where "id" = ${...}'])
    expect(builders).toBe(0)
    expect(source.slice(calls[0]?.text.from, calls[0]?.text.to)).toBe("DB::table('orders')->where('id', $row->id)->update(['b' => $row->a])")
  })

  it.each([
    "DB::table($table)->update(['a' => 1]);",
    "DB::table('orders as o')->update(['a' => 1]);",
    "DB::table('orders')->update($values);",
    "DB::table('orders')->update(['options->a' => 1]);",
    "DB::table('orders')->join('customers', 'customers.id', '=', 'orders.customer_id')->update(['a' => 1]);",
    "DB::table('orders')->limit(5)->delete();",
    "DB::table('orders')->updateOrInsert(['id' => 1], ['a' => 2]);",
  ])("counts what is not read: %s", (call) => {
    const { sql, builders } = read(call)
    expect({ sql, builders }).toEqual({ sql: [], builders: 1 })
  })
})

describe("Eloquent", () => {
  it.each([
    ["User::where('locale', 'no')->update(['locale' => 'nn']);", `update "users" set "locale" = 'nn' where "locale" = 'no'`],
    ["\\App\\Models\\OrderLine::query()->whereNull('a')->withTrashed()->update(['a' => now()]);", 'update "order_lines" set "a" = ${...} where "a" is null'],
    ["Category::whereHas('orders')->orWhere(fn ($query) => $query->where('a', 1))->increment('b');", 'update "categories" set "b" = "b" + 1 where ${...} or ${...}'],
    ["APIKey::onlyTrashed()->forceDelete();", null],
    ["Setting::where(['a' => true])->forceDelete();", 'delete from "settings" where "a" = true'],
    ["Order::where('a', 1)->delete();", null],
    ["Order::query()->active()->update(['a' => 1]);", null],
    ["Order::query()->update($values);", null],
  ])("makes a statement of %s", (call, expected) => {
    const { sql, builders } = read(call)
    expect({ sql, builders }).toEqual(expected === null ? { sql: [], builders: 1 } : { sql: [`up: ${expected}`], builders: 0 })
  })

  it("knows the classes of the file, and passes over models that are changed one by one, and what is no model", () => {
    const source = `<?php
use App\\Models\\Person as Owner;
class Order extends Model { protected $table = 'purchases'; }
class Line extends Model { use SoftDeletes; }
return new class extends Migration {
    public function up(): void {
        Order::where('a', 1)->delete();
        Line::where('a', 1)->delete();
        Owner::query()->update(['a' => 1]);
        Order::where('a', 1)->first()->update(['a' => 2]);
        Order::where('a', 1)->chunkById(100, fn ($orders) => $orders->each->update(['a' => 2]));
        Order::all()->each(fn ($order) => $order->update(['a' => 2]));
        Order::create(['a' => 1]);
        Cache::increment('a');
        File::delete('a');
        $order->where('a', 1)->update(['a' => 1]);
    }
};`.replaceAll("\\\\", "\\")
    const { calls, builders } = readLaravel(source)
    expect(calls.map(({ text, derived }) => [text.sql, derived])).toEqual([
      ['delete from "purchases" where "a" = 1', true],
      ['update "people" set "a" = 1', true],
    ])
    expect(builders.map(({ start, end }) => source.slice(start, end))).toEqual(["Line::where('a', 1)->delete()"])
    expect(source.slice(calls[1]?.text.from, calls[1]?.text.to)).toBe("Owner::query()->update(['a' => 1])")
  })
})
