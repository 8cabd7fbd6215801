// npm run audit: known vulnerabilities of the installed packages. Exit code 1: there are some; 2: the registry did not answer.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * What the report of `npm audit --json` says.
 *
 * @param {string} json
 * @returns {{ code: 0 | 1 | 2, text: string }}
 */
export function auditVerdict(json) {
  const report = parsed(json);
  if (report?.vulnerabilities === undefined || report.metadata === undefined) {
    const reason = report?.message ?? 'it gave no report';
    return { code: 2, text: `NOT CHECKED: the registry does not answer questions about vulnerabilities (${reason}).` };
  }
  const found = Object.values(report.vulnerabilities).map(
    ({ name, severity, range }) => `${severity}: ${name} ${range}`,
  );
  if (found.length > 0) return { code: 1, text: `${found.sort().join('\n')}\nRun: npm audit` };
  return { code: 0, text: `No known vulnerability in ${report.metadata.dependencies.total} packages.` };
}

/** @param {string} json */
function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Without a network npm would try for minutes.
  const options = ['--json', '--fetch-retries=0', '--fetch-timeout=20000', ...process.argv.slice(2)];
  const { stdout } = spawnSync('npm', ['audit', ...options], { encoding: 'utf8' });
  const { code, text } = auditVerdict(stdout);
  process.stdout.write(`${text}\n`);
  process.exitCode = code;
}
