import { type Column, arranged } from './table.js';

interface One {
  readonly name: string;
  readonly size: number;
}
const columns: Column<One>[] = [
  { id: 'name', label: 'Name', text: ({ name }) => name, by: ({ name }) => name },
  { id: 'size', label: 'Size', text: ({ size }) => `${size} kB`, by: ({ size }) => size },
];
const rows: One[] = [
  { name: 'WS-10', size: 5 },
  { name: 'ws-9', size: 100 },
  { name: 'NB-1', size: 20 },
];
const names = (sort: Parameters<typeof arranged>[2], find = '') =>
  arranged(rows, columns, sort, find).map(({ name }) => name);

describe('arranged', () => {
  it('keeps the order without a column to sort by', () => expect(names(null)).toEqual(['WS-10', 'ws-9', 'NB-1']));

  it('sorts texts as people count, and numbers by value', () => {
    expect(names({ id: 'name', descending: false })).toEqual(['NB-1', 'ws-9', 'WS-10']);
    expect(names({ id: 'size', descending: true })).toEqual(['ws-9', 'NB-1', 'WS-10']);
  });

  it('finds rows that contain every word in any column', () => {
    expect(names(null, 'WS 100')).toEqual(['ws-9']);
    expect(names(null, 'nothing')).toEqual([]);
  });
});
