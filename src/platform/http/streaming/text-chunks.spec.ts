import * as fc from 'fast-check';
import { propertyRuns } from '../../../../test/support/property-runs.js';
import { CHUNK_BYTES } from './chunk-pool.js';
import type { Piece } from './stream-answer.js';
import { TextChunks } from './text-chunks.js';

/** Reads and returns each piece at once, so that its buffer is used again for the next one. */
function sent(texts: readonly string[]): { text: string; rows: number; sizes: number[] } {
  const chunks = new TextChunks();
  const parts: Buffer[] = [];
  let rows = 0;
  const send = (piece: Piece | null) => {
    if (!piece) return;
    parts.push(Buffer.from(piece.text as Buffer));
    rows += piece.rows;
    piece.free?.();
  };
  for (const text of texts) send(chunks.add(text, 1));
  send(chunks.end());
  send(chunks.end());
  return { text: Buffer.concat(parts).toString(), rows, sizes: parts.map(({ length }) => length) };
}

describe('TextChunks', () => {
  it('joins texts of any length and alphabet', () => {
    const unit = fc.constantFrom('a', 'é', '漢', '😀');
    const text = fc.tuple(unit, fc.constantFrom(0, 1, 10, 1000, 10_000, 30_000)).map(([letter, n]) => letter.repeat(n));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
        const { text, rows } = sent(texts);
        expect(text).toBe(texts.join(''));
        expect(rows).toBe(texts.length);
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  it('fills its chunks', () => {
    const { sizes } = sent(Array.from({ length: 1000 }, () => 'x'.repeat(500)));
    expect(sizes.length).toBe(Math.ceil(500_000 / (CHUNK_BYTES - 1500)));
  });

  it('has no piece without texts', () => expect(sent([]).sizes).toEqual([]));
});
