import { type DynamicModule, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AppConfig } from '../../config/app-config.js';
import { openDataSource } from './connection/data-source.js';
import { parseDatabaseUrl } from './connection/database-url.js';
import type { Engine } from './engines/engine.js';
import { ServerSnapshots } from './snapshots/server-snapshots.js';
import { Snapshots } from './snapshots/snapshots.js';
import { SqliteSnapshots } from './snapshots/sqlite-snapshots.js';
import { DATA_SOURCE, ENGINE } from './tokens.js';
import { Transactions } from './transactions/transactions.js';

@Injectable()
class CloseSnapshots implements OnApplicationShutdown {
  constructor(@Inject(Snapshots) private readonly snapshots: Snapshots) {}

  onApplicationShutdown(): Promise<void> {
    return this.snapshots.close();
  }
}

/** Opens the database before the application is built, so that everything else receives it ready. */
@Module({})
export class DatabaseModule {
  static async open(config: AppConfig): Promise<DynamicModule> {
    const { dataSource, engine } = await openDataSource(config.DATABASE_URL, config.DB_POOL_SIZE);
    const snapshots = openSnapshots(config, engine);
    const typeorm = TypeOrmModule.forRootAsync({
      useFactory: () => dataSource.options,
      dataSourceFactory: async (): Promise<DataSource> => dataSource,
    });
    return {
      module: DatabaseModule,
      global: true,
      imports: [typeorm],
      providers: [
        { provide: DATA_SOURCE, useValue: dataSource },
        { provide: ENGINE, useValue: engine },
        { provide: Snapshots, useValue: snapshots },
        Transactions,
        CloseSnapshots,
      ],
      exports: [DATA_SOURCE, ENGINE, Snapshots, Transactions],
    };
  }
}

function openSnapshots(config: AppConfig, engine: Engine): Snapshots {
  const address = parseDatabaseUrl(config.DATABASE_URL);
  if (address.kind === 'sqlite') return new SqliteSnapshots(address.path);
  return new ServerSnapshots(address, engine, {
    // Long downloads may hold theirs for minutes; short windows keep their own number beside them.
    connections: config.DB_POOL_SIZE + config.MAX_DOWNLOADS,
    waitMs: config.POOL_TIMEOUT,
    statementMs: config.STATEMENT_TIMEOUT,
  });
}
