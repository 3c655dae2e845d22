/** The oldest and newest PostgreSQL major that pgsafe knows, and the one it assumes. */
export const PG_VERSIONS = { oldest: 11, newest: 18, default: 14 } as const
