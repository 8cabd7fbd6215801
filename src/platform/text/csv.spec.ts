import { parse } from 'csv-parse/sync';
import { csvLines } from './csv.js';

const SIGNS = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
const BEFORE = ['', ' ', '\t', '\r', '\n', '"', ' " '];

describe('a row of CSV', () => {
  it('has every cell in quotation marks', () => {
    expect(csvLines([['a', 1, true, null, undefined, '', 'b"c']])).toBe('"a","1","true","","","","b""c"\r\n');
  });

  it.each(['a;b', 'a, b', '1-2', 'x=1', '{"start":"2021-01-01"}', '/api/v1', "'x"])('keeps %j', (text) => {
    expect(parse(csvLines([[text]]))).toEqual([[text]]);
  });

  it.each([',', ';', '\t'])('contains no formula for a spreadsheet that splits at %j', (delimiter) => {
    for (const sign of SIGNS)
      for (const before of BEFORE)
        for (const separator of ['', 'a;', 'a\t', ';', 'a,;'])
          for (const cell of cellsOf(
            csvLines([['first', `${separator}${before}${sign}cmd|'calc'!A0`, 'last']]),
            delimiter,
          ))
            expect([cell, /^[\s"]*[=+\-@＝＋－＠]/.test(cell)]).toEqual([cell, false]);
  });
});

/** Splits as a lenient reader does: a quotation mark that does not end at a delimiter is a part of the text. */
function cellsOf(text: string, delimiter: string): string[] {
  if (delimiter === ',') return (parse(text) as string[][]).flat();
  return text.split(delimiter);
}
