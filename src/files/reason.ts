/** Why the system refuses to read or write a file, as a clause. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return { EACCES: "permission denied", EISDIR: "it is a directory", ENOENT: "there is no such file", ENOSPC: "no space is left on the device" }[codeOf(error)] ?? error.message
}

/** What the system calls the refusal, as in `ENOENT`; empty when it is none of the system's. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : ""
}
