/**
 * The exact build of the grammar that `host.ts` is written for. The imports and exports of the WASM file carry
 * one-letter names that any rebuild may shuffle, so a test compares these with the installed package: a new build must
 * be looked at, never just picked up.
 */
export const PINNED_GRAMMAR = {
  package: "libpg-query",
  version: "18.1.5",
  sha256: "378b64e6182f65c71ad5dbd2c31c81e9dfed7d2f2debfb4b51c0d0de8fa2ae36",
} as const
