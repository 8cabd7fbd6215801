/**
 * Counts how often the connections of a pool may have come to lead to another server, or to the same one with older data. What
 * a process remembers of rows that never change, such as the name of a user id, is valid within an epoch only: after a
 * failover that lost transactions, ids are given again.
 */
export class ServerEpoch {
  private current = 0;
  private server: string | undefined;

  get value(): number {
    return this.current;
  }

  /** A connection was lost: the server may have been replaced. */
  lost(): void {
    this.current++;
  }

  /** @param server that a new connection leads to; undefined when it does not say */
  reached(server: string | undefined): void {
    if (server === undefined) return;
    if (this.server !== undefined && this.server !== server) this.current++;
    this.server = server;
  }
}
