import fc from 'fast-check';
import { RawRow, encodeRows } from './raw-rows.js';

const rows = encodeRows([
  [1, 'machine', null, '2021-04-01 10:00:00.000'],
  [2147483647, '', '2021-04-01 10:00:00.001', '2021-04-01 10:00:00.001'],
]);

describe('raw rows', () => {
  it('give their fields back, NULL and empty text apart', () => {
    const row = new RawRow(4);
    expect([row.read(rows, 0).number(0), row.text(1), row.isNull(2), row.text(3)]).toEqual([
      1,
      'machine',
      true,
      '2021-04-01 10:00:00.000',
    ]);
    expect([row.read(rows, 1).number(0), row.text(1), row.isNull(1), row.text(2)]).toEqual([
      2147483647,
      '',
      false,
      '2021-04-01 10:00:00.001',
    ]);
  });

  it('compare a field with text of its length', () => {
    const row = new RawRow(4).read(rows, 1);
    expect(row.isGreater(3, Buffer.from('2021-04-01 10:00:00.000'))).toBe(true);
    expect(row.isGreater(3, Buffer.from('2021-04-01 10:00:00.001'))).toBe(false);
    expect(row.isGreater(3, Buffer.from('2021-04-01 10:00:00.010'))).toBe(false);
  });

  it('give long text of any alphabet back', () => {
    const texts = ['é'.repeat(100), '漢'.repeat(84), 'x'.repeat(250), 'x'.repeat(251), '😀'.repeat(16_000), ''];
    const row = new RawRow(texts.length + 1).read(encodeRows([[...texts, 7]]), 0);
    expect(texts.map((_, field) => row.utf8(field))).toEqual(texts);
    expect(row.number(texts.length)).toBe(7);
  });

  it('give any values back', () => {
    const text = fc.oneof(fc.string({ maxLength: 300 }), fc.string({ unit: 'binary', maxLength: 300 }));
    const value = fc.oneof(fc.nat(), fc.constant(null), fc.constantFrom(Number.MAX_SAFE_INTEGER), text);
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((n) => fc.array(fc.array(value, { minLength: n, maxLength: n })));
    fc.assert(
      fc.property(table, (given) => {
        const encoded = encodeRows(given);
        expect(encoded.count).toBe(given.length);
        given.forEach((values, i) => {
          const row = new RawRow(values.length).read(encoded, i);
          expect(values.map((_, field) => (row.isNull(field) ? null : row.utf8(field)))).toEqual(
            values.map((one) => (one === null ? null : String(one).toWellFormed())),
          );
        });
      }),
    );
  });

  it('refuse a field that is longer than the form allows', () => {
    const long = encodeRows([['x']]);
    long.buffers[0]![0] = 0xfd;
    expect(() => new RawRow(1).read(long, 0)).toThrow(RangeError);
    expect(() => encodeRows([['x'.repeat(65_536)]])).toThrow(RangeError);
  });
});
