import { group } from "./group.ts"

export const constraint = [
  ...group("add check", "table", {
    "plain": "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0)",
    "unnamed": "ALTER TABLE t ADD CHECK (a > 0)",
    "not valid": "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID",
    "no inherit": "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NO INHERIT",
    "not enforced": "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT ENFORCED",
    "not valid, and validated in the same statement":
      "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID, VALIDATE CONSTRAINT ck",
    "constant": "ALTER TABLE t ADD CONSTRAINT ck CHECK (true)",
    "of a missing column": "ALTER TABLE t ADD CHECK (nothing > 0)",
    "two": "ALTER TABLE t ADD CHECK (a > 0), ADD CHECK (d > 0)",
  }),
  ...group("add check", "partitions", {
    "partitioned": "ALTER TABLE part ADD CONSTRAINT ck CHECK (id > 0)",
    "partitioned, not valid": "ALTER TABLE part ADD CONSTRAINT ck CHECK (id > 0) NOT VALID",
    "partitioned, no inherit": "ALTER TABLE part ADD CONSTRAINT ck CHECK (id > 0) NO INHERIT",
    "a partition": "ALTER TABLE part_1 ADD CONSTRAINT ck CHECK (id > 0)",
    "only the partitioned table": "ALTER TABLE ONLY part ADD CONSTRAINT ck CHECK (id > 0)",
  }),
  ...group("add check", "inheritance", {
    "inherited": "ALTER TABLE base ADD CONSTRAINT ck CHECK (a > 0)",
    "inherited, no inherit": "ALTER TABLE base ADD CONSTRAINT ck CHECK (a > 0) NO INHERIT",
  }),
  ...group("add not null constraint", "table", {
    "plain": "ALTER TABLE t ADD CONSTRAINT nn NOT NULL a",
    "not valid": "ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID",
    "already not null": "ALTER TABLE t ADD CONSTRAINT nn NOT NULL b",
    "no inherit": "ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NO INHERIT",
  }),
  ...group("add not null constraint", "proofs", {
    "proven": "ALTER TABLE t ADD CONSTRAINT nn NOT NULL plain",
  }),
  ...group("validate constraint", "notValid", {
    "check": "ALTER TABLE t VALIDATE CONSTRAINT t_a_check",
    "foreign key": "ALTER TABLE t VALIDATE CONSTRAINT t_parent_fk",
    "check and foreign key":
      "ALTER TABLE t VALIDATE CONSTRAINT t_a_check, VALIDATE CONSTRAINT t_parent_fk",
    "check, then set not null":
      "ALTER TABLE t VALIDATE CONSTRAINT t_a_present, ALTER COLUMN a SET NOT NULL",
    "missing": "ALTER TABLE t VALIDATE CONSTRAINT nothing",
    "set not null beside it": "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
    "of a unique constraint": "ALTER TABLE t VALIDATE CONSTRAINT t_pkey",
  }),
  ...group("validate constraint", "foreignKey", {
    "valid already": "ALTER TABLE child VALIDATE CONSTRAINT child_parent_fk",
  }),
  ...group("validate constraint", "eighteen", {
    "not null": "ALTER TABLE t VALIDATE CONSTRAINT t_a_present",
    "not enforced check": "ALTER TABLE t VALIDATE CONSTRAINT t_soft",
    "not enforced foreign key": "ALTER TABLE t VALIDATE CONSTRAINT t_fk",
  }),
  ...group("add foreign key", "twoTables", {
    "plain": "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parent (id)",
    "unnamed, to the primary key": "ALTER TABLE t ADD FOREIGN KEY (parent_id) REFERENCES parent",
    "not valid": "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parent NOT VALID",
    "to a unique column": "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (code) REFERENCES parent (code)",
    "on delete cascade":
      "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parent ON DELETE CASCADE ON UPDATE CASCADE",
    "on delete set null":
      "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parent ON DELETE SET NULL",
    "on delete set null of a column":
      "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parent ON DELETE SET NULL (parent_id)",
    "deferrable":
      "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parent DEFERRABLE INITIALLY DEFERRED",
    "match full": "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parent MATCH FULL",
    "not enforced": "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parent NOT ENFORCED",
    "to itself": "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES t (id) NOT VALID",
    "to itself, validated": "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES t (id)",
    "not valid, and validated in the same statement":
      "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parent NOT VALID, VALIDATE CONSTRAINT fk",
    "to a column without unique": "ALTER TABLE parent ADD FOREIGN KEY (code) REFERENCES t (code)",
    "of mismatched types": "ALTER TABLE t ADD FOREIGN KEY (code) REFERENCES parent (id)",
    "to a missing table": "ALTER TABLE t ADD FOREIGN KEY (parent_id) REFERENCES nowhere",
    "from a missing column": "ALTER TABLE t ADD FOREIGN KEY (nothing) REFERENCES parent",
    "two to one parent":
      "ALTER TABLE t ADD FOREIGN KEY (parent_id) REFERENCES parent (id), ADD FOREIGN KEY (code) REFERENCES parent (code)",
    "with a new column": "ALTER TABLE t ADD COLUMN z int, ADD FOREIGN KEY (z) REFERENCES parent",
  }),
  ...group("add foreign key", "partitionsWithKey", {
    "from a partitioned table": "ALTER TABLE part ADD CONSTRAINT fk2 FOREIGN KEY (id) REFERENCES parent",
    "from a partitioned table, not valid, to an ordinary one":
      "ALTER TABLE part ADD CONSTRAINT fk2 FOREIGN KEY (id) REFERENCES parent NOT VALID",
    "from a partition": "ALTER TABLE part_1 ADD CONSTRAINT fk2 FOREIGN KEY (id) REFERENCES parent",
    "drop, from a partitioned table": "ALTER TABLE part DROP CONSTRAINT part_parent_fk",
    "drop, inherited by a partition": "ALTER TABLE part_1 DROP CONSTRAINT part_parent_fk",
  }),
  ...group("add foreign key", "partitionsWithOwnKeys", {
    "that a partition has already": "ALTER TABLE part ADD CONSTRAINT fk2 FOREIGN KEY (parent_id) REFERENCES parent",
    "that a partition has already, other action":
      "ALTER TABLE part ADD CONSTRAINT fk2 FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE",
  }),
  ...group("add foreign key", "referencedPartitions", {
    "to a partitioned table": "ALTER TABLE child ADD CONSTRAINT fk2 FOREIGN KEY (id) REFERENCES part",
    "to a partitioned table, not valid":
      "ALTER TABLE child ADD CONSTRAINT fk2 FOREIGN KEY (id) REFERENCES part NOT VALID",
    "drop, to a partitioned table": "ALTER TABLE child DROP CONSTRAINT child_part_fk",
    "to a partition": "ALTER TABLE child ADD CONSTRAINT fk2 FOREIGN KEY (id) REFERENCES part_1",
  }),
  ...group("alter constraint", "foreignKey", {
    "deferrable": "ALTER TABLE child ALTER CONSTRAINT child_parent_fk DEFERRABLE",
    "deferrable, initially deferred":
      "ALTER TABLE child ALTER CONSTRAINT child_parent_fk DEFERRABLE INITIALLY DEFERRED",
    "not deferrable already": "ALTER TABLE child ALTER CONSTRAINT child_parent_fk NOT DEFERRABLE",
    "not enforced": "ALTER TABLE child ALTER CONSTRAINT child_parent_fk NOT ENFORCED",
    "enforced already": "ALTER TABLE child ALTER CONSTRAINT child_parent_fk ENFORCED",
    "of a primary key": "ALTER TABLE child ALTER CONSTRAINT child_pkey DEFERRABLE",
    "missing": "ALTER TABLE child ALTER CONSTRAINT nothing DEFERRABLE",
  }),
  ...group("alter constraint", "eighteen", {
    "enforced": "ALTER TABLE t ALTER CONSTRAINT t_fk ENFORCED",
    "not null no inherit": "ALTER TABLE t ALTER CONSTRAINT t_a_present NO INHERIT",
    "not enforced deferrable": "ALTER TABLE t ALTER CONSTRAINT t_fk DEFERRABLE",
  }),
  ...group("drop constraint", "foreignKey", {
    "foreign key": "ALTER TABLE child DROP CONSTRAINT child_parent_fk",
    "foreign key, if exists": "ALTER TABLE child DROP CONSTRAINT IF EXISTS child_parent_fk",
    "if exists, missing": "ALTER TABLE child DROP CONSTRAINT IF EXISTS nothing",
    "missing": "ALTER TABLE child DROP CONSTRAINT nothing",
    "primary key": "ALTER TABLE child DROP CONSTRAINT child_pkey",
    "referenced primary key": "ALTER TABLE parent DROP CONSTRAINT parent_pkey",
    "referenced primary key, cascade": "ALTER TABLE parent DROP CONSTRAINT parent_pkey CASCADE",
    "referenced unique, cascade": "ALTER TABLE parent DROP CONSTRAINT parent_code_key CASCADE",
    "two foreign keys": "ALTER TABLE child DROP CONSTRAINT child_parent_fk, DROP CONSTRAINT child_code_fk",
  }),
  ...group("drop constraint", "twoKeys", {
    "the key that a foreign key stands on, cascade": "ALTER TABLE parent DROP CONSTRAINT parent_first CASCADE",
    "the other key over its columns": "ALTER TABLE parent DROP CONSTRAINT parent_second",
    "the key that a foreign key stands on": "ALTER TABLE parent DROP CONSTRAINT parent_first",
  }),
  ...group("add unique", "twoKeys", {
    "the same twice": "ALTER TABLE child ADD CONSTRAINT a UNIQUE (code), ADD CONSTRAINT b UNIQUE (code)",
  }),
  ...group("cluster on", "twoKeys", {
    "with a strong action": "ALTER TABLE parent CLUSTER ON parent_first, ALTER COLUMN code SET DEFAULT 1",
  }),
  ...group("drop constraint", "proofs", { "check": "ALTER TABLE t DROP CONSTRAINT positive_check" }),
  ...group("drop constraint", "notValid", {
    "check not valid": "ALTER TABLE t DROP CONSTRAINT t_a_check",
    "foreign key not valid": "ALTER TABLE t DROP CONSTRAINT t_parent_fk",
  }),
  ...group("drop constraint", "eighteen", {
    "foreign key not enforced": "ALTER TABLE t DROP CONSTRAINT t_fk",
    "not null": "ALTER TABLE t DROP CONSTRAINT t_a_present",
  }),
  ...group("drop constraint", "indexes", {
    "unique": "ALTER TABLE t DROP CONSTRAINT t_b_key",
    "exclude": "ALTER TABLE t DROP CONSTRAINT t_c_excl",
  }),
  ...group("rename constraint", "foreignKey", {
    "foreign key": "ALTER TABLE child RENAME CONSTRAINT child_parent_fk TO z",
    "primary key": "ALTER TABLE parent RENAME CONSTRAINT parent_pkey TO z",
    "missing": "ALTER TABLE child RENAME CONSTRAINT nothing TO z",
  }),
  ...group("rename constraint", "proofs", { "check": "ALTER TABLE t RENAME CONSTRAINT positive_check TO z" }),
  ...group("add unique", "table", {
    "plain": "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)",
    "unnamed": "ALTER TABLE t ADD UNIQUE (a)",
    "two columns": "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a, b)",
    "deferrable": "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a) DEFERRABLE INITIALLY DEFERRED",
    "include": "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a) INCLUDE (b)",
    "nulls not distinct": "ALTER TABLE t ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a)",
    "with fillfactor": "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a) WITH (fillfactor = 70)",
    "using index tablespace": "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a) USING INDEX TABLESPACE truth_space",
    "missing column": "ALTER TABLE t ADD UNIQUE (nothing)",
    "exclude": "ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING btree (a WITH =)",
    "exclude where": "ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING btree (a WITH =) WHERE (a > 1)",
    "second primary key": "ALTER TABLE t ADD PRIMARY KEY (a)",
  }),
  ...group("add unique", "twoTables", {
    "two on one table": "ALTER TABLE t ADD UNIQUE (parent_id), ADD UNIQUE (code)",
  }),
  ...group("add unique", "indexes", {
    "using index": "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX t_a_unique",
    "using index of the constraint's name": "ALTER TABLE t ADD CONSTRAINT t_a_unique UNIQUE USING INDEX t_a_unique",
    "using index, not unique": "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX t_a_idx",
    "using index, partial": "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX t_partial_idx",
    "using a missing index": "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX nothing",
    "using index, deferrable": "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX t_a_unique DEFERRABLE",
  }),
  ...group("add primary key", "inheritance", {
    "nullable column": "ALTER TABLE loner ADD PRIMARY KEY (id)",
    "two nullable columns": "ALTER TABLE loner ADD PRIMARY KEY (id, a)",
    "inherited table": "ALTER TABLE base ADD PRIMARY KEY (id)",
    "inherited table, not null already": "ALTER TABLE keyed ADD PRIMARY KEY (id)",
  }),
  ...group("add primary key", "partitions", {
    "not null column": "ALTER TABLE fresh ADD PRIMARY KEY (id)",
    "nullable column of three": "ALTER TABLE fresh ADD PRIMARY KEY (id, note)",
    "partitioned": "ALTER TABLE part ADD PRIMARY KEY (id, at)",
    "partitioned, without the partition key": "ALTER TABLE part ADD PRIMARY KEY (id)",
    "partitioned, unique": "ALTER TABLE part ADD UNIQUE (id, at)",
    "only the partitioned table": "ALTER TABLE ONLY part ADD PRIMARY KEY (id, at)",
    "a partition": "ALTER TABLE part_1 ADD PRIMARY KEY (id)",
  }),
  ...group("add unique", "indexedPartitions", {
    "partitioned, one partition has it": "ALTER TABLE part ADD CONSTRAINT u UNIQUE (id)",
  }),
  ...group("add primary key", "keyless", {
    "using index": "ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY USING INDEX t_strict_unique",
    "using index, nullable column": "ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY USING INDEX t_loose_unique",
    "using index, proven column": "ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY USING INDEX t_proven_unique",
    "nullable, proven": "ALTER TABLE t ADD PRIMARY KEY (proven)",
    "new column": "ALTER TABLE t ADD COLUMN z serial PRIMARY KEY",
    "new identity column": "ALTER TABLE t ADD COLUMN z bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
  }),
  ...group("add primary key", "eighteen", {
    "over a not null not valid": "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (a)",
  }),
]
