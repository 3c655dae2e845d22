import { describe, expect, it } from "vitest"
import { decodeSql } from "../../src/files/decode.ts"

describe("decodeSql", () => {
  it("keeps the text as it is, with its byte order mark", () => {
    expect(decodeSql(Buffer.from("SELECT 'ä€𝄞';\r\n"))).toEqual({ text: "SELECT 'ä€𝄞';\r\n" })
    expect(decodeSql(Buffer.from("\uFEFFSELECT 1;"))).toEqual({ text: "\uFEFFSELECT 1;" })
    expect(decodeSql(Buffer.from("\uFFFD"))).toEqual({ text: "\uFFFD" })
    expect(decodeSql(new Uint8Array())).toEqual({ text: "" })
  })

  it.each([
    ["the file is not valid UTF-8: unexpected byte 0xE4", 1, 9, Buffer.from("SELECT '\xe4';", "latin1")],
    ["the file is not valid UTF-8: unexpected byte 0xFF", 2, 4, Buffer.concat([Buffer.from("-- ä\n𝄞 "), Buffer.from([0xff])])],
    ["the file is not valid UTF-8: unexpected byte 0xC3", 1, 2, Buffer.from([0x41, 0xc3])],
    ["the file contains a NUL byte, which PostgreSQL does not allow in SQL", 2, 3, Buffer.from("--\n--\0")],
    ["the file is encoded in UTF-16; save it as UTF-8", 1, 1, Buffer.from("\uFEFFSELECT", "utf16le")],
    ["the file is encoded in UTF-16; save it as UTF-8", 1, 1, Buffer.from([0xfe, 0xff, 0x00, 0x41])],
    ["the file is encoded in UTF-16; save it as UTF-8", 1, 1, Buffer.from("SELECT 1;", "utf16le")],
    ["the file is encoded in UTF-16; save it as UTF-8", 1, 1, Buffer.from("SELECT 1;", "utf16le").swap16()],
    ["this is a pointer of Git LFS, not the file itself; git lfs pull fetches that", 1, 1, Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 5\n")],
    ["the file is compressed by gzip; gunzip makes SQL of it", 1, 1, Buffer.from([0x1f, 0x8b, 0x08, 0x00])],
    ["the file is compressed by zstd; unzstd makes SQL of it", 1, 1, Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04])],
    ["this is an archive of pg_dump, and no SQL; pg_restore --schema-only --file=schema.sql makes SQL of it", 1, 1, Buffer.from("PGDMP\x01\x0e\0")],
    ["this is an archive of pg_dump, and no SQL; pg_restore --schema-only --file=schema.sql makes SQL of it", 1, 1, Buffer.from("toc.dat\0\0\0")],
    ["the file is encoded in UTF-32; save it as UTF-8", 1, 1, Buffer.from([0xff, 0xfe, 0x00, 0x00, 0x41, 0, 0, 0])],
  ])("%s at %i:%i", (message, line, column, bytes) => {
    expect(decodeSql(bytes)).toEqual({ message, line, column })
  })

  it("does not count the byte order mark as a column", () => {
    expect(decodeSql(Buffer.concat([Buffer.from("\uFEFFab"), Buffer.from([0xff])]))).toMatchObject({ line: 1, column: 3 })
  })
})
