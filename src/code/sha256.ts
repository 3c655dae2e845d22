/** SHA-256 (FIPS 180-4), from which Rails makes names; in hexadecimal digits. Host-free, unlike `node:crypto`. */
export function sha256(text: string): string {
  const bytes = new TextEncoder().encode(text)
  const words = new Uint32Array(((bytes.length + 8) >>> 6 << 4) + 16)
  for (const [index, byte] of bytes.entries()) words[index >> 2] = (words[index >> 2] ?? 0) | (byte << (24 - (index % 4) * 8))
  words[bytes.length >> 2] = (words[bytes.length >> 2] ?? 0) | (0x80 << (24 - (bytes.length % 4) * 8))
  words[words.length - 1] = bytes.length * 8
  const state = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))
  const constants = Uint32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)))
  const schedule = new Uint32Array(64)
  for (let block = 0; block < words.length; block += 16) {
    schedule.set(words.subarray(block, block + 16))
    for (let i = 16; i < 64; i++) {
      const [near, far] = [at(schedule, i - 2), at(schedule, i - 15)]
      schedule[i] = (rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10)) + at(schedule, i - 7) + (rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3)) + at(schedule, i - 16)
    }
    mix(state, schedule, constants)
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, "0")).join("")
}

function mix(state: Uint32Array, schedule: Uint32Array, constants: Uint32Array): void {
  const work = state.slice()
  for (let i = 0; i < 64; i++) {
    const [a, b, c, e, f, g] = [at(work, 0), at(work, 1), at(work, 2), at(work, 4), at(work, 5), at(work, 6)]
    const first = at(work, 7) + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + at(constants, i) + at(schedule, i)
    const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
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

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0
}
