/** Small readers over SQL text, for the ends of names and types: the grammar gives only where a node starts. */

/** The offset of the first character at or after `at` that is neither blank nor comment. */
export function skipBlank(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === 32 || (code >= 9 && code <= 13)) at++
    else if (code === 45 && text.charCodeAt(at + 1) === 45) at = lineEnd(text, at)
    else if (code === 47 && text.charCodeAt(at + 1) === 42) at = blockCommentEnd(text, at)
    else return at
  }
}

function lineEnd(text: string, at: number): number {
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || code === 13) break
  }
  return at
}

function blockCommentEnd(text: string, at: number): number {
  let depth = 0
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const next = text.charCodeAt(at + 1)
    if (code === 47 && next === 42) {
      depth++
      at++
    } else if (code === 42 && next === 47) {
      at++
      if (--depth === 0) return at + 1
    }
  }
  return at
}

function isWordUnit(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    code > 127
  )
}

/** The end of the identifier, quoted or not, that starts at `at`; `at` itself when none does. */
export function identifierEnd(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code === 34) return quotedEnd(text, at)
  if ((code | 32) === 117 && text.charCodeAt(at + 1) === 38 && text.charCodeAt(at + 2) === 34) {
    return quotedEnd(text, at + 2)
  }
  while (isWordUnit(text.charCodeAt(at))) at++
  return at
}

function quotedEnd(text: string, at: number): number {
  for (at++; at < text.length; at++) {
    if (text.charCodeAt(at) !== 34) continue
    if (text.charCodeAt(at + 1) !== 34) return at + 1
    at++
  }
  return at
}

/** The end of the dotted name that starts at `at`. */
export function nameEnd(text: string, at: number): number {
  let end = identifierEnd(text, at)
  for (;;) {
    const dot = skipBlank(text, end)
    if (text.charCodeAt(dot) !== 46) return end
    const part = skipBlank(text, dot + 1)
    const partEnd = identifierEnd(text, part)
    if (partEnd === part) return end
    end = partEnd
  }
}

function isWord(text: string, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false
  for (let i = 0; i < word.length; i++) {
    if ((text.charCodeAt(start + i) | 32) !== word.charCodeAt(i)) return false
  }
  return true
}

/** The end of the word `word` when it is the next one after `end`, or -1. */
function nextWord(text: string, end: number, word: string): number {
  const start = skipBlank(text, end)
  const wordEnd = identifierEnd(text, start)
  return isWord(text, start, wordEnd, word) ? wordEnd : -1
}

function closing(text: string, at: number, close: number): number {
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === close) return i + 1
    if (code === 39) i = text.indexOf("'", i + 1)
    if (i < 0) break
  }
  return at
}

const INTERVAL_FIELDS = ["year", "month", "day", "hour", "minute", "second"]

/** The end of the type name that starts at `at` (gram.y: SimpleTypename and its array bounds). */
export function typeEnd(text: string, at: number): number {
  const wordEnd = identifierEnd(text, at)
  if (isWord(text, at, wordEnd, "setof")) return typeEnd(text, skipBlank(text, wordEnd))
  let end = withContinuations(text, at, wordEnd)
  const following = skipBlank(text, end)
  const code = text.charCodeAt(following)
  if (code === 46) end = nameEnd(text, at)
  const after = skipBlank(text, end)
  if (text.charCodeAt(after) === 37) {
    const pct = nextWord(text, after + 1, "type")
    if (pct >= 0) end = pct
  } else if (text.charCodeAt(after) === 40) {
    end = closing(text, after, 41)
    end = timeZoneEnd(text, at, wordEnd, end)
  }
  return boundsEnd(text, end)
}

/** Built-in types of several words. */
function withContinuations(text: string, at: number, wordEnd: number): number {
  let next = -1
  switch (text.charCodeAt(at) | 32) {
    case 100: // double precision
      if (isWord(text, at, wordEnd, "double")) next = nextWord(text, wordEnd, "precision")
      break
    case 110: // national character varying, nchar varying
      if (isWord(text, at, wordEnd, "national")) {
        next = nextWord(text, wordEnd, "character")
        if (next < 0) next = nextWord(text, wordEnd, "char")
        if (next >= 0) return varyingEnd(text, next)
      } else if (isWord(text, at, wordEnd, "nchar")) return varyingEnd(text, wordEnd)
      break
    case 99: // character varying
      if (isWord(text, at, wordEnd, "character") || isWord(text, at, wordEnd, "char")) return varyingEnd(text, wordEnd)
      break
    case 98: // bit varying
      if (isWord(text, at, wordEnd, "bit")) return varyingEnd(text, wordEnd)
      break
    case 116: // time, timestamp
      return timeZoneEnd(text, at, wordEnd, wordEnd)
    case 105:
      if (isWord(text, at, wordEnd, "interval")) return intervalEnd(text, wordEnd)
      break
  }
  return next >= 0 ? next : wordEnd
}

function varyingEnd(text: string, end: number): number {
  const next = nextWord(text, end, "varying")
  return next >= 0 ? next : end
}

function timeZoneEnd(text: string, at: number, wordEnd: number, end: number): number {
  if (!isWord(text, at, wordEnd, "time") && !isWord(text, at, wordEnd, "timestamp")) return end
  let next = nextWord(text, end, "with")
  if (next < 0) next = nextWord(text, end, "without")
  if (next >= 0) next = nextWord(text, next, "time")
  if (next >= 0) next = nextWord(text, next, "zone")
  return next >= 0 ? next : end
}

function intervalEnd(text: string, end: number): number {
  const first = intervalField(text, end)
  if (first < 0) return end
  const to = nextWord(text, first, "to")
  const second = to < 0 ? -1 : intervalField(text, to)
  return second < 0 ? first : second
}

function intervalField(text: string, end: number): number {
  for (const field of INTERVAL_FIELDS) {
    const next = nextWord(text, end, field)
    if (next >= 0) return next
  }
  return -1
}

function boundsEnd(text: string, end: number): number {
  for (;;) {
    const next = skipBlank(text, end)
    if (text.charCodeAt(next) === 91) end = closing(text, next, 93)
    else {
      const array = nextWord(text, end, "array")
      if (array < 0) return end
      end = array
    }
  }
}
