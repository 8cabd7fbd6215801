import 'reflect-metadata';
import { loadConfig } from './config/load-config.js';
import { runProgram } from './cli/run-program.js';
import { serve } from './serve.js';

await runProgram(() => serve(loadConfig()));
