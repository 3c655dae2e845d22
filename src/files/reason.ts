const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EISDIR: "it is a directory",
  ELOOP: "its links lead in a circle",
  ENOENT: "there is no such file",
  ENOSPC: "no space is left on the device",
  ENOTDIR: "a folder of its path is a file",
}

/** Why the system refuses to read or write a file, as a clause. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return REASONS[codeOf(error)] ?? error.message
}

/** What the system calls the refusal, as in `ENOENT`; empty when it is none of the system's. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : ""
}
