/** The hash of RFC 1321, from which Django makes names; in hexadecimal digits. Host-free, unlike `node:crypto`. */

const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const

export function md5(text: string): string {
  const words = wordsOf(text)
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476])
  for (let block = 0; block < words.length; block += 16) mix(state, words.subarray(block, block + 16))
  return Array.from(state, digits).join("")
}

function mix(state: Uint32Array, words: Uint32Array): void {
  let [a, b, c, d] = [at(state, 0), at(state, 1), at(state, 2), at(state, 3)]
  for (let i = 0; i < 64; i += 1) {
    const round = i >> 4
    const [mixed, word] =
      round === 0 ? [(b & c) | (~b & d), i] : round === 1 ? [(d & b) | (~d & c), 5 * i + 1] : round === 2 ? [b ^ c ^ d, 3 * i + 5] : [c ^ (b | ~d), 7 * i]
    const constant = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32)
    const sum = (a + mixed + constant + at(words, word % 16)) | 0
    const shift = SHIFTS[round]?.[i % 4] ?? 0
    ;[a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0]
  }
  for (const [index, value] of [a, b, c, d].entries()) state[index] = at(state, index) + value
}

/** The message with what fills its last block: a bit, zeros, and its length in bits, lowest byte first. */
function wordsOf(text: string): Uint32Array {
  const bytes = new TextEncoder().encode(text)
  const words = new Uint32Array((((bytes.length + 8) >>> 6) << 4) + 16)
  for (const [index, byte] of bytes.entries()) words[index >> 2] = at(words, index >> 2) | (byte << ((index % 4) * 8))
  words[bytes.length >> 2] = at(words, bytes.length >> 2) | (0x80 << ((bytes.length % 4) * 8))
  words[words.length - 2] = bytes.length * 8
  return words
}

function digits(word: number): string {
  return [0, 8, 16, 24].map((shift) => ((word >>> shift) & 0xff).toString(16).padStart(2, "0")).join("")
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0
}
