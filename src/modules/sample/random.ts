/** Mixes 32 bits. It is a bijection, so there are no collisions. Constants: Chris Wellons, hash-prospector (public domain). */
function scramble(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/**
 * A pseudorandom generator that gives the same numbers for the same seed on every machine. Not for secrets.
 * Algorithm: splitmix32 as given in github.com/bryc/code, jshash/PRNGs.md (public domain).
 */
export class Random {
  private state: number;

  /** @param seeds integers; each distinct list gives a separate stream */
  constructor(...seeds: number[]) {
    this.state = seeds.reduce((state, seed) => scramble(state + seed + 0x9e3779b9), 0);
  }

  /** @returns 0 to 2^32-1 */
  bits(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    return scramble(this.state);
  }

  /** @returns an integer from `low` to `high`, inclusive */
  whole(low: number, high: number): number {
    return low + Math.floor((this.bits() / 2 ** 32) * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.bits() / 2 ** 32 < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.whole(0, list.length - 1)]!;
  }

  /** @returns an exponentially distributed duration with the given mean, at least 1 */
  pause(mean: number): number {
    return 1 + Math.round(-Math.log(1 - this.bits() / 2 ** 32) * mean);
  }
}
