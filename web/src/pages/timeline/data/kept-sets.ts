import { serves } from '../view/fetch-window.js';
import type { View } from '../view/view.js';
import type { DataSet } from './data-set.js';

/** Longer than somebody needs to go back to where they were, and short enough for what changes meanwhile. */
const KEEP_MS = 60_000;
const MOST = 6;

/** The windows that were loaded last, so that going back needs no request. */
export class KeptSets {
  private sets: readonly DataSet[] = [];

  /** Replaces what is kept of the same window. */
  add(set: DataSet): void {
    const isOther = (kept: DataSet) =>
      kept.question !== set.question || kept.window.from !== set.window.from || kept.window.to !== set.window.to;
    this.sets = [set, ...this.sets.filter(isOther)].slice(0, MOST);
  }

  /** @param now in milliseconds, on the clock of `loadedAt` */
  find(question: string, view: View, now: number): DataSet | undefined {
    return this.sets.find(
      (set) => set.question === question && now - set.loadedAt < KEEP_MS && serves(set.window, view),
    );
  }
}
