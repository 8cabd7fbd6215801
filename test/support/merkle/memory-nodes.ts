import { Frontier } from '../../../src/modules/changes/tree/frontier.js';
import type { TreeNodes } from '../../../src/modules/changes/tree/tree-nodes.js';

/** Keeps what the tables keep of a tree, and counts what is read. */
export class MemoryNodes implements TreeNodes {
  readonly frontier = Frontier.of(0, Buffer.alloc(0));
  /** Each read as `[level, first, count]`. */
  reads: [number, number, number][] = [];
  private readonly levels: Buffer[][] = [[]];

  append(leaf: Buffer): void {
    this.levels[0]!.push(leaf);
    this.frontier.append(leaf);
    for (const { level, position, hash } of this.frontier.takeCompleted()) {
      const row = (this.levels[level] ??= []);
      if (position !== row.length) throw new Error(`Position ${position} of level ${level} is not the next one.`);
      row.push(hash);
    }
  }

  async leaves(first: number, count: number): Promise<Buffer[]> {
    return this.nodes(0, first, count);
  }

  async nodes(level: number, first: number, count: number): Promise<Buffer[]> {
    this.reads.push([level, first, count]);
    return (this.levels[level] ?? []).slice(first, first + count);
  }
}
