import { Controller, Get, Post, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Response } from 'express';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from '../../src/app.module.js';
import { migrate } from '../../src/cli/context.js';
import { Public, RequireScope } from '../../src/platform/http/access.js';
import { Audited } from '../../src/modules/audit/port/audited.js';
import { newCall } from '../../src/platform/http/call.js';
import { ProblemFilter } from '../../src/platform/http/problems/problem.filter.js';
import { requestId } from '../../src/platform/http/server/request-id.js';
import { RefusedCalls } from '../../src/platform/observability/refused-calls.js';
import { AppConfig } from '../../src/config/app-config.js';
import { CallRecorder } from '../../src/modules/audit/recording/call-recorder.js';
import { type TestApp, startApp } from '../support/app.js';
import { auditKey, auditRecords, runSql } from '../support/audit.js';
import { type TestEngine, engines, freshDatabase } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';
import { SESSIONS_READ } from '../../src/modules/sessions/sessions.audit.js';
import { INGEST_WRITE } from '../../src/modules/ingestion/ingestion.audit.js';

const RECORD = { externalId: '1', clientGuid: 'secret-client', clientName: 'c', userName: 'u' };
const SESSION = { ...RECORD, loginDate: '2021-01-01T10:00Z', logoutDate: '2021-01-01T11:00Z' };

/** Ways to make the database reject audit records, and how to undo them. */
const REFUSALS: [string, (engine: TestEngine) => string, string][] = [
  [
    'a trigger raises',
    ({ url }) =>
      url === undefined
        ? `CREATE TRIGGER refuse BEFORE INSERT ON audit_records BEGIN SELECT RAISE(ABORT, 'refused'); END`
        : `CREATE TRIGGER refuse BEFORE INSERT ON audit_records FOR EACH ROW SIGNAL SQLSTATE '45000'`,
    'DROP TRIGGER refuse',
  ],
  [
    'the table is gone',
    () => 'ALTER TABLE audit_records RENAME TO elsewhere',
    'ALTER TABLE elsewhere RENAME TO audit_records',
  ],
];

describe.each(engines)('an audit that cannot be written on $name', (engine) => {
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    app = await startApp(engine, { LOG_LEVEL: 'none' });
    key = await auditKey(app.config.DATABASE_URL);
    await ingest(app.url, await app.key('ingest:write'), [SESSION]);
  });
  afterAll(() => app?.close());

  it.each(REFUSALS)('(%s) sends no data and changes nothing', async (_why, refuse, allow) => {
    const writer = await app.key('ingest:write');
    const read = () => rawRequest(app.url, '/ekranapi/sessions', { headers: { ApiKey: key } });
    expect((await read()).body).toContain('secret-client');
    await runSql(app.config.DATABASE_URL, refuse(engine));
    try {
      const gzip = { ApiKey: key, 'Accept-Encoding': 'gzip' };
      const answers = [
        await read(),
        await rawRequest(app.url, '/ekranapi/sessions', { headers: gzip }),
        await rawRequest(app.url, '/ekranapi/sessions', { method: 'HEAD', headers: { ApiKey: key } }),
        await rawRequest(app.url, '/ekranapi/sessions', { headers: { ApiKey: 'wrong' } }),
        await rawRequest(app.url, '/api/nothing'),
        await rawRequest(app.url, '/api/v1/ingest/sessions', {
          method: 'POST',
          headers: { ApiKey: writer, 'Content-Type': 'application/json' },
          body: JSON.stringify([{ ...SESSION, externalId: '2' }]),
        }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503, 503]);
      for (const { body, type, headers } of answers) {
        expect(body).not.toContain('secret-client');
        expect(type).toBe('application/problem+json; charset=utf-8');
        expect(headers['retry-after']).toBe('5');
      }
      expect(JSON.parse(answers[0]!.body)).toMatchObject({ type: 'urn:session-audit:problem:audit-unavailable' });
      expect((await rawRequest(app.url, '/health')).status).toBe(200);
    } finally {
      await runSql(app.config.DATABASE_URL, allow);
    }
    const after = await read();
    expect([after.status, (JSON.parse(after.body) as unknown[]).length]).toEqual([200, 1]);
  });
});

@Controller('api/forgetful')
class ForgetfulController {
  @Get('undeclared')
  @RequireScope('sessions:read')
  undeclared(): string {
    return 'secret';
  }

  @Get('writes')
  @RequireScope('sessions:read')
  @Audited(SESSIONS_READ)
  writes(@Res() res: Response): void {
    res.write('secret');
    res.end();
  }

  @Get('flushes')
  @RequireScope('sessions:read')
  @Audited(SESSIONS_READ)
  flushes(@Res() res: Response): void {
    res.setHeader('X-Secret', 'secret').flushHeaders();
  }

  @Get('ends')
  @RequireScope('sessions:read')
  @Audited(SESSIONS_READ)
  ends(@Res() res: Response): void {
    res.end('secret');
  }

  @Post('changes')
  @RequireScope('sessions:read')
  @Audited(INGEST_WRITE)
  changes(): string {
    return 'secret';
  }

  @Get('open')
  @Public()
  open(@Res() res: Response): void {
    res.write('open');
    res.end();
  }
}

describe('a route that ignores the audit', () => {
  it('reveals nothing: its answer waits for the record or fails', async () => {
    const database = await freshDatabase(engines[0]!);
    const config = Object.assign(new AppConfig(), { DATABASE_URL: database.url });
    await migrate(config);
    const key = await auditKey(database.url);
    const root = { module: class Root {}, imports: [await AppModule.with(config)], controllers: [ForgetfulController] };
    const app = await NestFactory.create<NestExpressApplication>(root, { logger: false });
    app.use(requestId, newCall, app.get(CallRecorder).middleware);
    app.useGlobalFilters(new ProblemFilter(new RefusedCalls()));
    await app.listen(0, '127.0.0.1');
    try {
      const url = `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`;
      const ask = (path: string, method = 'GET') =>
        rawRequest(url, `/api/forgetful/${path}`, { method, headers: { ApiKey: key } });
      for (const path of ['undeclared', 'writes', 'flushes']) {
        const { status, body, headers } = await ask(path);
        expect([path, status, body.includes('secret'), headers['x-secret']]).toEqual([
          path,
          500,
          false,
          path === 'flushes' ? 'secret' : undefined,
        ]);
      }
      expect((await ask('ends')).body).toBe('secret');
      expect((await ask('changes', 'POST')).body).toBe('secret');
      expect((await ask('open')).body).toBe('open');
      const kinds = (await auditRecords(url, key)).map((r) => `${r.path.slice(15)} ${r.kind} ${r.status}`);
      expect(kinds).toEqual(
        expect.arrayContaining(['writes refused 500', 'ends request null', 'changes request null']),
      );
      expect(kinds.filter((text) => text.startsWith('open'))).toEqual([]);
      await runSql(database.url, 'DROP TABLE audit_head');
      for (const [path, method] of [['ends'], ['writes'], ['undeclared'], ['changes', 'POST']] as [string, string?][]) {
        const { status, body } = await ask(path, method);
        expect([path, status, body.includes('secret')]).toEqual([path, 503, false]);
      }
    } finally {
      await app.close();
      await database.drop();
    }
  });
});
