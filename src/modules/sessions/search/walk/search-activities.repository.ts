import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type SqlNames, sqlNames } from '../../../../platform/database/schema/sql-names.js';
import type { Snapshot } from '../../../../platform/database/snapshots/snapshots.js';
import { Activity } from '../../entities/activity.entity.js';
import type { ActivityFilter } from '../session-filter.js';
import type { ActivitiesOfSessions, MatchedActivity } from './activity-matcher.js';
import { integers } from '../../windows/session-sql.js';

/** Reads what a search compares of activities, in the order of their primary key. */
@Injectable()
export class SearchActivitiesRepository {
  private readonly names: SqlNames<Activity>;

  constructor(@InjectRepository(Activity) activities: Repository<Activity>) {
    this.names = sqlNames(activities);
  }

  /** @param filter only its columns are read; the others are null */
  reader(snapshot: Pick<Snapshot, 'rows'>, filter: ActivityFilter): ActivitiesOfSessions {
    const { table, column: a } = this.names;
    const application = filter.application === undefined ? 'NULL' : a.application;
    const texts = filter.text === undefined ? 'NULL, NULL' : `${a.title}, ${a.url}`;
    const columns = `${a.sessionId}, ${a.at}, ${a.digest}, ${application}, ${texts}`;
    const order = `ORDER BY ${a.sessionId}, ${a.at}, ${a.digest} LIMIT ?`;
    return {
      ofSessions: async (ids, { from, to }, limit) => {
        const sql = `SELECT ${columns} FROM ${table} WHERE ${a.sessionId} IN (${integers(ids)})
          AND ${a.at} >= ? AND ${a.at} < ? ${order}`;
        return (await snapshot.rows(sql, [from, to, limit])).map(toActivity);
      },
      ofSession: async (id, after, to, limit) => {
        // Neither engine reads `(at, digest) > (?, ?)` as a range; this form is one.
        const sql = `SELECT ${columns} FROM ${table} WHERE ${a.sessionId} = ?
          AND ${a.at} >= ? AND (${a.at} > ? OR ${a.digest} > ?) AND ${a.at} < ? ${order}`;
        const params = [id, after.at, after.at, after.digest, to, limit];
        return (await snapshot.rows(sql, params)).map(toActivity);
      },
    };
  }
}

function toActivity(row: unknown[]): MatchedActivity {
  const [sessionId, at, digest, application, title, url] = row as [
    ...[number, string, Buffer],
    ...[string | null, string | null, string | null],
  ];
  return { sessionId, at, digest, application, title, url };
}
