import { readFileSync } from 'node:fs';
import { commitEntries, releasedVersions, withCommits, withRelease } from '../../scripts/changelog.mjs';
import { VERSION } from '../../src/config/version.js';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

/** The image tag of docker-compose.yml is compared in docker.test.ts, `--version` of the packed program in package.test.ts. */
describe('the version of package.json', () => {
  it('is the newest section of CHANGELOG.md, which lists its commits', () => {
    const changelog = read('CHANGELOG.md');
    expect(releasedVersions(changelog)[0]).toBe(VERSION);
    const section = changelog.split(/^## /m).find((text) => text.startsWith(`${VERSION} (`))!;
    expect(section).toMatch(/^### Commits\n\n#### /m);
  });

  it('is the version of the lock file, of OpenAPI and of the package that README.md installs', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      version: string;
      packages: Record<'', { version: string }>;
    };
    const { info } = JSON.parse(read('openapi.json')) as { info: { version: string } };
    expect([lock.version, lock.packages[''].version, info.version]).toEqual([VERSION, VERSION, VERSION]);
    expect(read('README.md')).toContain(`session-audit-${VERSION}.tgz`);
  });

  it('is supported according to SECURITY.md', () => {
    expect(read('SECURITY.md')).toContain(`| ${VERSION.split('.', 2).join('.')} | yes |`);
  });
});

describe('the changelog', () => {
  const commits = [
    { hash: 'a1', message: 'feat(api)!: drop the old list' },
    { hash: 'a2', message: 'fix(audit): a gap' },
    { hash: 'a3', message: 'fix(audit): a gap' },
    { hash: 'a4', message: 'docs: a page' },
    { hash: 'a5', message: 'feat: a list\n\nBREAKING CHANGE: it replaces the other' },
    { hash: 'a6', message: 'perf(bench): faster rounds' },
    { hash: 'a7', message: 'no type' },
  ];
  const entries = [
    '#### Breaking changes\n\n- **api**: drop the old list (a1)\n- a list (a5)\n',
    '#### Fixes\n\n- **audit**: a gap (a2)\n',
  ].join('\n');

  it('lists commits that callers notice once, breaking changes first', () => {
    expect(commitEntries(commits)).toBe(entries);
  });

  it('keeps what was written by hand, and lists commits again without a trace of the first list', () => {
    const before = '# Changelog\n\n## Unreleased\n\n- Notes.\n\n## 0.1.0 (2026-01-01)\n\n- Older.\n';
    const released = withRelease(before, '0.2.0', '2026-02-01');
    expect(() => withRelease(released, '0.2.0', '2026-02-01')).toThrow('has a section 0.2.0');
    const once = withCommits(released, '0.2.0', 'other\n');
    expect(withCommits(once, '0.2.0', entries)).toBe(
      `# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-02-01)\n\n- Notes.\n\n### Commits\n\n${entries}\n## 0.1.0 (2026-01-01)\n\n- Older.\n`,
    );
  });
});
