import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { pollUntil, runCli } from '../support/audit.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';
import { freePort } from '../support/private-server.mjs';
import { type ServerProcess, keyFor, startServerProcess } from '../support/server-process.js';

const SESSION = {
  ...{ externalId: '1', clientGuid: 'c', clientName: 'c', userName: 'u' },
  ...{ loginDate: '2021-01-01T10:00Z', logoutDate: '2021-01-01T11:00Z' },
};
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

/** The fields of a span in the JSON form of OTLP that are used here. */
interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: { key: string; value: Record<string, unknown> }[];
  readonly status: { code?: number };
}

interface Collector {
  readonly url: string;
  /** Bodies received so far. */
  readonly bodies: string[];
  spans(): OtlpSpan[];
  close(): Promise<void>;
}

/** Receives traces as a collector does: `POST /v1/traces` with JSON. */
async function startCollector(): Promise<Collector> {
  const bodies: string[] = [];
  const server: Server = createServer((req, res) => {
    void body(req).then((text) => {
      if (req.method === 'POST' && req.url === '/v1/traces') bodies.push(text);
      res.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    spans: () =>
      bodies.flatMap((text) =>
        (JSON.parse(text) as { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] }).resourceSpans.flatMap((r) =>
          r.scopeSpans.flatMap(({ spans }) => spans),
        ),
      ),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function body(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const attribute = (span: OtlpSpan, name: string) =>
  Object.values(span.attributes.find(({ key }) => key === name)?.value ?? {})[0];

describe.each(engines)('traces on $name', (engine) => {
  let database: FreshDatabase;
  let collector: Collector;
  let server: ServerProcess;
  let key: string;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await runCli(['migrate'], { DATABASE_URL: database.url });
    collector = await startCollector();
    key = await keyFor(database.url, { scopes: ['sessions:read', 'ingest:write'] });
    server = await startServerProcess(database.url, {
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '50' },
      ...{ OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test', REQUEST_LOG: 'on' },
    });
    await ingest(server.url, key, [SESSION]);
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    await collector?.close();
    await database?.drop();
  });

  const children = (of: OtlpSpan, name: string) =>
    collector.spans().filter((span) => span.parentSpanId === of.spanId && span.name === name);

  it('have a span for a request, in the trace of its caller, and one for its snapshot', async () => {
    const headers = { ApiKey: key, traceparent: `00-${TRACE}-${PARENT}-01`, 'X-Request-Id': 'traced' };
    await rawRequest(server.url, '/ekranapi/sessions?start=2021-01-01&end=2021-01-02', { headers });
    const isRequest = (span: OtlpSpan) => span.name === 'GET /ekranapi/sessions';
    await pollUntil(
      async () => collector.spans(),
      (spans) => spans.some(isRequest),
    );
    const request = collector.spans().find(isRequest)!;
    expect(request).toMatchObject({ traceId: TRACE, parentSpanId: PARENT, kind: 2 });
    const attributes = ['http.request.method', 'http.route', 'http.response.status_code', 'session_audit.request_id'];
    expect(attributes.map((name) => attribute(request, name))).toEqual(['GET', '/ekranapi/sessions', 200, 'traced']);
    expect(attribute(request, 'session_audit.rows')).toBe(1);
    const [snapshot] = children(request, 'snapshot');
    expect(snapshot).toMatchObject({ traceId: TRACE, kind: 3 });
    expect(attribute(snapshot!, 'db.system.name')).toBe(engine.name.split(' ')[0]);
    expect(attribute(snapshot!, 'session_audit.statements')).toBeGreaterThan(0);
    expect(BigInt(snapshot!.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(request.startTimeUnixNano));
    expect(server.output()).toContain(`"traceId":"${TRACE}"`);
  });

  it('have a span for a transaction', async () => {
    const isIngest = (span: OtlpSpan) => span.name === 'POST /api/v1/ingest/sessions';
    await pollUntil(
      async () => collector.spans(),
      (spans) => spans.some(isIngest),
    );
    const transactions = children(collector.spans().find(isIngest)!, 'transaction');
    expect(transactions.length).toBeGreaterThan(0);
    expect(transactions.map((span) => attribute(span, 'session_audit.attempts'))).toContain(1);
  });

  it('name the service, its version and attributes of the environment', () => {
    const text = collector.bodies.join();
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(text).toContain('{"key":"service.name","value":{"stringValue":"session-audit"}}');
    expect(text).toContain(`{"key":"service.version","value":{"stringValue":"${version}"}}`);
    expect(text).toContain('{"key":"deployment.environment.name","value":{"stringValue":"test"}}');
  });

  it('hold no secret and no value of a query', () => {
    for (const hidden of [key, key.slice(-16), '2021-01-01']) expect(collector.bodies.join()).not.toContain(hidden);
  });

  it('are complete when the process ends', async () => {
    const listen = await startServerProcess(database.url, {
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '600000' },
    });
    await rawRequest(listen.url, '/health/live', { headers: { traceparent: `00-${'ab'.repeat(16)}-${PARENT}-01` } });
    const exited = once(listen.child, 'exit');
    listen.child.kill('SIGTERM');
    await exited;
    expect(collector.spans().map(({ traceId }) => traceId)).toContain('ab'.repeat(16));
  });
});

describe('a collector that cannot be reached', () => {
  it('is reported once, and delays no answer', async () => {
    const database = await freshDatabase(engines[0]!);
    await runCli(['migrate'], { DATABASE_URL: database.url });
    const server = await startServerProcess(database.url, {
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`, OTEL_EXPORTER_OTLP_TIMEOUT: '200' },
      ...{ OTEL_BSP_SCHEDULE_DELAY: '20', LOG_LEVEL: 'warn' },
    });
    try {
      for (let n = 0; n < 20; n++) expect((await rawRequest(server.url, '/health/live')).status).toBe(200);
      await pollUntil(
        async () => server.output(),
        (output) => output.includes('spans were not exported'),
      );
      expect(server.output().match(/spans were not exported/g)).toHaveLength(1);
    } finally {
      await server.stop();
      await database.drop();
    }
  });
});

describe('without OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  it('the server loads no library for traces', () => {
    const loaded = new Map<string, string>();
    const load = (file: string): void => {
      if (loaded.has(file)) return;
      const code = readFileSync(file, 'utf8');
      loaded.set(file, code);
      for (const [, path] of code.matchAll(/^(?:import|export) [^;]*?["'](\.[^"']+)["'];/gm))
        load(join(dirname(file), path!));
    };
    load('dist/main.js');
    expect(loaded.size).toBeGreaterThan(1);
    expect([...loaded.keys()].filter((file) => /OTLPTraceExporter|BatchSpanProcessor/.test(loaded.get(file)!))).toEqual(
      [],
    );
  });
});
