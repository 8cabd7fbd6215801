import type { FetchWindow } from '../view/fetch-window.js';
import type { Row } from './model.js';

/** Rows of one request. */
export const PAGE_ROWS = 50;

/** Rows of one window, as far as they are loaded. */
export interface DataSet {
  readonly question: string;
  readonly window: FetchWindow;
  readonly total: number;
  readonly pages: ReadonlyMap<number, readonly Row[]>;
  readonly loadedAt: number;
}

/** The row at an index, if it is loaded. */
export function rowAt(data: DataSet | undefined, index: number): Row | undefined {
  return data?.pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
}
