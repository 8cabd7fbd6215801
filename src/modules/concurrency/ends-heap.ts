/**
 * A binary min-heap of the ends of open sessions, in typed arrays: the sweep of a long window pushes millions. Sessions
 * with equal ends leave in any order.
 */
export class EndsHeap {
  private ends = new Float64Array(1024);
  private values = new Int32Array(1024);
  private count = 0;

  /** The earliest end; +∞ when the heap is empty. */
  get earliest(): number {
    return this.count === 0 ? Infinity : this.ends[0]!;
  }

  /** @param end milliseconds since 1970 @param value what `pop` returns, an int32 */
  push(end: number, value: number): void {
    if (this.count === this.ends.length) this.grow();
    let at = this.count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.ends[parent]! <= end) break;
      this.move(parent, at);
      at = parent;
    }
    this.put(at, end, value);
  }

  /** Removes the earliest end. @returns its value */
  pop(): number {
    const value = this.values[0]!;
    const last = --this.count;
    const end = this.ends[last]!;
    let at = 0;
    for (let child = 1; child < last; child = 2 * at + 1) {
      if (child + 1 < last && this.ends[child + 1]! < this.ends[child]!) child++;
      if (this.ends[child]! >= end) break;
      this.move(child, at);
      at = child;
    }
    this.put(at, end, this.values[last]!);
    return value;
  }

  private move(from: number, to: number): void {
    this.ends[to] = this.ends[from]!;
    this.values[to] = this.values[from]!;
  }

  private put(at: number, end: number, value: number): void {
    this.ends[at] = end;
    this.values[at] = value;
  }

  private grow(): void {
    const [ends, values] = [new Float64Array(2 * this.count), new Int32Array(2 * this.count)];
    ends.set(this.ends);
    values.set(this.values);
    [this.ends, this.values] = [ends, values];
  }
}
