import { sep } from 'node:path';
import { PACKAGE_FOLDER } from './package-folder.js';

/** `npm install` puts a package below `node_modules`. */
const isInstalled = PACKAGE_FOLDER.split(sep).includes('node_modules');

/** How users start the program: by its name when it is installed as a package, through npm in a checkout. */
export const PROGRAM = isInstalled ? 'session-audit' : 'npm run cli --';
