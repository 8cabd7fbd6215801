import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './src/platform/database/connection/data-source.js';

/** For the command line of TypeORM: `npm run typeorm -- migration:show`. */
const { options } = await dataSourceOptions(process.env.DATABASE_URL ?? 'sqlite:./data/sessions.db');
export default new DataSource(options);
