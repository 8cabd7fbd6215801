import { createConnection } from 'mysql2/promise';
import { provideChromium } from './browser.mjs';
import { printStatus } from './find-program.mjs';
import { startPrivateServer } from './private-server.mjs';

/**
 * Provides the engines and the browser of the end-to-end tests through environment variables, which the workers inherit:
 * TEST_ENGINES (JSON, see engines.ts) and TEST_CHROMIUM (path, or '' when TEST_BROWSER=off).
 */
export default async function globalSetup() {
  process.env.TEST_CHROMIUM = provideChromium();
  // A developer's own .env must not change what is tested; the processes that the tests start inherit this.
  process.env.ENV_FILE = 'off';
  const given = (process.env.TEST_MYSQL_URL ?? '').split(',').map((url) => url.trim());
  const servers = given.filter(Boolean).map((url) => ({ url: withoutPath(url), own: false }));
  const own = await ownServer(servers.length > 0);
  if (own) servers.unshift({ url: own, own: true });
  const named = await Promise.all(servers.map(async (server) => ({ name: await nameOf(server.url), ...server })));
  const engines = [{ name: 'sqlite' }, ...named];
  process.env.TEST_ENGINES = JSON.stringify(engines);
  process.stderr.write(`Engines under test: ${engines.map(({ name }) => name).join(', ')}\n`);
}

/** @param {boolean} othersGiven whether TEST_MYSQL_URL names a server, so that a private one is optional */
async function ownServer(othersGiven) {
  try {
    return await startPrivateServer();
  } catch (error) {
    if (!othersGiven) throw error;
    printStatus(`NO PRIVATE SERVER: only the servers of TEST_MYSQL_URL are tested. ${error.message}`);
    return undefined;
  }
}

function withoutPath(url) {
  if (!URL.canParse(url) || !url.startsWith('mysql://')) {
    throw new Error('TEST_MYSQL_URL must be mysql://user:password@host:port/, several separated by commas');
  }
  return Object.assign(new URL(url), { pathname: '/', search: '', hash: '' }).href;
}

/** @returns `mariadb 10.11.6` or `mysql 9.7.0`. Errors name the host only, because the address contains a password. */
async function nameOf(url) {
  try {
    const connection = await createConnection(url);
    const [rows] = await connection.query('SELECT VERSION() AS version');
    await connection.end();
    const { version } = rows[0];
    return `${/mariadb/i.test(version) ? 'mariadb' : 'mysql'} ${version.split('-')[0]}`;
  } catch (error) {
    throw new Error(`The test server at ${new URL(url).host} does not answer: ${error.message}`, { cause: error });
  }
}
