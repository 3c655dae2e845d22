import type { Framework } from "../framework.ts"
import { usesOtherDatabase } from "../php-projects.ts"

/** Source: src/Phinx/Migration/Manager/Environment.php of cakephp/phinx 0.16, whose migrations CakePHP runs, too. */
export const framework: Framework = {
  id: "phinx",
  name: "Phinx",
  docs: "https://book.cakephp.org/phinx/0/en/migrations.html",
  folders: ["db/migrations", "config/Migrations"],
  path: (name) => {
    const key = /^(\d{14}(?:_\w+)?)\.php$/.exec(name)?.[1]
    return key === undefined ? undefined : { depth: 1, direction: "both", key }
  },
  markers: [],
  code: {
    language: "php",
    sign: /\bPhinx\\Migration\\|\bMigrations\\(?:Abstract|Base)Migration\b/,
    toLint: "make a file of the SQL that vendor/bin/phinx migrate --dry-run prints",
  },
  shape: "ambiguous",
  order: "numeric",
  isForeign: (place) => usesOtherDatabase(place, SETTINGS, /^\s*['"]?(?:default_)?(?:adapter|driver)['"]?\s*(?::|=>).*/gim),
  runner: () => ({
    framework: "phinx",
    name: "Phinx",
    wrap: "file",
    send: "one message",
    why: "Phinx runs each migration in a transaction of its own",
    offSwitch: { kind: "none", how: "run this statement with psql, outside of the migrations" },
  }),
}

const SETTINGS = ["phinx.php", "phinx.yml", "phinx.yaml", "phinx.json", "config/app.php", "config/app_local.php", "config/app_local.example.php"]
