/** A block that was read later than the rest turns out to be damaged: what was concluded so far counts for nothing. */
export class DamagedSession extends Error {
  constructor(readonly path: string) {
    super(`${path} is damaged`)
  }
}
