import { describe, expect, it } from "vitest"
import type { Collected } from "../../src/code/languages/collected.ts"
import { readDoctrine } from "../../src/code/languages/doctrine.ts"
import { readLaravel } from "../../src/code/languages/laravel/read.ts"
import { readPhinx } from "../../src/code/languages/phinx.ts"
import { summary } from "./summary.ts"

/** The texts in the order in which they run, each with how. */
const sqlOf = (source: string, collected: Collected): readonly string[] =>
  summary(source, { ...collected, calls: [...collected.calls].sort((left, right) => left.at - right.at) }).sql

describe("PHP", () => {
  const read = (body: string): readonly string[] => {
    const source = `<p>$this->addSql("SELECT 0")</p>\n<?php\nclass Version1 extends AbstractMigration\n{\n${body}\n}\n`
    return sqlOf(source, readDoctrine(source))
  }
  const up = (body: string): readonly string[] => read(`public function up(Schema $schema): void {\n${body}\n}`)

  it("reads of a switch over the database what runs on PostgreSQL", () => {
    const sql = up(`
      switch (true) {
        case $platform instanceof SqlitePlatform:
          if ($a) { break; }
          $this->addSql('SELECT 1');
          break;
        case $platform instanceof MySQLPlatform: { $this->addSql('SELECT 2'); break; }
        case $platform instanceof PostgreSQLPlatform:
          $this->addSql('SELECT 3');
      }
      switch ($this->connection->getDatabasePlatform()->getName()) {
        case 'mysql':
        case 'sqlite':
          $this->addSql('SELECT 4');
          return;
        case 'postgresql':
          $this->addSql('SELECT 5');
          break;
        default:
          $this->addSql('SELECT 6');
      }
      switch ($platform) { case Platform::MYSQL: $this->addSql('SELECT 7'); break; default: $this->addSql('SELECT 8'); }
      switch ($platform) { case 'mysql': $this->addSql('SELECT 9'); case 'postgresql': $this->addSql('SELECT 10'); }
      switch ($platform) { case $other: $this->addSql('SELECT 11'); break; default: $this->addSql('SELECT 12'); }
      switch ($kind) { case 'mysql': $this->addSql('SELECT 13'); break; }
    `)
    expect(sql).toEqual(["up: SELECT 3", "up: SELECT 5", "up: SELECT 8", ...[9, 10, 11, 12, 13].map((number) => `up perhaps: SELECT ${String(number)}`)])
  })

  it("has strings of many kinds", () => {
    expect(up(String.raw`
      // $this->addSql('SELECT 1');
      # $this->addSql('SELECT 2');
      /* $this->addSql('SELECT 3'); */
      #[Attribute]
      $this->addSql('SELECT \'a\' || \'\n\' || $b');
      $this->addSql("SELECT \"a\", '\s', '\\d', \$1, '\x41'");
      $this->addSql("SELECT {$this->a()} FROM $table WHERE $row->id = {$rows['a']}");
      $this->addSql('SELECT ' . "1" . ', 2');
    `)).toEqual([
      "up: SELECT 'a' || '\\n' || $b",
      "up: SELECT \"a\", '\\s', '\\d', $1, 'A'",
      "up: SELECT ${this->a()} FROM ${table} WHERE ${row->id} = ${...}",
      "up: SELECT 1, 2",
    ])
  })

  it("has here-documents, whose last line says what is taken from all lines", () => {
    expect(up(`
      $this->addSql(<<<SQL
        SELECT $x
          , 1
        SQL);
      $this->addSql(<<<'SQL'
      SELECT '$x'
SQL
      );
      $this->addSql(<<<"EOT"
EOT);
      $this->addSql(<<<"EOT"
        SELECT "a"
        EOT, []);
    `)).toEqual(["up: SELECT ${x}\n  , 1", "up:       SELECT '$x'", 'up: SELECT "a"'])
  })

  it("knows constants, properties and variables that are given a text", () => {
    expect(read(`
      private const TABLE = 'orders';
      protected string $index = 'orders_region';
      public function up(Schema $schema): void {
        $sql = 'ALTER TABLE ' . self::TABLE . ' ADD region text';
        $this->addSql($sql);
        $this->addSql("CREATE INDEX {$this->index} ON " . static::TABLE . ' (region)');
        $this->addSql(sprintf('UPDATE %s SET note = %s, rate = \\'100%%\\' WHERE %2$s', self::TABLE, $note));
        $sql = "DROP TABLE $unknown";
        $sql .= ' CASCADE';
        $this->addSql($sql);
        $other = "SELECT 1";
        if ($x) { $other = "SELECT 2"; }
        $this->addSql($other);
      }
      public function down(Schema $schema): void {
        $sql = 'ALTER TABLE orders DROP region';
        $this->addSql($sql);
      }
    `)).toEqual([
      "up: ALTER TABLE orders ADD region text",
      "up: CREATE INDEX orders_region ON orders (region)",
      "up: UPDATE orders SET note = ${%s}, rate = '100%' WHERE ${%2$s}",
      "down: ALTER TABLE orders DROP region",
    ])
  })

  it("runs what asks for the database on PostgreSQL", () => {
    expect(up(`
      if ($platform instanceof PostgreSQLPlatform) {
        $this->addSql('SELECT 1');
      } elseif ($platform instanceof MySQLPlatform) {
        $this->addSql('SELECT 2');
      } else {
        $this->addSql('SELECT 3');
      }
      if (!($platform instanceof MySQLPlatform || $platform instanceof SQLitePlatform)) $this->addSql('SELECT 4');
      if ('mysql' !== $name) { $this->addSql('SELECT 5'); } else { $this->addSql('SELECT 6'); }
      if ($isOld) { $this->addSql('SELECT 7'); } else if ($name === 'sqlite') { $this->addSql('SELECT 8'); } else { $this->addSql('SELECT 9'); }
      if ($isOld && $name === 'pgsql') { $this->addSql('SELECT 10'); }
      if ($name === 'mysql') { $this->addSql('SELECT 11'); return; }
      $this->addSql('SELECT 12');
      if ($name === 'postgresql') { $this->addSql('SELECT 13'); return; }
      $this->addSql('SELECT 14');
    `)).toEqual(["up: SELECT 1", "up: SELECT 4", "up: SELECT 5", "up perhaps: SELECT 7", "up perhaps: SELECT 9", "up perhaps: SELECT 10", "up: SELECT 12", "up: SELECT 13"])
  })

  it("may leave a method early", () => {
    expect(up("$this->addSql('SELECT 1'); if ($isDone) { return; } $this->addSql('SELECT 2');")).toEqual(["up: SELECT 1", "up perhaps: SELECT 2"])
    expect(up("try { $this->addSql('SELECT 1'); } catch (Exception $e) { $this->addSql('SELECT 2'); }")).toEqual(["up: SELECT 1", "up perhaps: SELECT 2"])
    expect(up("switch ($x) { case 1: $this->addSql('SELECT 1'); }\nforeach ($all as $one) { $this->addSql('SELECT 2'); }")).toEqual(["up perhaps: SELECT 1", "up: SELECT 2"])
  })
})

