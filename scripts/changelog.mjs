// npm run changelog [-- --from REF]: lists the commits of the current version in CHANGELOG.md. ADR 51.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TITLES = { feat: 'Features', fix: 'Fixes', perf: 'Performance', revert: 'Reverts' };
/** Scopes of what is not installed. */
const INTERNAL_SCOPES = ['attack', 'bench', 'build', 'test'];
const HEADER = /^(?<type>[a-z]+)(\((?<scope>[^)]+)\))?(?<breaking>!)?: (?<subject>.+)$/;
const COMMITS = '### Commits';
const UNRELEASED = '## Unreleased';

/**
 * The entries of commits that follow Conventional Commits 1.0.0, by type; types and scopes that callers do not
 * notice are left out.
 *
 * @param {{ hash: string, message: string }[]} commits newest first
 * @returns {string} Markdown
 */
export function commitEntries(commits) {
  /** @type {Map<string, Set<string>>} */
  const groups = new Map([
    ['Breaking changes', new Set()],
    ...Object.values(TITLES).map((title) => [title, new Set()]),
  ]);
  const seen = new Set();
  for (const { hash, message } of commits) {
    const [first, ...body] = message.split('\n');
    const { type, scope, breaking, subject } = HEADER.exec(first)?.groups ?? {};
    if (seen.has(first) || INTERNAL_SCOPES.includes(scope)) continue;
    seen.add(first);
    const entry = `- ${scope ? `**${scope}**: ` : ''}${subject} (${hash})`;
    const isBreaking = breaking || body.some((line) => /^BREAKING[ -]CHANGE: /.test(line));
    groups.get(isBreaking ? 'Breaking changes' : TITLES[type])?.add(entry);
  }
  const filled = [...groups].filter(([, entries]) => entries.size > 0);
  return filled.map(([title, entries]) => `#### ${title}\n\n${[...entries].join('\n')}\n`).join('\n');
}

/**
 * Gives the text under "Unreleased" to a version. What was written by hand is kept as it is.
 *
 * @param {string} changelog
 * @param {string} version
 * @param {string} date YYYY-MM-DD
 */
export function withRelease(changelog, version, date) {
  if (headingOf(version).test(changelog)) throw new Error(`CHANGELOG.md has a section ${version}`);
  if (!changelog.includes(`\n${UNRELEASED}\n`)) throw new Error(`CHANGELOG.md has no section "${UNRELEASED}"`);
  return changelog.replace(`\n${UNRELEASED}\n`, `\n${UNRELEASED}\n\n## ${version} (${date})\n`);
}

/** Replaces the list of commits at the end of the section of a version. @param {string} changelog @param {string} version @param {string} entries */
export function withCommits(changelog, version, entries) {
  const start = changelog.search(headingOf(version));
  if (start < 0) throw new Error(`CHANGELOG.md has no section ${version}`);
  const next = changelog.indexOf('\n## ', start);
  const end = next < 0 ? changelog.length : next + 1;
  const notes = changelog.slice(start, end).split(`${COMMITS}\n`)[0].trimEnd();
  const rest = changelog.slice(end);
  return `${changelog.slice(0, start)}${notes}\n\n${COMMITS}\n\n${entries}${rest === '' ? '' : `\n${rest}`}`;
}

/** @param {string} version */
const headingOf = (version) => new RegExp(`^## ${version.replaceAll('.', '\\.')} \\(`, 'm');

/** Versions that have a section, newest first. @param {string} changelog @returns {string[]} */
export function releasedVersions(changelog) {
  return [...changelog.matchAll(/^## (\d+\.\d+\.\d+) \(\d{4}-\d\d-\d\d\)$/gm)].map((match) => match[1]);
}

/** @param {string} from the newest commit that is left out @returns {{ hash: string, message: string }[]} */
function commitsSince(from) {
  const log = execFileSync('git', ['log', '--no-merges', '--format=%h%n%B%x00', `${from}..HEAD`], { encoding: 'utf8' });
  return log
    .split('\0')
    .map((text) => text.trim().split('\n'))
    .filter(([hash]) => hash)
    .map(([hash, ...message]) => ({ hash, message: message.join('\n') }));
}

/** Writes the list of commits of a version. @param {string} version @param {string} [from] a tag or commit; default: the tag of the version before */
export function writeCommits(version, from) {
  const changelog = readFileSync('CHANGELOG.md', 'utf8');
  const previous = releasedVersions(changelog)[1];
  if (!from && !previous) throw new Error('No version before this one has a section: name its commit with --from');
  writeFileSync('CHANGELOG.md', withCommits(changelog, version, commitEntries(commitsSince(from ?? `v${previous}`))));
}

/** The value of `--from`. @returns {string | undefined} */
export function fromOption() {
  const at = process.argv.indexOf('--from');
  return at < 0 ? undefined : process.argv[at + 1];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeCommits(JSON.parse(readFileSync('package.json', 'utf8')).version, fromOption());
}
