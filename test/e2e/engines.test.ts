import Database from 'better-sqlite3';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { engines, freshDatabase, type TestEngine } from '../support/engines.js';

const servers = engines.filter((engine) => engine.url !== undefined);
const own = servers.filter((engine) => engine.own);

async function query(url: string, sql: string): Promise<RowDataPacket[]> {
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

async function seven(url: string): Promise<unknown> {
  const sql = 'SELECT n FROM t';
  if (!url.startsWith('sqlite:')) {
    await query(url, 'CREATE TABLE t (PRIMARY KEY (n)) AS SELECT 7 AS n');
    return (await query(url, sql))[0]?.n;
  }
  const db = new Database(url.slice('sqlite:'.length));
  try {
    db.exec('CREATE TABLE t AS SELECT 7 AS n');
    return db.prepare(sql).pluck().get();
  } finally {
    db.close();
  }
}

describe('the engines under test', () => {
  it('are SQLite and at least one server of the MySQL family', () => {
    expect(engines.map(({ name }) => name)).toContain('sqlite');
    expect(servers.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^(mysql|mariadb) \d+\.\d+\.\d+$/));
  });

  it.each(engines)('$name stores and returns a row in two fresh databases', async (engine: TestEngine) => {
    const [first, second] = [await freshDatabase(engine), await freshDatabase(engine)];
    try {
      expect([await seven(first.url), await seven(second.url)]).toEqual([7, 7]);
    } finally {
      await first.drop();
      await second.drop();
    }
  });

  it.each(servers)('$name no longer has a database that was dropped', async (engine: TestEngine) => {
    const { url, drop } = await freshDatabase(engine);
    await drop();
    await expect(query(url, 'SELECT 1')).rejects.toMatchObject({ code: 'ER_BAD_DB_ERROR' });
  });

  // The time zone of servers from TEST_MYSQL_URL is unknown, so this is skipped if there are no others.
  (own.length > 0 ? it : it.skip)('include one whose default time zone is not UTC', async () => {
    const rows = await query(own[0]!.url!, 'SELECT TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), NOW()) AS minutes');
    expect(rows[0]?.minutes).toBe(330);
  });
});
