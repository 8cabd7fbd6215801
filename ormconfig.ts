import 'reflect-metadata';
import { ENTITIES } from './src/entities.js';
import { createDataSource } from './src/platform/database/connection/data-source.js';

/** For the command line of TypeORM: `npm run typeorm -- migration:show`. */
const { dataSource } = await createDataSource(process.env.DATABASE_URL ?? 'sqlite:./data/sessions.db', {
  entities: ENTITIES,
});
export default dataSource;
