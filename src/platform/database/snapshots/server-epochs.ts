/**
 * Counts how often connections may have come to lead to another server, or to the same one with older data. What a process
 * remembers of rows that never change, such as the name of a user id, is valid within an epoch only: after a failover that
 * lost transactions, ids are given again.
 */
export class ServerEpochs {
  private count = 0;

  get current(): number {
    return this.count;
  }

  next(): void {
    this.count++;
  }
}
