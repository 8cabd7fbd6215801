import type { ColumnOptions, ValueTransformer } from 'typeorm';
import { fromInstantText, toInstantText } from '../../time/instant.js';

/** Fits both `@Column` and `@PrimaryColumn`. */
type BaseOptions = Omit<ColumnOptions, 'nullable'>;

/** Replaced by the collation of the engine at hand: see adapt-metadata.ts. */
export const BYTEWISE = 'utf8mb4_nopad_bin';

/** Identifiers, hashes and other ASCII text, compared byte by byte. */
export function ascii(length: number): BaseOptions {
  return { type: 'varchar', length, charset: 'ascii', collation: 'ascii_bin' };
}

/** Text in any script, compared byte by byte without padding. */
export function text(length: number): BaseOptions {
  return { type: 'varchar', length, charset: 'utf8mb4', collation: BYTEWISE };
}

/** Text of up to 64 KiB that is never compared. */
export const longText: BaseOptions = { type: 'text', charset: 'utf8mb4' };

/** An IP address as 16 bytes, see platform/net/ip-address.ts: in this form a network is a range. */
export const ipAddress: BaseOptions = { type: 'binary', length: 16 };

/**
 * Entities carry instants as text, `YYYY-MM-DD hh:mm:ss.sss` in UTC. TypeORM passes a `Date` to and from every driver;
 * its own parsing of text would use the time zone of the process.
 */
const instantText: ValueTransformer = {
  to: (value: unknown) => (typeof value === 'string' ? new Date(fromInstantText(value)) : value),
  from: (value: unknown) => (value instanceof Date ? toInstantText(value.getTime()) : value),
};

/** An instant with milliseconds. */
export const instant: BaseOptions = { type: 'datetime', precision: 3, transformer: instantText };

const asNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (typeof value === 'string' ? Number(value) : value),
};

/** A counter below 2^53. Drivers return BIGINT as text. */
export const counter: BaseOptions = { type: 'bigint', transformer: asNumber };
