import 'reflect-metadata';
import { loadConfig } from './config/app-config.js';
import { reportAndExit } from './cli/report.js';
import { serve } from './serve.js';

await serve(loadConfig()).catch(reportAndExit);
