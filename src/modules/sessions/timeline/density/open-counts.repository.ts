import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Engine } from '../../../../platform/database/engines/engine.js';
import { type SqlNames, sqlNames } from '../../../../platform/database/schema/sql-names.js';
import type { Snapshot } from '../../../../platform/database/snapshots/snapshots.js';
import { ENGINE } from '../../../../platform/database/tokens.js';
import { toInstantText } from '../../../../platform/time/instant.js';
import { LIVE_UPPER, holdsLive, pathNodes } from '../../domain/interval-index.js';
import { SESSION_ENDED_INDEX, SESSION_NODE_LOGIN_INDEX, Session } from '../../entities/session.entity.js';
import type { SearchSelection } from '../../search/search-selection.service.js';
import { SearchConditions } from '../../search/walk/search-conditions.queries.js';
import { type Fragment, integers } from '../../windows/session-sql.js';

/** Instants of one statement with at most four parts for each: SQLite accepts 500 parts. */
const INSTANTS = 50;

/** Counts the sessions that are open at instants, from the interval index. */
@Injectable()
export class OpenCountsRepository {
  private readonly names: SqlNames<Session>;
  private readonly conditions: SearchConditions;

  constructor(
    @InjectRepository(Session) sessions: Repository<Session>,
    @Inject(ENGINE) private readonly engine: Engine,
  ) {
    this.names = sqlNames(sessions);
    this.conditions = new SearchConditions(this.names.column, engine);
  }

  /**
   * For each instant, in milliseconds since 1970, the number of sessions with login <= instant < end that fulfil the conditions
   * of the selection apart from its window.
   */
  async at(
    snapshot: Pick<Snapshot, 'rows'>,
    instants: readonly number[],
    selection: SearchSelection,
  ): Promise<number[]> {
    const counts = instants.map(() => 0);
    for (let from = 0; from < instants.length; from += INSTANTS) {
      const parts = instants.slice(from, from + INSTANTS).flatMap((ms, i) => this.parts(ms, from + i, selection));
      if (parts.length === 0) continue;
      const sql = parts.map((part) => part.sql).join(' UNION ALL ');
      const params = parts.flatMap((part) => part.params);
      for (const [i, count] of (await snapshot.rows(sql, params)) as [number, number][]) counts[i]! += count;
    }
    return counts;
  }

  /** The nodes on the path to the instant, as `SessionsRepository.openAt` reads them. */
  private parts(ms: number, number: number, selection: SearchSelection): Fragment[] {
    const second = Math.min(Math.floor(ms / 1000), LIVE_UPPER);
    if (second < 1) return [];
    const { table, column: c } = this.names;
    const { left, right, own } = pathNodes(second);
    const instant = toInstantText(ms);
    const others = this.conditions.ofRow(selection);
    const part = (index: string, nodes: readonly number[], sql: string, params: readonly unknown[]): Fragment[] =>
      nodes.length === 0
        ? []
        : [
            {
              sql: `SELECT ${integers([number])}, COUNT(*) FROM ${table} s${this.engine.indexHint(index)}
                WHERE s.${c.node} IN (${integers(nodes)}) AND ${sql}${others.sql}`,
              params: [...params, ...others.params],
            },
          ];
    const began = `s.${c.loginAt} <= ?`;
    const end = this.conditions.effectiveEnd(selection);
    const isOpen = `(${end.sql} IS NULL OR ${end.sql} > ?)`;
    const openParams = [...end.params, ...end.params, instant];
    const live = [...left, ...own].filter(holdsLive);
    return [
      ...part(SESSION_ENDED_INDEX, left, `s.${c.endedAt} > ?`, [instant]),
      ...part(SESSION_NODE_LOGIN_INDEX, right, `${began} AND ${isOpen}`, [instant, ...openParams]),
      ...part(SESSION_NODE_LOGIN_INDEX, own, `${began} AND s.${c.endedAt} > ?`, [instant, instant]),
      ...part(SESSION_ENDED_INDEX, live, `s.${c.endedAt} IS NULL AND ${began} AND ${isOpen}`, [instant, ...openParams]),
    ];
  }
}
