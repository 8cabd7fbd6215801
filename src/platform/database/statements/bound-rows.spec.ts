import Database from 'better-sqlite3';
import fc from 'fast-check';
import { boundLists, boundRows } from './bound-rows.js';
import { serverEngine, sqliteEngine } from '../engines/engine.js';

const listsOf = (rows: readonly unknown[][]) => [...boundLists(rows.map((row) => JSON.stringify(row)))];
const COLUMNS = { id: 'integer', name: { text: 20 } } as const;

describe('boundLists', () => {
  const anyRow = fc.tuple(fc.integer(), fc.option(fc.string({ unit: 'binary' })));

  it('holds every row once, in order', () => {
    fc.assert(
      fc.property(fc.array(anyRow), (rows) => {
        expect(listsOf(rows).flatMap((list) => JSON.parse(list) as unknown[])).toEqual(rows);
      }),
    );
  });

  it('bounds the size of one list', () => {
    const lists = listsOf(Array.from({ length: 30 }, (_, i) => [i, 'x'.repeat(100_000)]));
    expect(lists.map((list) => (JSON.parse(list) as unknown[]).length)).toEqual([10, 10, 10]);
  });

  it('is empty without rows', () => {
    expect(listsOf([])).toEqual([]);
  });
});

describe('boundRows', () => {
  it('unpacks what boundLists packed', () => {
    const db = new Database(':memory:');
    const statement = db.prepare(`SELECT id, name FROM ${boundRows(sqliteEngine(''), COLUMNS, 'given')}`).raw();
    const anyRow = fc.tuple(fc.integer(), fc.option(fc.string({ unit: 'grapheme' }).filter((t) => !t.includes('\0'))));
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1 }), (rows) => {
        expect(listsOf(rows).flatMap((list) => statement.all(list))).toEqual(rows);
      }),
    );
    db.close();
  });

  it('gives text the collation of the columns of each server, and refuses what does not fit', () => {
    expect(boundRows(serverEngine('10.11.6-MariaDB'), COLUMNS, 'given')).toContain(
      "name VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin PATH '$[1]' ERROR ON ERROR",
    );
    expect(boundRows(serverEngine('9.7.0'), COLUMNS, 'given')).toContain('COLLATE utf8mb4_0900_bin');
  });
});
