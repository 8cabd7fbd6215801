import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DATA_SOURCE } from '../tokens.js';
import { refuseNewerSchema, requireCurrentSchema } from './schema-version.js';

/** Compares the schema of the database with that of this build while the process runs. */
@Injectable()
export class SchemaStatus {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** @throws SchemaError, for instance after a newer build has migrated the database */
  async requireCurrent(): Promise<void> {
    refuseNewerSchema(await requireCurrentSchema(this.dataSource));
  }
}
