/** Fewer spans than this are not merged early. */
const FEW = 64;

/**
 * The union of time spans that are added in any order. It is a flat list `from, to, from, to, …` in milliseconds, and is
 * merged whenever it has doubled in size, so its size stays proportional to that of the union.
 */
export class SpanUnion {
  private spans: number[] = [];
  private mergeAt = 2 * FEW;

  /** @param fromMs before `toMs` */
  add(fromMs: number, toMs: number): void {
    const last = this.spans.length - 1;
    // Spans of one session often touch.
    if (last > 0 && this.spans[last] === fromMs) this.spans[last] = toMs;
    else this.spans.push(fromMs, toMs);
    if (this.spans.length < this.mergeAt) return;
    this.merged();
    this.mergeAt = Math.max(2 * FEW, 2 * this.spans.length);
  }

  /** Disjoint spans in order, as a flat list. */
  merged(): readonly number[] {
    const { spans } = this;
    if (isSortedAndDisjoint(spans)) return spans;
    const order = Array.from({ length: spans.length / 2 }, (_, i) => 2 * i).sort((a, b) => spans[a]! - spans[b]!);
    const union: number[] = [];
    for (const i of order) {
      const [from, to] = [spans[i]!, spans[i + 1]!];
      const last = union.length - 1;
      if (last > 0 && from <= union[last]!) union[last] = Math.max(union[last]!, to);
      else union.push(from, to);
    }
    this.spans = union;
    return union;
  }
}

function isSortedAndDisjoint(spans: readonly number[]): boolean {
  for (let i = 2; i < spans.length; i += 2) if (spans[i]! <= spans[i - 1]!) return false;
  return true;
}
