/** Why the system refuses to read or write a file, as a clause. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = "code" in error && typeof error.code === "string" ? error.code : ""
  return { EACCES: "permission denied", EISDIR: "it is a directory", ENOENT: "there is no such file", ENOSPC: "no space is left on the device" }[code] ?? error.message
}
