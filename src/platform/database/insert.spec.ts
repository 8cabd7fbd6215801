import { insertStatements } from './insert.js';

const statements = (rows: (string | number | null)[][]) => [
  ...insertStatements({ table: 't', columns: ['a', { name: 'b', hex: true }], rows, tail: 'END' }),
];

describe('insertStatements', () => {
  it('writes text, numbers, bytes and nothing as literals', () => {
    expect(
      statements([
        ['x', 'ff00'],
        [1, null],
      ]),
    ).toEqual([`INSERT INTO t (a, b) VALUES ('x',x'ff00'),(1,NULL) END`]);
  });

  it('lets no character of a value act', () => {
    expect(statements([[`'\\\0"\n%`, null]])).toEqual([`INSERT INTO t (a, b) VALUES ('\\'\\\\\\0"\n%',NULL) END`]);
    expect(() => statements([['x', "00' OR '"]])).toThrow(TypeError);
  });

  it('begins another statement when one is long, and makes none of no rows', () => {
    const long = 'x'.repeat(999_999);
    expect(
      statements([
        [long, null],
        [long, null],
        ['y', null],
      ]).map((s) => s.length > 999_999),
    ).toEqual([true, true, false]);
    expect(statements([])).toEqual([]);
  });
});
