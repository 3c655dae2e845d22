/** Exit codes: nothing at or above the threshold; findings; usage, configuration, unreadable input or internal error. */
export const EXIT = { clean: 0, findings: 1, failure: 2 } as const

/** What the user can put right: a wrong option value, an unusable configuration file. */
export class UsageError extends Error {}
