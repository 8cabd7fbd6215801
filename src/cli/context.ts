import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AppModule } from '../app.module.js';
import type { AppConfig } from '../config/app-config.js';
import { loadConfig } from '../config/load-config.js';
import { AppLogger } from '../platform/observability/app-logger.js';
import { openDataSource } from '../platform/database/connection/data-source.js';
import { tlsFilesOf } from '../platform/database/connection/database-tls.js';
import { refuseNewerSchema, requireCurrentSchema, schemaVersion } from '../platform/database/schema/schema-version.js';
import { DATA_SOURCE } from '../platform/database/tokens.js';

/** Runs a command with the application's services, without a server, and closes them, also after an error. */
export async function withApp<T>(
  work: (app: INestApplicationContext) => Promise<T>,
  config: AppConfig = loadConfig(),
): Promise<T> {
  const app = await NestFactory.createApplicationContext(await AppModule.with(config), {
    logger: new AppLogger({ ...config, LOG_LEVEL: 'error' }),
    abortOnError: false,
  });
  try {
    await requireCurrentSchema(app.get<DataSource>(DATA_SOURCE));
    return await work(app);
  } finally {
    await app.close();
  }
}

/** @returns names of the migrations that were run. @throws SchemaError when a newer build has migrated the database */
export async function migrate(config: AppConfig = loadConfig()): Promise<string[]> {
  const settings = { poolSize: 2, tlsFiles: tlsFilesOf(config) };
  const { dataSource } = await openDataSource(config.DATABASE_URL, settings);
  try {
    refuseNewerSchema(await schemaVersion(dataSource));
    return (await dataSource.runMigrations()).map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}
