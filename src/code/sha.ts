/** Hashes of FIPS 180-4, from which tools make names; in hexadecimal digits. Host-free, unlike `node:crypto`. */

/** SHA-1, which TypeORM uses. */
export function sha1(text: string): string {
  const words = wordsOf(text)
  const state: [number, number, number, number, number] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]
  const schedule = new Uint32Array(80)
  for (let block = 0; block < words.length; block += 16) {
    schedule.set(words.subarray(block, block + 16))
    for (let i = 16; i < 80; i++) schedule[i] = left(at(schedule, i - 3) ^ at(schedule, i - 8) ^ at(schedule, i - 14) ^ at(schedule, i - 16), 1)
    let [a, b, c, d, e] = state
    for (let i = 0; i < 80; i++) {
      const [mixed, constant] = i < 20 ? [(b & c) | (~b & d), 0x5a827999] : i < 40 ? [b ^ c ^ d, 0x6ed9eba1] : i < 60 ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc] : [b ^ c ^ d, 0xca62c1d6]
      const next = (left(a, 5) + mixed + e + constant + at(schedule, i)) | 0
      ;[e, d, c, b, a] = [d, c, left(b, 30), a, next]
    }
    state[0] += a
    state[1] += b
    state[2] += c
    state[3] += d
    state[4] += e
  }
  return state.map(digits).join("")
}

/** SHA-256, which Rails uses. */
export function sha256(text: string): string {
  const words = wordsOf(text)
  const state = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))
  const constants = Uint32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)))
  const schedule = new Uint32Array(64)
  for (let block = 0; block < words.length; block += 16) {
    schedule.set(words.subarray(block, block + 16))
    for (let i = 16; i < 64; i++) {
      const [near, far] = [at(schedule, i - 2), at(schedule, i - 15)]
      schedule[i] = (right(near, 17) ^ right(near, 19) ^ (near >>> 10)) + at(schedule, i - 7) + (right(far, 7) ^ right(far, 18) ^ (far >>> 3)) + at(schedule, i - 16)
    }
    mix(state, schedule, constants)
  }
  return Array.from(state, digits).join("")
}

function mix(state: Uint32Array, schedule: Uint32Array, constants: Uint32Array): void {
  const work = state.slice()
  for (let i = 0; i < 64; i++) {
    const [a, b, c, e, f, g] = [at(work, 0), at(work, 1), at(work, 2), at(work, 4), at(work, 5), at(work, 6)]
    const first = at(work, 7) + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + at(constants, i) + at(schedule, i)
    const second = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
    work.copyWithin(1, 0, 7)
    work[4] = at(work, 4) + first
    work[0] = first + second
  }
  for (const [index, word] of work.entries()) state[index] = at(state, index) + word
}

/** The first primes: of their roots the constants are made. */
const PRIMES = Array.from({ length: 312 }, (_, number) => number).filter((number) => number > 1 && !Array.from({ length: number }, (_, divisor) => divisor).some((divisor) => divisor > 1 && number % divisor === 0))

/** The first 32 bits behind the point. */
function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32)
}

/** The message with what fills its last block: a bit, zeros, and its length in bits. */
function wordsOf(text: string): Uint32Array {
  const bytes = new TextEncoder().encode(text)
  const words = new Uint32Array(((bytes.length + 8) >>> 6 << 4) + 16)
  for (const [index, byte] of bytes.entries()) words[index >> 2] = at(words, index >> 2) | (byte << (24 - (index % 4) * 8))
  words[bytes.length >> 2] = at(words, bytes.length >> 2) | (0x80 << (24 - (bytes.length % 4) * 8))
  words[words.length - 1] = bytes.length * 8
  return words
}

function digits(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0")
}

function left(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function right(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0
}
