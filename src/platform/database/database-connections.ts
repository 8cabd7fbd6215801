import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { AppConfig } from '../../config/app-config.js';
import { type EntityClass, engineAt, openDataSource } from './connection/data-source.js';
import { tlsFilesOf } from './connection/database-tls.js';
import { type DatabaseAddress, parseDatabaseUrl } from './connection/database-url.js';
import { PoolMetrics } from './connection/pool-metrics.js';
import type { Engine } from './engines/engine.js';
import { type Metrics, NoMetrics } from '../observability/metrics/metrics.js';
import { openReplicas } from './replicas/open-replicas.js';
import type { Replicas } from './replicas/replica-monitor.js';
import { WriterClock } from './replicas/writer-clock.js';
import { ServerEpochs } from './snapshots/server-epochs.js';
import { ReadSnapshots, Snapshots } from './snapshots/snapshots.js';
import { DATA_SOURCE, WRITER } from './tokens.js';

export interface DatabaseConnections {
  readonly engine: Engine;
  /** Of injected repositories. */
  readonly reader: DataSource;
  /** Of transactions. */
  readonly writer: DataSource;
  readonly snapshots: Snapshots;
  readonly replicas: Replicas;
}

/** Connections of injected repositories on a server. Their reads are single rows and short lists. */
const READ_CONNECTIONS = 2;

/**
 * Injected repositories have a data source that refuses writes, apart from that of transactions. On SQLite, where TypeORM
 * has one connection for each data source, a read beside a transaction would otherwise see uncommitted rows. On a server a
 * check of a key would otherwise wait for the connections that ingestion holds.
 */
export async function openConnections(
  config: AppConfig,
  entities: readonly EntityClass[],
  metrics: Metrics = new NoMetrics(),
): Promise<DatabaseConnections> {
  const { DATABASE_URL: url, DB_POOL_SIZE: poolSize, POOL_TIMEOUT: waitMs } = config;
  const tlsFiles = tlsFilesOf(config);
  const address = parseDatabaseUrl(url, tlsFiles);
  const engine = await engineAt(address);
  const settings = { entities, waitMs, engine, tlsFiles };
  const pools = new PoolMetrics(metrics);
  const ofPool = (name: string, size: number) => ({
    ...settings,
    poolSize: size,
    observer: pools.observer(name, size),
  });
  const opening = [
    openDataSource(url, ofPool('writer', poolSize)),
    openDataSource(url, { ...ofPool('reader', READ_CONNECTIONS), readOnly: true }),
  ] as const;
  const [writer, reader] = await Promise.all(opening).catch(async (error: unknown) => {
    for (const result of await Promise.allSettled(opening))
      if (result.status === 'fulfilled') await result.value.dataSource.destroy();
    throw error;
  });
  const epochs = new ServerEpochs();
  const snapshots = await openSnapshots(address, config, { engine, pools, epochs });
  const clock = new WriterClock(() => instantOf(reader.dataSource));
  const replicas = { nodes: await openReplicas(config, { engine, clock, pools, metrics, epochs }), clock };
  return { engine, reader: reader.dataSource, writer: writer.dataSource, snapshots, replicas };
}

async function instantOf(dataSource: DataSource): Promise<string> {
  const [row] = (await dataSource.query('SELECT CAST(UTC_TIMESTAMP(3) AS CHAR) AS now')) as [{ now: string }];
  return row.now;
}

async function openSnapshots(
  address: DatabaseAddress,
  config: AppConfig,
  { engine, pools, epochs }: { engine: Engine; pools: PoolMetrics; epochs: ServerEpochs },
): Promise<Snapshots> {
  if (address.kind === 'sqlite') {
    const { SqliteSnapshots } = await import('./snapshots/sqlite-snapshots.js');
    return new SqliteSnapshots(address.path, pools.observer('snapshots'));
  }
  const { ServerSnapshots } = await import('./snapshots/server-snapshots.js');
  // Long downloads may hold theirs for minutes; short windows have their own number beside them.
  const connections = config.DB_POOL_SIZE + config.MAX_DOWNLOADS;
  return new ServerSnapshots(address, engine, {
    connections,
    waitMs: config.POOL_TIMEOUT,
    statementMs: config.STATEMENT_TIMEOUT,
    observer: pools.observer('snapshots', connections),
    epochs,
  });
}

/** Runs after every feature has stopped: Nest shuts global modules down last. */
@Injectable()
export class CloseConnections implements OnApplicationShutdown {
  constructor(
    @Inject(Snapshots) private readonly snapshots: Snapshots,
    @Inject(ReadSnapshots) private readonly readSnapshots: ReadSnapshots,
    @Inject(DATA_SOURCE) private readonly reader: DataSource,
    @Inject(WRITER) private readonly writer: DataSource,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.readSnapshots !== this.snapshots) await this.readSnapshots.close();
    await this.snapshots.close();
    if (this.reader.isInitialized) await this.reader.destroy();
    if (this.writer.isInitialized) await closeWriter(this.writer);
  }
}

/** Moves the write-ahead log of SQLite into the database, so that one file is the whole database. No reader is open any more. */
async function closeWriter(writer: DataSource): Promise<void> {
  if (writer.options.type === 'better-sqlite3') await writer.query('PRAGMA wal_checkpoint(TRUNCATE)');
  await writer.destroy();
}
