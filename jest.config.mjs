import { readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('.swcrc.json', import.meta.url), 'utf8'));

const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};

const withEngines = {
  ...common,
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
};

/**
 * `small` tests are pure and need no database. `e2e` tests run on every engine through HTTP or the real drivers.
 * `measured` tests do the same and assert memory or time, so `npm test` runs them one at a time.
 */
export default {
  // Generous, because the machine may be busy.
  testTimeout: 60_000,
  projects: [
    {
      ...common,
      displayName: 'small',
      testMatch: ['src', 'web/src']
        .map((folder) => `<rootDir>/${folder}/**/*.spec.ts`)
        .concat('<rootDir>/test/architecture/**/*.test.ts'),
    },
    { ...withEngines, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
    { ...withEngines, displayName: 'measured', testMatch: ['<rootDir>/test/measured/**/*.test.ts'] },
  ],
};