describe("Doctrine", () => {
  const read = (body: string) => {
    const source = `<?php\nfinal class Version20240101 extends AbstractMigration\n{\n${body}\n}\n`
    return { ...summary(source, readDoctrine(source)), sql: sqlOf(source, readDoctrine(source)) }
  }

  it("gathers what addSql is given, between what is sent at once", () => {
    const { sql } = read(`
      public function postUp(Schema $schema): void { $this->connection->executeStatement('SELECT 4'); }
      public function up(Schema $schema): void {
        $this->addSql('SELECT 3');
        $this->connection->executeQuery('SELECT 2');
        $other->executeQuery('SELECT 0');
      }
      public function preUp(Schema $schema): void { $this->connection->executeStatement('SELECT 1'); }
      public function down(Schema $schema): void { $this->addSql('SELECT 5'); $this->undo(); }
      private function undo(): void { $this->addSql('SELECT 6'); }
    `)
    expect(sql).toEqual(["up: SELECT 1", "up: SELECT 2", "up: SELECT 3", "down: SELECT 5", "down: SELECT 6", "up: SELECT 4"])
  })

  it("has parameters beside the text", () => {
    const { sql } = read(`public function up(Schema $schema): void {
      $this->addSql("UPDATE orders SET note = ? WHERE region = '?' AND tags ?? 'a' AND kind = :kind", ['x', 'kind' => 1]);
      $this->addSql("SELECT tags ? 'a'", []);
    }`)
    expect(sql).toEqual(["up: UPDATE orders SET note = ${?} WHERE region = '?' AND tags ? 'a' AND kind = :kind", "up: SELECT tags ? 'a'"])
  })

  it("does not run where it aborts or skips, and may not where nobody knows", () => {
    const guarded = (guard: string): readonly string[] => read(`public function up(Schema $schema): void {\n${guard}\n$this->addSql('SELECT 1');\n}`).sql
    expect(guarded("$this->abortIf($this->connection->getDatabasePlatform()->getName() !== 'mysql', 'no');")).toEqual([])
    expect(guarded("$this->skipIf(!$this->connection->getDatabasePlatform() instanceof SqlitePlatform);")).toEqual([])
    expect(guarded("$this->abortIf('postgresql' !== $this->connection->getDatabasePlatform()->getName(), 'no');")).toEqual(["up: SELECT 1"])
    expect(guarded("$this->skipIf($schema->hasTable('orders'), 'there');")).toEqual(["up perhaps: SELECT 1"])
    expect(guarded("$this->abortIf($count > 0, 'no');")).toEqual(["up: SELECT 1"])
  })

  it("counts changes of the schema object, and knows the tables that are new", () => {
    const { builders, tables, unread } = read(`public function up(Schema $schema): void {
      $table = $schema->createTable('app.orders');
      $schema->getTable('customers')->dropColumn('note');
      if (!$schema->hasTable('parts')) { $schema->createTable('parts'); }
      $this->addSql(file_get_contents(__DIR__ . '/change.txt'));
    }`)
    expect({ builders, tables, unread }).toEqual({ builders: 3, tables: ["app.orders", "parts?"], unread: ["file_get_contents(__DIR__ . '/change.txt')"] })
  })
})

