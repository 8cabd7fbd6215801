import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DATA_SOURCE } from '../tokens.js';
import { refuseNewerSchema, requireCurrentSchema, schemaVersion } from './schema-version.js';

/** Short compared with the time that a newer build takes to start after its migration. */
const WATCH_EVERY_MS = 1000;

/** Compares the schema of the database with that of this build while the process runs. */
@Injectable()
export class SchemaStatus implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** @throws SchemaError, for instance after a newer build has migrated the database */
  async requireCurrent(): Promise<void> {
    refuseNewerSchema(await requireCurrentSchema(this.dataSource));
  }

  /** Calls `onNewer` once with a SchemaError when a newer build has migrated the database. */
  watch(onNewer: (error: Error) => void): void {
    const look = async () => {
      // A database that does not answer now is asked again; requests report it.
      const version = await schemaVersion(this.dataSource).catch(() => undefined);
      if (this.timer === undefined) return;
      try {
        if (version) refuseNewerSchema(version);
        this.timer = setTimeout(look, WATCH_EVERY_MS).unref();
      } catch (error) {
        this.onApplicationShutdown();
        onNewer(error as Error);
      }
    };
    this.timer = setTimeout(look, WATCH_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
