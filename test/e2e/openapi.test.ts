import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Operation {
  security?: object[];
  responses: Record<string, unknown>;
}

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

  it('passes the linter of Redocly without a report', () => {
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const args = ['node_modules/@redocly/cli/bin/cli.js', 'lint', 'openapi.json', '--format=json'];
    const report = execFileSync(process.execPath, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    expect((JSON.parse(report) as { problems: object[] }).problems).toEqual([]);
  }, 60_000);
});
