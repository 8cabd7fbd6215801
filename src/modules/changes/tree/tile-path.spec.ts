import { encodeEntries } from './entry-bundle.js';
import { formatTilePath, parseTilePath } from './tile-path.js';
import { tileWidth } from './tree-nodes.js';

describe('the path of a tile', () => {
  it('is that of the specification', () => {
    const paths = {
      '0/x001/x234/067': { level: 0, index: 1_234_067, width: 256 },
      '0/273.p/112': { level: 0, index: 273, width: 112 },
      '1/001.p/17': { level: 1, index: 1, width: 17 },
      '2/000.p/1': { level: 2, index: 0, width: 1 },
      '63/999': { level: 63, index: 999, width: 256 },
      'entries/x001/000': { level: 'entries', index: 1_000, width: 256 },
      'entries/x001/000.p/255': { level: 'entries', index: 1_000, width: 255 },
    } as const;
    for (const [path, tile] of Object.entries(paths)) {
      expect(parseTilePath(path)).toEqual(tile);
      expect(formatTilePath(tile)).toBe(path);
    }
  });

  it('has one spelling', () => {
    const bad = [
      ...['', '/', '0', '0/', '0/1', '0/0000', '0/x000/001', '0/001/002', '0/x001', '0/x001/x002', '00/001', '64/001'],
      ...['-1/001', '0/001.p/0', '0/001.p/256', '0/001.p/01', '0/001.p/', '0/001.p', '0/001/', '/0/001', '0//001'],
      ...['0/0x1', '0/001.p/1/2', 'data/001', 'entries/', '0/١٢٣', '0/001\n', `0/${'x999/'.repeat(6)}999`],
    ];
    for (const path of bad) expect(parseTilePath(path)).toBeUndefined();
  });
});

it('the widths of tiles are those of the example in the specification', () => {
  const widths = (size: number, level: number, tiles: readonly number[]) =>
    tiles.map((tile) => tileWidth(level, tile, size));
  expect(widths(70_000, 0, [0, 272, 273, 274])).toEqual([256, 256, 112, 0]);
  expect(widths(70_000, 1, [0, 1, 2])).toEqual([256, 17, 0]);
  expect(widths(70_000, 2, [0, 1])).toEqual([1, 0]);
  expect(widths(256, 0, [0, 1])).toEqual([256, 0]);
  expect(widths(256, 1, [0])).toEqual([1]);
});

it('entries have their length before them', () => {
  const entries = ['', 'a', 'x'.repeat(300)].map((text) => Buffer.from(text));
  const bytes = Buffer.concat([Buffer.of(0, 0, 0, 1, 97, 1, 44), entries[2]!]);
  expect(encodeEntries(entries)).toEqual(bytes);
  expect(encodeEntries([Buffer.alloc(65_535)])).toHaveLength(65_537);
  expect(() => encodeEntries([Buffer.alloc(65_536)])).toThrow(RangeError);
});
