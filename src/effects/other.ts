/**
 * Commands without effect on relations that cannot run in a transaction block (PreventInTransactionBlock), 11 to 18.
 */
export const forbiddenCommands: ReadonlyMap<string, string> = new Map([
  ["create database", "CREATE DATABASE"],
  ["drop database", "DROP DATABASE"],
  ["create tablespace", "CREATE TABLESPACE"],
  ["drop tablespace", "DROP TABLESPACE"],
  ["alter system", "ALTER SYSTEM"],
  ["discard all", "DISCARD ALL"],
])
