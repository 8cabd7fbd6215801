import type { Piece } from './stream-answer.js';
import { type ItemEncoder, TextChunks } from './text-chunks.js';

/** What stands around and between items. */
interface Punctuation {
  readonly open: string;
  readonly separator: string;
  readonly close: string;
  /** The whole text when there are no items. */
  readonly empty: string;
}

/**
 * Encodes an array as text. `close` is only written after the last page, so a part never parses as the whole.
 *
 * @param encode the JSON of one element
 * @param open text before the first element @param close text after the last element
 */
export function jsonArray<T>(
  pages: AsyncIterable<readonly T[]> | Iterable<readonly T[]>,
  encode: ItemEncoder<T> | ((value: T) => string) = JSON.stringify,
  open = '[',
  close = ']',
): AsyncGenerator<Piece> {
  return punctuated(pages, encode, { open, separator: ',', close, empty: open + close });
}

/** Encodes items as NDJSON: each as one line of JSON. */
export function jsonLines<T>(
  pages: AsyncIterable<readonly T[]>,
  encode: ItemEncoder<T> | ((value: T) => string) = JSON.stringify,
): AsyncGenerator<Piece> {
  return punctuated(pages, encode, { open: '', separator: '\n', close: '\n', empty: '' });
}

async function* punctuated<T>(
  pages: AsyncIterable<readonly T[]> | Iterable<readonly T[]>,
  encode: ItemEncoder<T> | ((value: T) => string),
  { open, separator, close, empty }: Punctuation,
): AsyncGenerator<Piece> {
  const chunks = new TextChunks();
  const text = typeof encode === 'function' ? encode : null;
  let before = open;
  let isEmpty = true;
  for await (const page of pages)
    for (const value of page) {
      const full = text ? chunks.add(before + text(value), 1) : chunks.add(before);
      if (full) yield full;
      const fullOfItems = text ? null : chunks.addItem(value, encode as ItemEncoder<T>);
      if (fullOfItems) yield fullOfItems;
      before = separator;
      isEmpty = false;
    }
  const full = chunks.add(isEmpty ? empty : close);
  if (full) yield full;
  const last = chunks.end();
  if (last) yield last;
}
