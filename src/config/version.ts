import { readFileSync } from 'node:fs';

/** Found from `src/config/` and from `dist/config/` alike: both `src/` and `dist/` lie beside package.json. */
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export const VERSION = version;
