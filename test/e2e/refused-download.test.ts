import { type Connection, type RowDataPacket, createConnection } from 'mysql2/promise';
import { DurableServer } from '../support/durable-server.mjs';
import { freshDatabase } from '../support/engines.js';
import { type ServerProcess, keyFor, seedSessions, startServerProcess } from '../support/server-process.js';

const COUNT = 100_000;
const SLOTS = 2;
/** Twice the slots: one half downloads everything, the other half asks for a late window and is refused. */
const CALLERS = 2 * SLOTS;
const REFUSALS = 25;
/** From here on there are more than 20,000 sessions: five pages, of which two and a half fill a short answer. */
const LATE = '2021-02-24';

/** The end of each window is different, so it names the request in the text of every page. */
const endOf = (request: number) => `2099-01-01 00:00:00.${String(request).padStart(3, '0')}`;
const END = /2099-01-01 00:00:00\.\d{3}/;

interface Statement {
  readonly thread: number;
  readonly text: string;
}

/**
 * A private server that logs every statement shows what really ran on a connection, and after which COMMIT. The pages of one
 * request must stay between the start of its snapshot and its end.
 */
describe('a page that is queued when its answer is refused', () => {
  const database = new DurableServer();
  let admin: Connection;
  let server: ServerProcess;
  let keys: string[];
  let requests = 0;

  beforeAll(async () => {
    const { url } = await freshDatabase({ name: 'private', url: (await database.create()) as string });
    admin = await createConnection(url);
    await seedSessions(url, COUNT);
    keys = await Promise.all(Array.from({ length: CALLERS }, () => keyFor(url)));
    server = await startServerProcess(url, { MAX_DOWNLOADS: String(SLOTS), RATE_LIMIT: 'off' });
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await admin?.end();
    await database.remove();
  });

  /** Asks for a window with a start. @returns the status, once the answer was read */
  async function request(method: string, key: string, start = '2021-01-02'): Promise<number> {
    const query = new URLSearchParams({
      start,
      end: `${endOf(++requests).replace(' ', 'T')}Z`,
    });
    const answer = await fetch(`${server.url}/ekranapi/sessions?${query}`, { method, headers: { ApiKey: key } });
    const bytes = await answer.arrayBuffer();
    if (method === 'GET' && answer.status === 200) JSON.parse(Buffer.from(bytes).toString());
    return answer.status;
  }

  /** @param downloads read at full speed, one after another, while `work` runs: their pages keep the queue of pages filled */
  async function logged(downloads: number, work: () => Promise<void>): Promise<Statement[]> {
    await admin.query("SET GLOBAL log_output = 'TABLE'");
    await admin.query('TRUNCATE mysql.general_log');
    await admin.query('SET GLOBAL general_log = ON');
    let isDone = false;
    const reading = keys.slice(0, downloads).map(async (key) => {
      while (!isDone) await request('GET', key);
    });
    try {
      await work();
    } finally {
      isDone = true;
      await Promise.all(reading);
      await admin.query('SET GLOBAL general_log = OFF');
    }
    const [rows] = await admin.query<RowDataPacket[]>('SELECT thread_id, argument FROM mysql.general_log');
    return rows.map((row) => ({ thread: Number(row['thread_id']), text: String(row['argument']) }));
  }

  it('never runs on a connection that went back to the pool, and no statement is killed', async () => {
    let refused = 0;
    const statements = await logged(SLOTS, async () => {
      const ask = async (key: string): Promise<void> => {
        while (refused < REFUSALS) if ((await request('GET', key, LATE)) === 503) refused++;
      };
      await Promise.all(keys.slice(SLOTS).map(ask));
    });
    expect(strayPages(statements)).toEqual([]);
    expect(statements.filter(({ text }) => text.startsWith('KILL'))).toEqual([]);
  }, 120_000);

  it('of a HEAD request does not either', async () => {
    const statements = await logged(SLOTS - 1, async () => {
      for (let n = 0; n < REFUSALS; n++) expect(await request('HEAD', keys[SLOTS]!, LATE)).toBe(200);
    });
    expect(strayPages(statements)).toEqual([]);
    expect(statements.filter(({ text }) => text.startsWith('KILL'))).toEqual([]);
  }, 60_000);
});

/** Pages outside a snapshot, or in the snapshot of another request. */
function strayPages(statements: readonly Statement[]): string[] {
  const snapshots = new Map<number, { end?: string }>();
  const stray: string[] = [];
  let pages = 0;
  for (const { thread, text } of statements) {
    if (text.startsWith('START TRANSACTION WITH CONSISTENT SNAPSHOT')) snapshots.set(thread, {});
    else if (text === 'COMMIT') snapshots.delete(thread);
    const end = END.exec(text)?.[0];
    if (end === undefined || !text.startsWith('SELECT')) continue;
    pages++;
    const snapshot = snapshots.get(thread);
    if (snapshot) snapshot.end ??= end;
    if (snapshot?.end !== end) stray.push(`${end} on ${thread}`);
  }
  expect(pages).toBeGreaterThan(3 * REFUSALS);
  return stray;
}
