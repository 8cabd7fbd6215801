// node bench/support/bare-server.mjs mysql://… or sqlite:…: prints its port. Answers windows with the same SQL and the same bytes as the
// application, but without framework, key, audit, limits or compression.
import { createServer } from 'node:http';
import Database from 'better-sqlite3';
import { createPool } from 'mysql2/promise';
import { ActivityBoundsReader } from '../../build/modules/sessions/windows/activity-bounds.js';
import { clip, crossesEnd, crossesStart } from '../../build/modules/sessions/domain/clip.js';
import { Activity } from '../../build/modules/sessions/entities/activity.entity.js';
import { Session } from '../../build/modules/sessions/entities/session.entity.js';
import { openDataSource } from '../../build/platform/database/connection/data-source.js';
import { SessionsRepository } from '../../build/modules/sessions/sessions.repository.js';

const PAGE = 4000;
const url = process.argv[2];
const database = url.startsWith('sqlite:') ? sqliteDatabase(url.slice('sqlite:'.length)) : serverDatabase(url);
const guids = new Map(await database.rows('SELECT id, guid FROM clients'));
const { dataSource, engine } = await openDataSource(url, { entities: [Session, Activity], poolSize: 1 });
const repositories = [Session, Activity].map((entity) => dataSource.getRepository(entity));
const repository = new SessionsRepository(...repositories, engine);
const all = { clientIds: null, lostBefore: null };

const text = (instant) => `${instant.slice(0, 10)}T${instant.slice(11)}+00:00`;
const instantText = (iso) => `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;

async function sessions(window) {
  const now = instantText(new Date().toISOString());
  return database.inSnapshot(async (rows) => {
    // The repository returns what its snapshot reads: arrays here, bytes in the application.
    const snapshot = { rows, rawRows: rows };
    const found = await repository.openAt(snapshot, window.start, all);
    for (let after = null, count = PAGE; count === PAGE;) {
      const page = await repository.begunIn(snapshot, window, { after, limit: PAGE }, all);
      found.push(...page);
      count = page.length;
      after = page.length > 0 ? { id: page.at(-1)[0], login: page.at(-1)[3] } : null;
    }
    const crossing = found.flatMap((row) => {
      const span = { login: row[3], end: row[4] };
      const [wantsFirst, wantsLast] = [crossesStart(span, window), crossesEnd(span, window, now)];
      return wantsFirst || wantsLast ? [{ row, span, id: row[0], wantsFirst, wantsLast }] : [];
    });
    const activities = {
      firstOfAll: (limit) => repository.activitiesIn(snapshot, window, limit),
      first: (ids) => repository.firstActivities(snapshot, ids, window),
      last: (ids) => repository.lastActivities(snapshot, ids, window),
    };
    const bounds = await new ActivityBoundsReader(activities, window).of(crossing);
    for (const { row, span } of crossing) {
      const { login, end } = clip(span, window, bounds.get(row[0]) ?? null, now);
      row[3] = login;
      row[4] = end;
    }
    return `[${found.map(element).join(',')}]`;
  });
}

function serverDatabase(uri) {
  const pool = createPool({ uri, dateStrings: true, rowsAsArray: true, connectionLimit: 10 });
  return {
    rows: async (sql) => (await pool.query(sql))[0],
    async inSnapshot(work) {
      const connection = await pool.getConnection();
      try {
        const rows = async (sql, params = []) => (await connection.query(sql, params))[0];
        await rows('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
        const result = await work(rows);
        await rows('COMMIT');
        return result;
      } finally {
        connection.release();
      }
    },
  };
}

/** One connection; windows are answered one after another, as statements of better-sqlite3 do not return before their rows. */
function sqliteDatabase(path) {
  const file = new Database(path, { readonly: true });
  const statements = new Map();
  const rows = async (sql, params = []) => {
    if (!statements.has(sql)) statements.set(sql, file.prepare(sql).raw());
    return statements.get(sql).all(...params);
  };
  let last = Promise.resolve();
  return {
    rows,
    inSnapshot(work) {
      const result = last.then(async () => {
        file.exec('BEGIN');
        try {
          return await work(rows);
        } finally {
          file.exec('COMMIT');
        }
      });
      last = result.catch(() => undefined);
      return result;
    },
  };
}

function element([id, clientId, userId, login, end]) {
  const logout = end === null ? 'null' : `"${text(end)}"`;
  return `{"clientGuid":"${guids.get(clientId)}","logoutDate":${logout},"loginDate":"${text(login)}","sessionId":${id},"userId":${userId}}`;
}

const server = createServer((req, res) => {
  const { searchParams } = new URL(req.url, 'http://127.0.0.1');
  const window = { start: instantText(searchParams.get('start')), end: instantText(searchParams.get('end')) };
  sessions(window).then(
    (body) => {
      res.setHeader('Content-Type', 'application/json; charset=utf-8');
      res.end(body);
    },
    (error) => {
      res.statusCode = 500;
      res.end(String(error));
    },
  );
});
// As long as the application keeps them.
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
