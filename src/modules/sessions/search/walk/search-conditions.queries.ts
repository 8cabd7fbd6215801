import type { Engine } from '../../../../platform/database/engines/engine.js';
import type { SqlNames } from '../../../../platform/database/schema/sql-names.js';
import { logonTypeCode } from '../../port/logon-type.js';
import type { Session } from '../../entities/session.entity.js';
import type { SearchSelection } from '../search-selection.service.js';
import type { SessionState } from '../session-filter.js';
import { type Fragment, effectiveEnd, integers } from '../../windows/session-sql.js';
import { NOTHING, all } from './search-statement.js';

type Columns = SqlNames<Session>['column'];

/** Conditions of a selection on the row of a session, apart from the window. Every column is that of the table `s`. */
export class SearchConditions {
  private readonly column: Columns;

  constructor(
    private readonly names: Columns,
    private readonly engine: Engine,
  ) {
    this.column = Object.fromEntries(
      Object.entries(this.names).map(([name, column]) => [name, `s.${column}`]),
    ) as unknown as Columns;
  }

  /** Everything that the selection restricts. */
  ofRow(selection: SearchSelection): Fragment {
    return all(this.ofClients(selection), this.ofUsers(selection), this.beyondIds(selection));
  }

  /** What remains when clients and users are known to fit. */
  beyondIds(selection: SearchSelection): Fragment {
    return all(this.ofStates(selection), this.ofOrigin(selection), this.ofDuration(selection));
  }

  ofClients({ clientIds }: SearchSelection): Fragment {
    return clientIds === null
      ? NOTHING
      : { sql: ` AND ${this.column.clientId} IN (${integers(clientIds)})`, params: [] };
  }

  ofUsers({ userIds }: SearchSelection): Fragment {
    return userIds === null ? NOTHING : { sql: ` AND ${this.column.userId} IN (${integers(userIds)})`, params: [] };
  }

  /** The logout; the last sign of life of a lost session, also before its end is stored; NULL while it is live. */
  effectiveEnd({ lostBefore }: SearchSelection): Fragment {
    return effectiveEnd(this.names, lostBefore);
  }

  private ofStates(selection: SearchSelection): Fragment {
    const { states } = selection.filter;
    if (states === undefined) return NOTHING;
    const conditions = states.map((state) => this.isInState(state, selection));
    return {
      sql: ` AND (${conditions.map(({ sql }) => sql).join(' OR ')})`,
      params: conditions.flatMap(({ params }) => params),
    };
  }

  private isInState(state: SessionState, selection: SearchSelection): Fragment {
    const { logoutAt } = this.column;
    if (state === 'ended') return { sql: `${logoutAt} IS NOT NULL`, params: [] };
    const { sql, params } = this.effectiveEnd(selection);
    return { sql: `(${logoutAt} IS NULL AND ${sql} IS ${state === 'lost' ? 'NOT ' : ''}NULL)`, params };
  }

  private ofOrigin({ filter }: SearchSelection): Fragment {
    const { logonTypes, remoteAddress } = filter;
    const { logonType, remoteAddress: address } = this.column;
    const parts: Fragment[] = [];
    if (logonTypes)
      parts.push({ sql: ` AND ${logonType} IN (${integers(logonTypes.map(logonTypeCode))})`, params: [] });
    if (remoteAddress) {
      const bounds = [remoteAddress.first, remoteAddress.last].map((digits) => Buffer.from(digits, 'hex'));
      parts.push({ sql: ` AND ${address} >= ? AND ${address} <= ?`, params: bounds });
    }
    return all(...parts);
  }

  private ofDuration(selection: SearchSelection): Fragment {
    const { minDurationMs, maxDurationMs } = selection.filter;
    const end = this.effectiveEnd(selection);
    const parts: Fragment[] = [];
    const compare = (operator: string, ms: number) => {
      // The end occurs more than once in the expression of SQLite.
      const until = `COALESCE(${end.sql}, ?)`;
      const sql = this.engine.millisecondsBetween(this.column.loginAt, until);
      const times = sql.split(until).length - 1;
      const params = Array.from({ length: times }, () => [...end.params, selection.now]).flat();
      parts.push({ sql: ` AND ${sql} ${operator} ?`, params: [...params, ms] });
    };
    // A live session whose login is in the future has lasted no time.
    if (minDurationMs !== undefined && minDurationMs > 0) compare('>=', minDurationMs);
    if (maxDurationMs !== undefined) compare('<=', maxDurationMs);
    return all(...parts);
  }
}
