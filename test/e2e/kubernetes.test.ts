import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pollUntil } from '../support/audit.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { readManifest } from '../support/manifests.js';
import { freePort } from '../support/private-server.mjs';
import { runProgram, startProgram } from '../support/program.js';

/** The containers of deploy/kubernetes as processes: the same commands, variables, files of secrets and probes. */
describe('the containers of deploy/kubernetes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pod-'));
  const [server] = readManifest('deployment.yaml').spec.template.spec.containers;
  const [migrate] = readManifest('migrate.yaml').spec.template.spec.containers;
  const { data } = readManifest('config.yaml');
  let database: FreshDatabase;

  beforeAll(async () => {
    database = await freshDatabase(engines.find(({ url }) => url !== undefined)!);
    writeFileSync(join(folder, 'database-url'), `${database.url}\n`);
  });
  afterAll(async () => {
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns the variables, with the secrets in a folder of this test instead of where a pod mounts them */
  function variables({ env = [] }: typeof server): Record<string, string> {
    return Object.fromEntries(
      env.map(({ name, value }) => [name, value.replace('/run/secrets/session-audit', folder)]),
    );
  }

  it('migrate, become ready, and drain before they end', async () => {
    const [, script, ...args] = migrate.args!;
    expect(script).toBe('dist/cli.js');
    expect((await runProgram('cli.js', { args, env: variables(migrate), cwd: folder })).code).toBe(0);

    const port = String(await freePort());
    const ports = { PORT: port, METRICS_LISTEN: `127.0.0.1:${await freePort()}`, SHUTDOWN_DELAY: '2s' };
    const env = { ...data, ...variables(server), ...ports };
    const running = startProgram('main.js', { env, cwd: folder });
    await running.printed(/listens on/);
    const statusOf = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    for (const { httpGet } of [server.startupProbe, server.livenessProbe, server.readinessProbe])
      expect([httpGet.path, await statusOf(httpGet.path)]).toEqual([httpGet.path, 200]);

    const exited = once(running.child, 'exit');
    running.child.kill('SIGTERM');
    const ready = () => statusOf(server.readinessProbe.httpGet.path);
    expect(await pollUntil(ready, (status) => status === 503)).toBe(503);
    expect(await statusOf(server.livenessProbe.httpGet.path)).toBe(200);
    expect(await exited).toEqual([0, null]);
  });
});
