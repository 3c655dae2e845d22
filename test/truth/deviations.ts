/**
 * Cases where the claim may differ from what the servers do, with the reason why static knowledge cannot decide. pgsafe
 * then claims the more dangerous side and says so in `uncertain`. By case id.
 */
export const deviations: Readonly<Record<string, string>> = {
  "tablespace: index, already there": "Which tablespace an index is in is not tracked; moving it to where it is does nothing.",
  "without oids: set with oids": "The grammar is that of PostgreSQL 18, which no longer has WITH OIDS.",
  "select: partitioned, one partition": "Which partitions a query skips is the planner's decision (12 and later).",
  "insert: partitioned": "Which partitions an INSERT opens depends on the values (12 and later).",
  "update: referenced column": "A foreign key is checked only for rows whose key changes.",
  "copy: from a file, a partition two levels down": "The parents' bounds are read with the first row (14 and later).",
  "merge: a partition two levels down": "The parents' bounds are read with the first row that changes.",
  "delete: referenced, none gone": "A foreign key is checked only for rows that are deleted.",
  "delete: referenced, violated": "Whether rows are referenced depends on the rows.",
}
