/**
 * Types of widespread extensions that are not domains, so that a column of them is checked by nothing. Left out on
 * purpose: `earth` of earthdistance, which is a domain with CHECKs.
 */
export const extensionTypes: ReadonlySet<string> = new Set(
  `citext hstore ltree lquery ltxtquery cube seg query_int lo gbtreekey8 gtrgm
  isbn isbn13 issn issn13 ismn ismn13 ean13 upc
  geometry geography box2d box3d raster rastbandarg geomval spheroid topoelement
  vector halfvec sparsevec semver uint1 uint2 uint4 uint8 int1 ip4 ip4r ip6 ip6r ipaddress iprange
  hll roaringbitmap h3index bigm tdigest ulid email agtype pgp_armor`.split(/\s+/),
)

/** Extensions that are nothing but types and what works on them, with those types. */
export const typesOfExtensions: Readonly<Record<string, readonly string[]>> = {
  citext: ["citext"],
  cube: ["cube"],
  hstore: ["hstore"],
  intarray: ["query_int"],
  isn: ["ean13", "isbn13", "ismn13", "issn13", "isbn", "ismn", "issn", "upc"],
  lo: ["lo"],
  ltree: ["ltree", "lquery", "ltxtquery"],
  seg: ["seg"],
  vector: ["vector", "halfvec", "sparsevec"],
}
