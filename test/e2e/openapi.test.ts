import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Operation {
  security?: object[];
  responses: Record<string, unknown>;
}

/** Compiles only if the generated types say what the API takes and answers. */
const CLIENT = `
import type { paths } from './api.js';

type Get<Path extends keyof paths> = paths[Path] extends { get: infer Operation } ? Operation : never;
type Query<Path extends keyof paths> = Get<Path> extends { parameters: { query?: infer Q } } ? Q : never;
type Answer<Path extends keyof paths> =
  Get<Path> extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;

declare function get<Path extends keyof paths>(path: Path, query: Query<Path>): Promise<Answer<Path>>;

export async function client(): Promise<void> {
  const { items, next } = await get('/api/v1/sessions', { user: ['ada'], state: ['live', 'lost'], minDuration: 'PT8H' });
  const cursor: string | null = next;
  for (const { sessionId, state, client, user, logoutDate, logonType } of items) {
    const texts: [number, 'live' | 'ended' | 'lost', string, string, string | null] =
      [sessionId, state, client.guid, user.name, logoutDate];
    if (logonType === 'remoteInteractive') console.log(texts, cursor);
  }
  const hours = await get('/api/v1/concurrency', { from: '2021-04-01', to: '2021-05-01', groupBy: 'client' });
  const busiest: number = Math.max(...hours.items.map(({ peak }) => peak));
  const overlaps = await get('/api/v1/overlaps', { minClients: 3 });
  const machines: string[] = overlaps.items.flatMap(({ sessions }) => sessions.map(({ client }) => client.name));
  console.log(busiest, machines);
  // @ts-expect-error there is no such parameter
  await get('/api/v1/sessions', { machine: 'ws-1' });
  // @ts-expect-error a state is one of three
  await get('/api/v1/sessions', { state: ['open'] });
  // @ts-expect-error bounds are required
  await get('/api/v1/concurrency', { step: '1h' });
  // @ts-expect-error a session that is live has no logout
  const logout: string = items[0]!.logoutDate;
  console.log(logout);
}
`;

describe('the OpenAPI document', () => {
  const committed = readFileSync('openapi.json', 'utf8');

  it('equals that of the compiled application (npm run openapi updates it)', () => {
    const directory = mkdtempSync(join(tmpdir(), 'session-audit-'));
    try {
      const file = join(directory, 'openapi.json');
      execFileSync(process.execPath, ['dist/openapi.js', file]);
      expect(readFileSync(file, 'utf8')).toBe(committed);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('describes the compatible endpoint with its five fields in order', () => {
    const document = JSON.parse(committed) as { components: { schemas: Record<string, { properties: object }> } };
    const fields = Object.keys(document.components.schemas.WindowedSessionResponse!.properties);
    expect(fields).toEqual(['clientGuid', 'logoutDate', 'loginDate', 'sessionId', 'userId']);
  });

  it('asks for a key on every path but the health of the service', () => {
    const { paths } = JSON.parse(committed) as { paths: Record<string, Record<string, Operation>> };
    const open = Object.entries(paths).filter(([, methods]) =>
      Object.values(methods).some((operation) => !operation.security?.length),
    );
    expect(open.map(([path]) => path)).toEqual(['/health', '/health/live', '/health/ready']);
  });

  it('has the schema of a problem for every error', () => {
    const { paths } = JSON.parse(committed) as { paths: Record<string, Record<string, Operation>> };
    const errors = Object.values(paths)
      .flatMap((methods) => Object.values(methods))
      .flatMap(({ responses }) => Object.entries(responses).filter(([status]) => /^[45]/.test(status)));
    expect(errors.length).toBeGreaterThan(30);
    for (const [, response] of errors)
      expect(response).toMatchObject({
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      });
  });

  it('gives openapi-typescript types that a client can be checked against', () => {
    const directory = mkdtempSync(join(tmpdir(), 'session-audit-'));
    try {
      const generate = ['node_modules/openapi-typescript/bin/cli.js', 'openapi.json', '-o', join(directory, 'api.ts')];
      execFileSync(process.execPath, generate, { stdio: 'pipe' });
      writeFileSync(join(directory, 'client.ts'), CLIENT);
      const compilerOptions = { noEmit: true, strict: true, lib: ['es2022', 'dom'], module: 'nodenext', types: [] };
      writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['client.ts'] }));
      const { status, stdout } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', directory]);
      expect([status, String(stdout)]).toEqual([0, '']);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }, 120_000);

  it('passes the linter of Redocly without a report', () => {
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const args = ['node_modules/@redocly/cli/bin/cli.js', 'lint', 'openapi.json', '--format=json'];
    const report = execFileSync(process.execPath, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    expect((JSON.parse(report) as { problems: object[] }).problems).toEqual([]);
  }, 60_000);
});
