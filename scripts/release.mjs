// npm run release -- VERSION [--from REF]: gives what is unreleased a version. It commits and publishes nothing.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fromOption, withRelease, writeCommits } from './changelog.mjs';

/** Files that name the version where it cannot be read from package.json. */
const COPIES = [
  ['docker-compose.yml', /(image: session-audit:)\d+\.\d+\.\d+/g],
  ['README.md', /(session-audit-)\d+\.\d+\.\d+(?=\.tgz)/g],
  ['docs/console.md', /("version": ")\d+\.\d+\.\d+/g],
  ['openapi.json', /(^ {4}"version": ")\d+\.\d+\.\d+/gm],
];

const version = process.argv[2] ?? '';
if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error('Usage: npm run release -- 1.2.3 [--from REF]');

const date = new Date().toISOString().slice(0, 10);
writeFileSync('CHANGELOG.md', withRelease(readFileSync('CHANGELOG.md', 'utf8'), version, date));
execFileSync('npm', ['version', version, '--no-git-tag-version', '--allow-same-version'], { stdio: 'inherit' });
for (const [file, pattern] of COPIES) {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(pattern, `$1${version}`));
}
writeCommits(version, fromOption());
process.stdout.write(`Review CHANGELOG.md, run npm run check, commit, and tag the commit v${version}.\n`);
