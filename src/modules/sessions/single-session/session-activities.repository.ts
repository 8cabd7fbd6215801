import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../../platform/database/schema/sql-names.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import type { Order } from '../../../platform/http/paging/list-parameters.js';
import type { TimeWindow } from '../domain/time-window.js';
import { Activity } from '../entities/activity.entity.js';
import type { ActivityPlace } from './activity-cursors.js';

type Reader = Pick<Snapshot, 'rows'>;

/** An activity as it is stored; `at` is instant text. */
export interface StoredActivity extends ActivityPlace {
  readonly application: string | null;
  readonly title: string | null;
  readonly url: string | null;
  readonly keystrokes: string | null;
  readonly kind: string | null;
}

export interface ActivityTotals {
  readonly count: number;
  /** Instant text; null without activities. */
  readonly first: string | null;
  readonly last: string | null;
}

const MIN_INSTANT = '1970-01-01 00:00:00.000';
const MAX_INSTANT = '9999-12-31 23:59:59.999';
/** Before every digest of an instant. */
const LEAST = '';

/** Reads the activities of one session. Every statement is a range on the primary key. */
@Injectable()
export class SessionActivitiesRepository {
  private readonly names: SqlNames<Activity>;

  constructor(@InjectRepository(Activity) activities: Repository<Activity>) {
    this.names = sqlNames(activities);
  }

  async totals(reader: Reader, sessionId: number): Promise<ActivityTotals> {
    const { table, column: a } = this.names;
    const sql = `SELECT COUNT(*), MIN(${a.at}), MAX(${a.at}) FROM ${table} WHERE ${a.sessionId} = ?`;
    const [row] = (await reader.rows(sql, [sessionId])) as [number, string | null, string | null][];
    const [count, first, last] = row!;
    return { count, first, last };
  }

  /** Number of activities of a session in a window. */
  async count(reader: Reader, sessionId: number, { start, end }: TimeWindow): Promise<number> {
    const { table, column: a } = this.names;
    const sql = `SELECT COUNT(*) FROM ${table} WHERE ${a.sessionId} = ? AND ${a.at} >= ? AND ${a.at} < ?`;
    const [row] = (await reader.rows(sql, [sessionId, start ?? MIN_INSTANT, end ?? MAX_INSTANT])) as [number][];
    return row![0];
  }

  /** Consecutive activities of a session in a window, in the order of (instant, digest). */
  async page(
    reader: Reader,
    sessionId: number,
    window: TimeWindow,
    page: { readonly order: Order; readonly after: ActivityPlace | null; readonly limit: number },
  ): Promise<StoredActivity[]> {
    const { table, column: a } = this.names;
    const start = window.start ?? MIN_INSTANT;
    const end = window.end ?? MAX_INSTANT;
    const isAscending = page.order === 'asc';
    const [next, direction] = isAscending ? ['>', 'ASC'] : ['<', 'DESC'];
    const { at, digest } = page.after ?? (isAscending ? { at: start, digest: LEAST } : { at: end, digest: LEAST });
    const columns = [a.at, a.digest, a.application, a.title, a.url, a.keystrokes, a.kind].join(', ');
    const bound = isAscending ? `${a.at} < ?` : `${a.at} >= ?`;
    // Neither engine reads `(at, digest) > (?, ?)` as a range; this form is one.
    const sql = `SELECT ${columns} FROM ${table} WHERE ${a.sessionId} = ?
      AND ${a.at} ${next}= ? AND (${a.at} ${next} ? OR ${a.digest} ${next} ?) AND ${bound}
      ORDER BY ${a.sessionId} ${direction}, ${a.at} ${direction}, ${a.digest} ${direction} LIMIT ?`;
    const params = [sessionId, at, at, Buffer.from(digest, 'hex'), isAscending ? end : start, page.limit];
    return (await reader.rows(sql, params)).map(toActivity);
  }
}

function toActivity(row: unknown[]): StoredActivity {
  const [at, digest, application, title, url, keystrokes, kind] = row as [string, Buffer, ...(string | null)[]] as [
    ...[string, Buffer, string | null, string | null, string | null, string | null, string | null],
  ];
  return { at, digest: digest.toString('hex'), application, title, url, keystrokes, kind };
}