describe("Laravel", () => {
  const read = (body: string) => {
    const source = `<?php\nuse Illuminate\\Support\\Facades\\DB;\n\nreturn new class extends Migration\n{\n${body}\n};\n`
    return summary(source, readLaravel(source))
  }

  it("has statements of the connection, in both directions", () => {
    const { sql } = read(`
      public function up(): void {
        DB::statement('SELECT 1');
        \\DB::unprepared("SELECT 2; SELECT 3");
        DB::connection('reports')->statement('SELECT 4');
        Schema::getConnection()->statement('SELECT 5');
        DB::update('UPDATE orders SET note = ?', ['x']);
        DB::select('SELECT 6');
        $this->update('SELECT 7');
        if (DB::getDriverName() === 'sqlite') { DB::statement('SELECT 8'); }
        if (Schema::hasTable('a')) { DB::statement('SELECT 9'); }
      }
      public function down(): void { DB::statement('SELECT 10'); }
    `)
    expect(sql).toEqual(["up: SELECT 1", "up: SELECT 2; SELECT 3", "up: SELECT 4", "up: SELECT 5", "up: UPDATE orders SET note = ${?}", "up perhaps: SELECT 9", "down: SELECT 10"])
  })

  it("counts calls of the builders, and knows the tables that are new", () => {
    const { builders, tables } = read(`
      public function up(): void {
        Schema::create('orders', function (Blueprint $table) { $table->id($name); });
        Schema::connection('app')->create('app.parts', function (Blueprint $table) { $table->id($name); });
        if (!Schema::hasTable('notes')) { Schema::create('notes', fn ($table) => $table->id()); }
        Schema::table('orders', function (Blueprint $table) { $table->string($name); });
        DB::table('orders')->update(['note' => 'x']);
        Schema::disableForeignKeyConstraints();
      }
    `)
    expect({ builders, tables }).toEqual({ builders: 4, tables: ["orders", "app.parts", "notes?"] })
  })
})

describe("Phinx", () => {
  const read = (body: string) => {
    const source = `<?php\nuse Phinx\\Migration\\AbstractMigration;\n\nfinal class Change extends AbstractMigration\n{\n${body}\n}\n`
    return summary(source, readPhinx(source))
  }

  it("has SQL in both directions, or only in change()", () => {
    const methods = `
      public function up(): void { $this->execute('SELECT 1'); $this->getAdapter()->execute("SELECT 2"); $this->query('SELECT 3', []); $x->execute('SELECT 0'); }
      public function down(): void { $this->execute('SELECT 4'); }`
    expect(read(methods).sql).toEqual(["up: SELECT 1", "up: SELECT 2", "up: SELECT 3", "down: SELECT 4"])
    expect(read(`${methods} public function change(): void { $this->execute('SELECT 5'); }`).sql).toEqual(["up: SELECT 5"])
  })

  it("counts tables that are changed, and knows those that are new", () => {
    const { builders, tables } = read(`
      public function change(): void {
        $this->table('orders')->addColumn('note', 'text')->create();
        $parts = $this->table('parts', ['id' => false]);
        $parts->addColumn('note', 'text');
        $parts->create();
        $this->table('customers')->addColumn('note', 'text')->update();
      }
    `)
    expect({ builders, tables }).toEqual({ builders: 3, tables: ["orders", "parts"] })
  })
})
