import type { Snapshot } from './snapshots.js';

/** Keeps what was derived from snapshots, and replaces it when the epoch of the database changes. */
export class WithinEpoch<T> {
  private epoch: number | undefined;
  private value: T;

  constructor(private readonly create: () => T) {
    this.value = create();
  }

  /** The value of the epoch of this snapshot. What is added to it must come from the same snapshot. */
  of({ epoch }: Pick<Snapshot, 'epoch'>): T {
    if (epoch !== this.epoch) {
      this.epoch = epoch;
      this.value = this.create();
    }
    return this.value;
  }
}
