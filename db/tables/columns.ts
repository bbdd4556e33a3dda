import type { ColumnType } from 'kysely';

/** jsonb: read as a value, written as JSON text made by `toJsonb`. */
export type JsonbColumn<Value> = ColumnType<Value, string, string>;
/** jsonb that may be null. */
export type NullableJsonbColumn<Value> = ColumnType<Value | null, string | null | undefined, string | null>;
/** timestamptz set by the database's clock unless given. */
export type CreatedAtColumn = ColumnType<Date, Date | undefined, never>;
export type TimestampColumn = ColumnType<Date, Date | string, Date | string>;
export type NullableTimestampColumn = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
