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
    expect(open.map(([path]) => path)).toEqual(['/health']);
  });
});
