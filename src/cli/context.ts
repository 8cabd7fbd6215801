import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AppModule } from '../app.module.js';
import { type AppConfig, loadConfig } from '../config/app-config.js';
import { openDataSource } from '../platform/database/connection/data-source.js';
import { pendingMigrations } from '../platform/database/schema/schema-version.js';
import { DATA_SOURCE } from '../platform/database/tokens.js';
import { SchemaError } from '../serve.js';

/** Runs a command with the application's services, without a server, and closes them whatever happens. */
export async function withApp<T>(
  work: (app: INestApplicationContext) => Promise<T>,
  config: AppConfig = loadConfig(),
): Promise<T> {
  const app = await NestFactory.createApplicationContext(await AppModule.with(config), {
    logger: ['error'],
    abortOnError: false,
  });
  try {
    const pending = await pendingMigrations(app.get<DataSource>(DATA_SOURCE));
    if (pending.length > 0)
      throw new SchemaError('The schema of the database is not up to date; run: npm run cli -- migrate');
    return await work(app);
  } finally {
    await app.close();
  }
}

/** @returns names of the migrations that were run */
export async function migrate(config: AppConfig = loadConfig()): Promise<string[]> {
  const { dataSource } = await openDataSource(config.DATABASE_URL, 2);
  try {
    return (await dataSource.runMigrations()).map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}
