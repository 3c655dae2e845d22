import type { Framework, Place } from "../framework.ts"
import { join } from "../paths.ts"
import { usesOtherDatabase } from "../php-projects.ts"

/** Source: src/Illuminate/Database/Migrations/Migrator.php of laravel/framework 12. */
export const framework: Framework = {
  id: "laravel",
  name: "Laravel",
  docs: "https://laravel.com/docs/migrations#generating-migrations",
  folders: ["database/migrations"],
  path: (name) => {
    const key = /^(\d{4}_\d{2}_\d{2}_\d{6}_\w+)\.php$/.exec(name)?.[1]
    return key === undefined ? undefined : { depth: 1, direction: "both", key }
  },
  markers: [],
  code: {
    language: "php",
    readsBuilder: true,
    sign: /\bIlluminate\\(?:Database\\(?:Migrations|Schema)|Support\\Facades)\\/,
    toLint: "make a file of the SQL that php artisan migrate --pretend prints, with a ; behind each statement",
    off: /\$withinTransaction\s*=\s*false\b/,
  },
  shape: "ambiguous",
  order: "name",
  isForeign: (place) =>
    usesOtherDatabase(place, [".env.example", ".env", ".env.production", "config/database.php"], /^\s*DB_CONNECTION\s*=.*|^\s*'default'\s*=>\s*(?:env\(\s*'DB_CONNECTION'\s*,\s*)?'\w+'/gm),
  runner: (place) => ({
    ...majorOf(place),
    framework: "laravel",
    name: "Laravel",
    wrap: "file",
    send: "one message",
    why: "Laravel runs each migration in a transaction of its own",
    restatesTypes: true,
    offSwitch: {
      kind: "config",
      how: "write `public $withinTransaction = false;` into the class of the migration",
      text: "public $withinTransaction = false;",
      oneStatementOnly: false,
    },
  }),
}

/** The newest major that `composer.json` allows: up to 10, `change()` left alone what it was not told. */
function majorOf({ above, files }: Place): { readonly migrationSettings?: string } {
  const folder = above.find((one) => files.holds(one, "composer.json"))
  const required = folder === undefined ? undefined : /"laravel\/framework"\s*:\s*"([^"]*)"/.exec(files.read(join(folder, "composer.json")) ?? "")?.[1]
  const majors = [...(required ?? "").matchAll(/(?:^|[|,\s])[\^~>=v]*(\d+)/g)].map(([, major]) => Number(major))
  return majors.length === 0 ? {} : { migrationSettings: String(Math.max(...majors)) }
}
