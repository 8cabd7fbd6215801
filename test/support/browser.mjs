import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { aptInstall, aptLine, findProgram, isExecutable, say } from './find-program.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * The Chromium that the browser tests drive, installed on Debian when we are root and there is none.
 *
 * @returns {string} its full path, or '' when TEST_BROWSER=off
 * @throws Error with the one line to type
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
  throw new Error(`The browser tests need Chromium. Type:  ${line}   (or TEST_BROWSER=off to go without)`);
}

function findChromium() {
  const downloaded = chromium.executablePath(); // by `playwright-core install`
  return findProgram(NAMES) ?? (existsSync(downloaded) ? downloaded : undefined);
}

function withoutBrowser() {
  if (process.env.CI) throw new Error('TEST_BROWSER=off is for a developer’s machine; CI runs the browser tests');
  say('TEST_BROWSER=off: THE BROWSER TESTS ARE SKIPPED');
  return '';
}
