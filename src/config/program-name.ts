/** Path of the folder of an installed package: `npm install` puts it below `node_modules`. */
const isInstalled = new URL('../..', import.meta.url).pathname.includes('/node_modules/');

/** How users start the program: by its name when it is installed as a package, through npm in a checkout. */
export const PROGRAM = isInstalled ? 'session-audit' : 'npm run cli --';
