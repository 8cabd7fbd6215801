import { createHash } from 'node:crypto';
import { ReadRouting } from '../../database/replicas/read-routing.js';

/** What restricts a list, by parameter; null and undefined do not restrict. */
export type CursorFilter = Readonly<Record<string, string | number | null | undefined>>;

/** A cursor as it was read. */
export interface ReadCursor<Position> {
  readonly position: Position;
  /** Digest of the filter for which the cursor was written. */
  readonly filter: string;
}

type Part = string | number | null;

/** How a position is kept in a cursor. */
export interface CursorForm<Position> {
  readonly write: (position: Position) => readonly Part[];
  /** @returns undefined unless `write` could have made these parts */
  readonly read: (parts: readonly unknown[]) => Position | undefined;
}

/** Raised when the layout below changes; cursors of another version are refused. */
const VERSION = 1;
/** Bytes of the digest: it tells filters apart, it keeps no secret. */
const DIGEST_BYTES = 9;

/**
 * Writes and reads the cursors of one list. A cursor is opaque to callers, and holds for its list and filter only:
 * base64url of the JSON array `[version, list, digest of the filter, …position]`. After an answer of a read replica the digest
 * comes as `[digest, heartbeat]`: the next page must not be older (ADR 58).
 */
export class CursorCodec<Position> {
  constructor(
    private readonly list: string,
    private readonly form: CursorForm<Position>,
  ) {}

  write(position: Position, filter: CursorFilter = {}): string {
    const digest = digestOf(filter);
    const heartbeat = ReadRouting.current?.position;
    const owner = heartbeat === undefined ? digest : [digest, heartbeat];
    return encode([VERSION, this.list, owner, ...this.form.write(position)]);
  }

  /** @returns undefined when the text is no cursor of this list */
  read(text: string): ReadCursor<Position> | undefined {
    const parts = decode(text);
    // Decoding base64 is lenient: only the exact text that was written is a cursor.
    if (!parts || encode(parts) !== text) return undefined;
    const [version, list, owner, ...rest] = parts;
    const [filter, heartbeat] = Array.isArray(owner) ? (owner as unknown[]) : [owner, undefined];
    if (version !== VERSION || list !== this.list || typeof filter !== 'string') return undefined;
    const position = this.form.read(rest);
    if (position === undefined) return undefined;
    ReadRouting.current?.continueFrom(typeof heartbeat === 'number' ? heartbeat : undefined);
    return { position, filter };
  }

  belongsTo({ filter }: ReadCursor<Position>, current: CursorFilter): boolean {
    return filter === digestOf(current);
  }
}

function encode(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function decode(text: string): unknown[] | undefined {
  try {
    const parts = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
    return Array.isArray(parts) ? parts : undefined;
  } catch {
    return undefined;
  }
}

function digestOf(filter: CursorFilter): string {
  const given = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  const text = JSON.stringify(given.sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256').update(text).digest().subarray(0, DIGEST_BYTES).toString('base64url');
}
