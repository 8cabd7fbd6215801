import type { Piece } from './stream-answer.js';

/**
 * Encodes an array as text, one piece per page. `close` is only written after the last page, so a part never parses as
 * the whole.
 *
 * @param element the text of one element
 * @param open text before the first element @param close text after the last element
 */
export async function* jsonArray<T>(
  pages: AsyncIterable<readonly T[]>,
  element: (value: T) => string,
  open = '[',
  close = ']',
): AsyncGenerator<Piece> {
  let separator = open;
  for await (const page of pages) {
    let text = '';
    for (const value of page) {
      text += separator + element(value);
      separator = ',';
    }
    if (text !== '') yield { text, rows: page.length };
  }
  yield { text: separator === open ? open + close : close, rows: 0 };
}
