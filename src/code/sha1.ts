/** SHA-1 (FIPS 180-4), from which TypeORM makes names; in hexadecimal digits. Host-free, unlike `node:crypto`. */
export function sha1(text: string): string {
  const bytes = new TextEncoder().encode(text)
  const words = new Uint32Array(((bytes.length + 8) >>> 6 << 4) + 16)
  for (const [index, byte] of bytes.entries()) words[index >> 2] = (words[index >> 2] ?? 0) | (byte << (24 - (index % 4) * 8))
  words[bytes.length >> 2] = (words[bytes.length >> 2] ?? 0) | (0x80 << (24 - (bytes.length % 4) * 8))
  words[words.length - 1] = bytes.length * 8
  const state: [number, number, number, number, number] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]
  const schedule = new Uint32Array(80)
  for (let block = 0; block < words.length; block += 16) {
    schedule.set(words.subarray(block, block + 16))
    for (let i = 16; i < 80; i++) schedule[i] = rotate(at(schedule, i - 3) ^ at(schedule, i - 8) ^ at(schedule, i - 14) ^ at(schedule, i - 16), 1)
    let [a, b, c, d, e] = state
    for (let i = 0; i < 80; i++) {
      const [mixed, constant] = i < 20 ? [(b & c) | (~b & d), 0x5a827999] : i < 40 ? [b ^ c ^ d, 0x6ed9eba1] : i < 60 ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc] : [b ^ c ^ d, 0xca62c1d6]
      const next = (rotate(a, 5) + mixed + e + constant + at(schedule, i)) | 0
      ;[e, d, c, b, a] = [d, c, rotate(b, 30), a, next]
    }
    state[0] += a
    state[1] += b
    state[2] += c
    state[3] += d
    state[4] += e
  }
  return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("")
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0
}
