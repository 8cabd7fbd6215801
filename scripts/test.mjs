// npm test [-- jest arguments]: builds, runs the tests and prints `N passed, N failed[, N skipped]` as the last line.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

// jest needs an experimental Node flag for ES modules; without the second flag every worker would print a warning.
const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`;

function run(program, args, env = process.env) {
  return spawnSync(program, args, { stdio: 'inherit', env }).status === 0;
}

/** A suite that cannot be loaded has no tests and counts as one failure. */
function summary(results) {
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const skipped = results.numPendingTests + results.numTodoTests;
  return { passed: results.numPassedTests, failed, skipped };
}

/** @param {string[]} args */
function runJest(args) {
  const directory = mkdtempSync(join(tmpdir(), 'test-results-'));
  const outputFile = join(directory, 'results.json');
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  try {
    const all = [jest, '--json', `--outputFile=${outputFile}`, '--passWithNoTests', ...args];
    const ok = run(process.execPath, all, { ...process.env, NODE_OPTIONS: NODE_OPTIONS.trim() });
    const counts = summary(JSON.parse(readFileSync(outputFile, 'utf8')));
    // jest can fail without a failed test, for instance in the teardown
    return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }; // jest produced no result and has printed the reason
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Two workers, also with two cores: a test often waits for a server or a database. Measured tests run alone, after the others. */
function runAll() {
  const args = process.argv.slice(2);
  if (args.some((arg) => arg.startsWith('--selectProjects'))) return [runJest(args)];
  const workers = Math.max(2, Math.floor(availableParallelism() / 2));
  return [
    runJest([...args, '--selectProjects=small', '--selectProjects=e2e', `--maxWorkers=${workers}`]),
    runJest([...args, '--selectProjects=measured', '--runInBand']),
  ];
}

const built = run('npm', ['run', 'build']);
if (!built) process.stderr.write('\nThe build failed; no tests were run.\n');
const runs = built ? runAll() : [{ passed: 0, failed: 1, skipped: 0 }];
const total = (count) => runs.reduce((sum, counts) => sum + counts[count], 0);
const { passed, failed, skipped } = { passed: total('passed'), failed: total('failed'), skipped: total('skipped') };
if (passed + failed === 0) process.stderr.write('\nNo test matched.\n');
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
