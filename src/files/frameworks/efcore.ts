import type { Framework } from "../framework.ts"

/** The SQL that `dotnet ef migrations script` prints. Source: Migrations/Internal/Migrator.cs of dotnet/efcore. */
export const framework: Framework = {
  id: "efcore",
  name: "EF Core",
  docs: "https://learn.microsoft.com/en-us/ef/core/managing-schemas/migrations/applying#sql-scripts",
  folders: [],
  path: (name) => (name.endsWith(".sql") ? { depth: 1, direction: "up", key: name } : undefined),
  markers: [],
  content: {
    line: /\b__EFMigrationsHistory\b/,
    required: true,
  },
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
