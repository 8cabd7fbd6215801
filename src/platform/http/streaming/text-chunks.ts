import { CHUNK_BYTES, returnChunk, takeChunk } from './chunk-pool.js';
import type { Piece } from './stream-answer.js';

/** UTF-8 has at most three bytes for each UTF-16 code unit. */
const MAX_UNIT_BYTES = 3;

/** Writes items as UTF-8. */
export interface ItemEncoder<Item> {
  /** Upper bound of the bytes of an item. */
  maxBytes(item: Item): number;
  /** @param to has room for `maxBytes` after `at` @returns the offset after the item */
  write(item: Item, to: Buffer, at: number): number;
}

/** Joins items and text to pieces of up to 64 KiB, without a string that holds them all. */
export class TextChunks {
  private chunk: Buffer | null = null;
  private used = 0;
  private rows = 0;

  /** @returns the piece that is full; a text that is longer than a chunk makes a piece longer */
  add(text: string, rows = 0): Piece | null {
    if (text === '' && rows === 0) return null;
    return this.addItem(text, TEXT, rows);
  }

  /** The same for an item with an encoder. */
  addItem<Item>(item: Item, encoder: ItemEncoder<Item>, rows = 1): Piece | null {
    const needed = encoder.maxBytes(item);
    if (needed > CHUNK_BYTES) return this.joined(item, encoder, rows);
    const full = this.used + needed > CHUNK_BYTES ? this.end() : null;
    this.chunk ??= takeChunk();
    this.used = encoder.write(item, this.chunk, this.used);
    this.rows += rows;
    return full;
  }

  /** @returns the rest; null if there is none */
  end(): Piece | null {
    const { chunk, used, rows } = this;
    if (!chunk) return null;
    this.chunk = null;
    this.used = 0;
    this.rows = 0;
    return { text: chunk.subarray(0, used), rows, free: () => returnChunk(chunk) };
  }

  private joined<Item>(item: Item, encoder: ItemEncoder<Item>, rows: number): Piece {
    const before = this.end();
    const start = before?.text.length ?? 0;
    const bytes = Buffer.allocUnsafe(start + encoder.maxBytes(item));
    if (before) (before.text as Buffer).copy(bytes);
    before?.free?.();
    return { text: bytes.subarray(0, encoder.write(item, bytes, start)), rows: (before?.rows ?? 0) + rows };
  }
}

const TEXT: ItemEncoder<string> = {
  maxBytes: (text) => text.length * MAX_UNIT_BYTES,
  write: (text, to, at) => at + to.write(text, at),
};
