/** Scrambles 32 bits; a bijection, so no two inputs meet. Constants: Chris Wellons, hash-prospector (public domain). */
function scramble(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/**
 * Numbers that look random and are the same for the same seed on every machine. Not for secrets.
 * The generator is splitmix32 as given in github.com/bryc/code, jshash/PRNGs.md (public domain).
 */
export class Random {
  private state: number;

  /** @param seeds whole numbers; each different list gives a stream of its own */
  constructor(...seeds: number[]) {
    this.state = seeds.reduce((state, seed) => scramble(state + seed + 0x9e3779b9), 0);
  }

  /** @returns 0 to 2^32-1 */
  bits(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    return scramble(this.state);
  }

  /** @returns a whole number from `low` to `high`, both included */
  whole(low: number, high: number): number {
    return low + Math.floor((this.bits() / 2 ** 32) * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.bits() / 2 ** 32 < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.whole(0, list.length - 1)]!;
  }

  /** A waiting time of that mean, as between events that know nothing of each other (exponential); at least 1. */
  pause(mean: number): number {
    return 1 + Math.round(-Math.log(1 - this.bits() / 2 ** 32) * mean);
  }
}
