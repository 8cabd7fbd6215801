import type { DataSource, EntityManager } from 'typeorm';
import { type ClosableConnection, closeServer } from '../connection/server-connection.js';
import { isUnavailable } from '../engines/database-errors.js';
import type { Engine } from '../engines/engine.js';
import type { RepeatedReads } from './repeated-reads.js';
import { requireWriter } from './require-writer.js';

/**
 * Reads that decide what is allowed, as whether a key is revoked. They come from the server that takes changes: another one
 * may be behind without a limit. A connection that leads elsewhere since a failover is closed, and the read is repeated.
 */
export class WriterReads {
  constructor(
    private readonly reader: DataSource,
    private readonly engine: Engine,
    private readonly reads: RepeatedReads,
  ) {}

  /** @param read gets the connection as well, which leads to the same server as long as it exists */
  run<T>(read: (manager: EntityManager, connection: object) => Promise<T>): Promise<T> {
    if (this.engine.family === 'sqlite') return read(this.reader.manager, this.reader);
    return this.reads.run(() => this.onWriter(read));
  }

  private async onWriter<T>(read: (manager: EntityManager, connection: object) => Promise<T>): Promise<T> {
    const runner = this.reader.createQueryRunner();
    const connection = (await runner.connect()) as ClosableConnection;
    try {
      await requireWriter((sql) => runner.query(sql) as Promise<unknown[]>);
      return await read(runner.manager, connection);
    } catch (error) {
      if (isUnavailable(error)) closeServer(this.reader, connection, error as Error);
      throw error;
    } finally {
      await runner.release();
    }
  }
}
