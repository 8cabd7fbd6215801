/** Times in milliseconds, heaps in bytes. */
export interface Measured {
  readonly paintMs: number;
  /** 95th percentile while panning. */
  readonly frameMs: number;
  readonly heapBefore: number;
  readonly heapAfter: number;
  readonly bars: number;
}
