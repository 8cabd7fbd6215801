import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppConfig } from '../../src/config/app-config.js';
import { fileVariable } from '../../src/config/setting-files.js';

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;

/** The figures in the documentation are those of systemd 252. */
const UNITS: [file: string, instance: string, limit: number][] = [
  ['session-audit@.service', 'session-audit@3000.service', 1.1],
  ['session-audit-agent.service', 'session-audit-agent.service', 1.5],
];

describe.each(UNITS)('deploy/systemd/%s', (file, instance, limit) => {
  (hasAnalyze ? it : it.skip)(`has an exposure of at most ${limit} (systemd-analyze security)`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'units-'));
    try {
      // The name of a template has no exposure.
      cpSync(join('deploy/systemd', file), join(folder, instance));
      const args = ['security', '--offline=yes', '--no-pager', join(folder, instance)];
      const { stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
      const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]);
      expect([exposure <= limit, stderr]).toEqual([true, '']);
      expect(readFileSync('docs/operations.md', 'utf8')).toContain(`${limit} (`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('sets only known variables', () => {
    const text = readFileSync(join('deploy/systemd', file), 'utf8');
    const set = [...text.matchAll(/^Environment=(.*)$/gm)].flatMap(([, line]) => line!.match(/\b[A-Z_]+(?==)/g) ?? []);
    const settings = Object.keys(new AppConfig());
    const known = ['NODE_ENV', ...settings, ...settings.map((name) => fileVariable(name))];
    expect(set.filter((name) => !known.includes(name))).toEqual([]);
  });
});
