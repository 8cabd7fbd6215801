import { TILE_WIDTH } from './tree-nodes.js';

/** A tile of the tree, or the entries of a tile of level 0 (C2SP tlog-tiles). */
export interface TilePath {
  readonly level: number | 'entries';
  /** Number of the tile within its level, from 0. */
  readonly index: number;
  /** Hashes or entries: 256, or fewer for a partial tile. */
  readonly width: number;
}

/** Highest level of the specification. */
const MAX_LEVEL = 63;
const LEVEL = /^(entries|0|[1-9]\d?)$/;
/** Groups of three digits; all but the last begin with x, and the first is not zero unless it is the only one. */
const PATH = /^(?:\d{3}|(?:x(?!000)\d{3})(?:\/x\d{3})*\/\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** Path of a tile below `tile/`, for instance `0/x001/x234/067` or `entries/273.p/112`. */
export function formatTilePath({ level, index, width }: TilePath): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g)!;
  const number = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `${level}/${number}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
}

/** @param path below `tile/` @returns undefined if it is not the only path of a tile */
export function parseTilePath(path: string): TilePath | undefined {
  const slash = path.indexOf('/');
  const [level, rest] = [path.slice(0, slash), path.slice(slash + 1)];
  const match = LEVEL.test(level) ? PATH.exec(rest) : null;
  if (!match || Number(level) > MAX_LEVEL) return undefined;
  const width = match[1] === undefined ? TILE_WIDTH : Number(match[1]);
  const index = Number((rest.split('.')[0] ?? '').replaceAll(/\D/g, ''));
  const isPartial = match[1] !== undefined;
  if (!Number.isSafeInteger(index) || (isPartial && width >= TILE_WIDTH)) return undefined;
  return { level: level === 'entries' ? level : Number(level), index, width };
}
