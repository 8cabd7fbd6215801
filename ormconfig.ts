import 'reflect-metadata';
import { loadConfig } from './src/config/load-config.js';
import { ENTITIES } from './src/entities.js';
import { createDataSource } from './src/platform/database/connection/data-source.js';
import { tlsFilesOf } from './src/platform/database/connection/database-tls.js';

/** For the command line of TypeORM: `npm run typeorm -- migration:show`. It reads `.env` as the process does. */
const config = loadConfig();
const settings = { entities: ENTITIES, tlsFiles: tlsFilesOf(config) };
const { dataSource } = await createDataSource(config.DATABASE_URL, settings);
export default dataSource;
