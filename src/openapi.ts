import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { openApiDocument } from './app.docs.js';
import { createApp } from './app.setup.js';
import { AppConfig } from './config/app-config.js';

/** Writes openapi.json: the document of the compiled application, which is committed and compared in the tests. */
const app = await createApp(Object.assign(new AppConfig(), { DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'error' }));
writeFileSync(process.argv[2] ?? 'openapi.json', `${JSON.stringify(openApiDocument(app), null, 2)}\n`);
await app.close();
