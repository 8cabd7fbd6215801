import 'reflect-metadata';
import { loadConfig } from './src/config/load-config.js';
import { ENTITIES } from './src/entities.js';
import { createDataSource } from './src/platform/database/connection/data-source.js';

/** For the command line of TypeORM: `npm run typeorm -- migration:show`. It reads `.env` as the process does. */
const { DATABASE_URL, DATABASE_CA_FILE: caFile } = loadConfig();
const { dataSource } = await createDataSource(DATABASE_URL, { entities: ENTITIES, caFile });
export default dataSource;
