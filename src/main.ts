import 'reflect-metadata';
import { runProgram } from './cli/run-program.js';
import { serveConfigured } from './cli/serve.action.js';

await runProgram(serveConfigured);
