import { type DynamicModule, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { AppConfig } from '../../config/app-config.js';
import type { EntityClass } from './connection/data-source.js';
import { CloseConnections, openConnections } from './database-connections.js';
import { DatabaseStatus } from './database-status.js';
import { LeasesModule } from './leases/leases.module.js';
import { RepeatedReads } from './reads/repeated-reads.js';
import { WriterReads } from './reads/writer-reads.js';
import { ReplicaMonitor } from './replicas/replica-monitor.js';
import { ReplicaSnapshots } from './replicas/replica-snapshots.js';
import { SchemaStatus } from './schema/schema-status.js';
import { ReadSnapshots, Snapshots } from './snapshots/snapshots.js';
import { DATA_SOURCE, ENGINE, REPLICAS, WRITER } from './tokens.js';
import { RepeatReads } from '../http/repeat-reads.interceptor.js';
import type { Metrics } from '../observability/metrics/metrics.js';
import type { Traces } from '../observability/traces/traces.js';
import { TracedSnapshots } from './snapshots/traced-snapshots.js';
import { TracedTransactions } from './transactions/traced-transactions.js';
import { Transactions } from './transactions/transactions.js';

export interface Observed {
  readonly metrics: Metrics;
  /** Null when there are none. */
  readonly traces: Traces | null;
}

const EXPORTED = [
  ...[DATA_SOURCE, ENGINE, DatabaseStatus, SchemaStatus, Transactions],
  ...[ReadSnapshots, ReplicaMonitor, Snapshots, WriterReads],
];

/** Opens the database before the application is built, so that everything else receives it ready. */
@Module({})
export class DatabaseModule {
  /** @param entities every entity that a feature registers with `TypeOrmModule.forFeature` */
  static async open(config: AppConfig, entities: readonly EntityClass[], observed: Observed): Promise<DynamicModule> {
    const { metrics, traces } = observed;
    const { engine, reader, writer, snapshots, replicas } = await openConnections(config, entities, metrics);
    const limits = { unavailableMs: config.POOL_TIMEOUT, transactionMs: config.TRANSACTION_TIMEOUT };
    const reads = new RepeatedReads(config.POOL_TIMEOUT);
    const traced = (from: Snapshots) => (traces ? new TracedSnapshots(from, traces, engine.family) : from);
    const typeorm = TypeOrmModule.forRootAsync({
      useFactory: () => reader.options,
      dataSourceFactory: async () => reader,
    });
    return {
      module: DatabaseModule,
      global: true,
      imports: [typeorm, LeasesModule],
      providers: [
        { provide: DATA_SOURCE, useValue: reader },
        { provide: WRITER, useValue: writer },
        { provide: ENGINE, useValue: engine },
        { provide: Snapshots, useValue: traced(snapshots) },
        replicas.nodes.length === 0
          ? { provide: ReadSnapshots, useExisting: Snapshots }
          : { provide: ReadSnapshots, useValue: traced(new ReplicaSnapshots(snapshots, replicas.nodes)) },
        { provide: REPLICAS, useValue: replicas },
        ReplicaMonitor,
        {
          provide: Transactions,
          useValue: traces
            ? new TracedTransactions(writer, engine, limits, traces)
            : new Transactions(writer, engine, limits),
        },
        { provide: RepeatedReads, useValue: reads },
        { provide: WriterReads, useValue: new WriterReads(reader, engine, reads) },
        { provide: APP_INTERCEPTOR, useClass: RepeatReads },
        CloseConnections,
        DatabaseStatus,
        SchemaStatus,
      ],
      exports: EXPORTED,
    };
  }
}
