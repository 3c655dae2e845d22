import { configured } from "../config.ts"
import type { Framework } from "../framework.ts"
import { usesOtherDatabase } from "../php-projects.ts"

/** Source: src/DbalMigrator.php and src/Version of doctrine/migrations 3. */
export const framework: Framework = {
  id: "doctrine",
  name: "Doctrine",
  docs: "https://www.doctrine-project.org/projects/doctrine-migrations/en/current/reference/configuration.html#using-or-not-using-transactions",
  folders: ["migrations", "src/Migrations"],
  path: (name, folders) => {
    const key = /^(Version\d{8,}\w*)\.php$/.exec(name)?.[1]
    if (key === undefined) return undefined
    // `organize_migrations`: folders for the year, and perhaps the month.
    const dates = folders.slice(0, 2).filter((folder) => /^(?:\d{2}|\d{4})$/.test(folder)).length
    return { depth: dates + 1, direction: "both", key }
  },
  markers: [],
  code: {
    language: "php",
    sign: /\bDoctrine\\(?:DBAL\\)?Migrations\\|\$this->addSql\(/,
    toLint: "php bin/console doctrine:migrations:migrate --write-sql=pending.sql, and then pgsafe lint pending.sql",
    off: /\bfunction\s+isTransactional\s*\(\s*\)[^{;]*\{\s*return\s+false\b/i,
  },
  shape: "ambiguous",
  order: "name",
  isForeign: (place) => usesOtherDatabase(place, CONNECTION, /^[ \t]*(?:export\s+)?\w*DATABASE\w*\s*=.*|^[ \t]*(?:-\s*)?(?:url|driver)\s*:.*/gim),
  runner: (place) => {
    const together = configured(place, SETTINGS, /^(?!\s*(?:#|\/\/|\*)).*\ball_or_nothing['"]?\s*(?::|=>)\s*['"]?(?:true|on|yes|1)\b/im)
    return {
      framework: "doctrine",
      name: "Doctrine",
      wrap: together ? "all pending" : "file",
      send: "one message",
      why: together ? "the settings say `all_or_nothing`, so that Doctrine runs all pending migrations in one transaction" : "Doctrine runs each migration in a transaction of its own",
      ...(together && { refusesSwitch: "Doctrine stops at a migration that is not transactional when the settings say `all_or_nothing`" }),
      offSwitch: {
        kind: "config",
        how: "return false from the migration's `isTransactional()`",
        text: "public function isTransactional(): bool { return false; }",
        oneStatementOnly: false,
      },
    }
  },
}

const SETTINGS = ["config/packages/doctrine_migrations.yaml", "config/packages/doctrine_migrations.php", "migrations.php", "migrations.yml", "migrations.yaml", "migrations.json", "config/migrations.php"]

const CONNECTION = [".env", ".env.dist", ".env.example", ".env.prod", "config/packages/doctrine.yaml", "config/packages/prod/doctrine.yaml", "app/config/config.yml"]
