import { group } from "./group.ts"

export const partition = [
  ...group("attach partition", "partitions", {
    "range": "ALTER TABLE part ATTACH PARTITION fresh FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')",
    "without the parent's index":
      "ALTER TABLE part ATTACH PARTITION unindexed FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')",
    "proven by a check": "ALTER TABLE part ATTACH PARTITION proven FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')",
    "as the default": "ALTER TABLE part ATTACH PARTITION fresh DEFAULT",
    "overlapping": "ALTER TABLE part ATTACH PARTITION fresh FOR VALUES FROM ('2021-06-01') TO ('2023-01-01')",
    "wider than its check": "ALTER TABLE part ATTACH PARTITION proven FOR VALUES FROM ('2022-01-01') TO ('2024-01-01')",
    "narrower than its check":
      "ALTER TABLE part ATTACH PARTITION proven FOR VALUES FROM ('2022-01-01') TO ('2022-06-01')",
    "open end": "ALTER TABLE part ATTACH PARTITION fresh FOR VALUES FROM ('2022-01-01') TO (MAXVALUE)",
    "missing": "ALTER TABLE part ATTACH PARTITION nowhere FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')",
    "attached already": "ALTER TABLE part ATTACH PARTITION part_1 FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')",
    "to a table that is not partitioned":
      "ALTER TABLE fresh ATTACH PARTITION proven FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')",
  }),
  ...group("attach partition", "defaultPartition", {
    "beside a default": "ALTER TABLE part ATTACH PARTITION fresh FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')",
    "a second default": "ALTER TABLE part ATTACH PARTITION fresh DEFAULT",
  }),
  ...group("attach partition", "listPartitions", {
    "list, check without not null": "ALTER TABLE part ATTACH PARTITION fresh FOR VALUES IN ('asia')",
    "list, proven": "ALTER TABLE part ATTACH PARTITION proven FOR VALUES IN ('asia')",
    "list, null": "ALTER TABLE part ATTACH PARTITION fresh FOR VALUES IN ('asia', NULL)",
  }),
  ...group("attach partition", "partitionsWithKey", {
    "parent has a foreign key": "ALTER TABLE part ATTACH PARTITION fresh FOR VALUES FROM (10) TO (20)",
    "with the matching foreign key": "ALTER TABLE part ATTACH PARTITION keyed FOR VALUES FROM (10) TO (20)",
  }),
  ...group("attach partition", "referencedPartitions", {
    "parent is referenced": "ALTER TABLE part ATTACH PARTITION fresh FOR VALUES FROM (20) TO (30)",
  }),
  ...group("detach partition", "partitions", {
    "plain": "ALTER TABLE part DETACH PARTITION part_1",
    "concurrently": "ALTER TABLE part DETACH PARTITION part_1 CONCURRENTLY",
    "not a partition": "ALTER TABLE part DETACH PARTITION fresh",
  }),
  ...group("detach partition", "defaultPartition", {
    "beside a default": "ALTER TABLE part DETACH PARTITION part_1",
    "the default": "ALTER TABLE part DETACH PARTITION part_default",
    "concurrently, beside a default": "ALTER TABLE part DETACH PARTITION part_1 CONCURRENTLY",
  }),
  ...group("detach partition", "partitionsWithKey", {
    "with a foreign key": "ALTER TABLE part DETACH PARTITION part_1",
    "with a foreign key, concurrently": "ALTER TABLE part DETACH PARTITION part_1 CONCURRENTLY",
  }),
  ...group("detach partition", "referencedPartitions", {
    "referenced": "ALTER TABLE part DETACH PARTITION part_2",
  }),
  ...group("create partition", "partitions", {
    "plain": "CREATE TABLE z PARTITION OF part FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')",
    "default": "CREATE TABLE z PARTITION OF part DEFAULT",
    "partitioned in turn":
      "CREATE TABLE z PARTITION OF part FOR VALUES FROM ('2022-01-01') TO ('2023-01-01') PARTITION BY LIST (id)",
    "if not exists, there already":
      "CREATE TABLE IF NOT EXISTS part_1 PARTITION OF part FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')",
    "overlapping": "CREATE TABLE z PARTITION OF part FOR VALUES FROM ('2021-01-01') TO ('2023-01-01')",
  }),
  ...group("create partition", "defaultPartition", {
    "beside a default": "CREATE TABLE z PARTITION OF part FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')",
  }),
  ...group("create partition", "partitionsWithKey", {
    "parent has a foreign key": "CREATE TABLE z PARTITION OF part FOR VALUES FROM (10) TO (20)",
  }),
  ...group("create partition", "referencedPartitions", {
    "parent is referenced": "CREATE TABLE z PARTITION OF part FOR VALUES FROM (20) TO (30)",
  }),
  ...group("create partition", "listPartitions", {
    "list": "CREATE TABLE z PARTITION OF part FOR VALUES IN ('asia')",
    "of a sub-partitioned table": "CREATE TABLE z PARTITION OF part_us FOR VALUES FROM (100) TO (200)",
  }),
  ...group("split and merge", "partitions", {
    "merge": "ALTER TABLE part MERGE PARTITIONS (part_1, part_2) INTO z",
  }),
  ...group("partitioned table", "listPartitions", {
    "add column through two levels": "ALTER TABLE part ADD COLUMN z int",
    "create index through two levels": "CREATE INDEX z ON part (id)",
    "set not null through two levels": "ALTER TABLE part ALTER COLUMN id SET NOT NULL",
    "truncate through two levels": "TRUNCATE part",
    "drop through two levels": "DROP TABLE part",
    "add check in the middle": "ALTER TABLE part_us ADD CHECK (id > 0)",
    "lock table through two levels": "LOCK TABLE part",
  }),
  ...group("partitioned table", "partitions", {
    "row security": "ALTER TABLE part ENABLE ROW LEVEL SECURITY",
    "trigger": "CREATE TRIGGER z AFTER INSERT ON part FOR EACH STATEMENT EXECUTE PROCEDURE suppress_redundant_updates_trigger()",
    "row trigger":
      "CREATE TRIGGER z AFTER INSERT ON part FOR EACH ROW EXECUTE PROCEDURE suppress_redundant_updates_trigger()",
    "owner": "ALTER TABLE part OWNER TO pg_monitor",
    "comment": "COMMENT ON TABLE part IS 'x'",
    "set schema": "ALTER TABLE part SET SCHEMA app",
    "storage parameter": "ALTER TABLE part SET (fillfactor = 70)",
    "replica identity": "ALTER TABLE part REPLICA IDENTITY FULL",
  }),
]
