import { atLeast } from "../config.ts"
import type { Framework, Place } from "../framework.ts"
import { join } from "../paths.ts"
import { pathIn, startWith, writtenOf } from "../starting.ts"

/** Migrations in C#, and the SQL that `dotnet ef migrations script` prints. Source: Migrations/Internal/Migrator.cs of dotnet/efcore. */
export const framework: Framework = {
  id: "efcore",
  name: "EF Core",
  docs: "https://learn.microsoft.com/en-us/ef/core/managing-schemas/migrations/applying#sql-scripts",
  folders: [],
  path: (name) => {
    const key = /^(\d{14}_(?!.*\.Designer\.cs$).+)\.cs$/.exec(name)?.[1]
    if (key !== undefined) return { depth: 1, direction: "both", key }
    return name.endsWith(".sql") ? { depth: 1, direction: "up", key: name } : undefined
  },
  markers: [],
  content: {
    line: /\b__EFMigrationsHistory\b/,
    required: true,
  },
  code: {
    toLint: "dotnet ef migrations script <from> <to> | pgsafe lint -",
    language: "csharp",
    readsBuilder: true,
    sign: /:\s*Migration\b|\bMigrationBuilder\b/,
    pipelines: true,
    order: "name",
    runner: (place) => {
      const together = runsTogether(place)
      return {
        framework: "efcore",
        name: "EF Core",
        wrap: together ? "all pending" : "file",
        send: "one message",
        why: together ? "EF Core 9 runs all pending migrations in one transaction" : "EF Core runs each migration in a transaction of its own",
        offSwitch: {
          kind: "config",
          how: "pass `suppressTransaction: true` to `migrationBuilder.Sql` for this statement",
          text: "suppressTransaction: true",
          oneStatementOnly: false,
        },
      }
    },
  },
  // Npgsql hands `Search Path` of its connection string to the server.
  session: (place) => {
    const found = writtenOf(place, ["appsettings.json", "appsettings.Production.json"], /\bSearch ?Path\s*=\s*([^;"\n]+)/gi)
    return found && startWith(pathIn(found.value), found.evidence, { ofConnection: true })
  },
  isForeign: (place) => /\b(?:SqlServer|Sqlite|MySql|Oracle)\b/.test(packages(place)) && !/\bNpgsql\b/.test(packages(place)),
  shape: "ambiguous",
  order: "natural",
  runner: () => ({
    framework: "efcore",
    name: "psql",
    wrap: "none",
    send: "psql",
    why: "the script that `dotnet ef migrations script` prints has its own BEGIN and COMMIT and no other transaction",
    offSwitch: { kind: "none", how: "pass `suppressTransaction: true` to `migrationBuilder.Sql` for this statement" },
  }),
}

/** The packages that the project files above the migrations refer to. */
function packages({ files, above }: Place): string {
  return above.flatMap((folder) =>
    files.list(folder).filter(({ name }) => /\.csproj$|^Directory\.Packages\.props$/.test(name)).map(({ name }) => files.read(join(folder, name)) ?? ""),
  ).join("\n")
}

/** EF Core 9 runs what is pending in one transaction; earlier versions do not. */
function runsTogether(place: Place): boolean {
  const version = /"(?:Npgsql|Microsoft)\.EntityFrameworkCore[\w.]*"\s+Version="(\d+(?:\.\d+)*)/.exec(packages(place))?.[1]
  return version !== undefined && atLeast(version, "9") && !atLeast(version, "10")
}
