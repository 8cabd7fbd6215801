import { ReadSnapshots, type Snapshot, type Snapshots } from '../snapshots/snapshots.js';
import type { ReadNode } from './read-node.js';
import { ReadRouting } from './read-routing.js';

/** Opens snapshots on replicas in turn, and on the writer when no replica may answer. ADR 58. */
export class ReplicaSnapshots extends ReadSnapshots {
  private turn = 0;

  constructor(
    private readonly writer: Snapshots,
    private readonly nodes: readonly ReadNode[],
  ) {
    super();
  }

  override async open(signal: AbortSignal): Promise<Snapshot> {
    const routing = ReadRouting.current;
    for (const node of routing?.needsWriter ? [] : this.usedInTurn()) {
      const opened = await node.open(signal, routing?.leastVersion ?? 0);
      if (!opened) continue;
      routing?.answeredByReplica(opened.heartbeat);
      return opened.snapshot;
    }
    routing?.requireWriter();
    return this.writer.open(signal);
  }

  override async close(): Promise<void> {
    for (const node of this.nodes) await node.close();
  }

  private usedInTurn(): ReadNode[] {
    const used = this.nodes.filter(({ isUsed }) => isUsed);
    const first = used.length === 0 ? 0 : this.turn++ % used.length;
    return [...used.slice(first), ...used.slice(0, first)];
  }
}
