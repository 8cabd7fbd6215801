import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { aptInstall, aptLine, findProgram, isExecutable, printStatus } from './find-program.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * Finds Chromium for the browser tests. On Debian, as root, it is installed if it is missing.
 *
 * @returns {string} its full path, or '' when TEST_BROWSER=off
 * @throws Error with the command that installs it
 */
export function provideChromium() {
  if (process.env.TEST_BROWSER === 'off') return withoutBrowser();
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (isExecutable(given)) return given;
    throw new Error(`CHROMIUM_PATH is ${given}, which cannot be executed`);
  }
  const found = findChromium() ?? (aptInstall(['chromium'], 'Chromium') ? findChromium() : undefined);
  if (found) return found;
  const line = findProgram(['apt-get'])
    ? `sudo sh -c '${aptLine(['chromium'])}'`
    : 'npx playwright-core install --with-deps chromium';
  throw new Error(`The browser tests need Chromium. Run:   ${line}   (or set TEST_BROWSER=off to skip them)`);
}

function findChromium() {
  const downloaded = chromium.executablePath(); // by `playwright-core install`
  return findProgram(NAMES) ?? (existsSync(downloaded) ? downloaded : undefined);
}

function withoutBrowser() {
  if (process.env.CI) throw new Error('TEST_BROWSER=off is not allowed in CI');
  printStatus('TEST_BROWSER=off: THE BROWSER TESTS ARE SKIPPED');
  return '';
}
