import { OverlapsQuery } from '../../modules/concurrency/overlaps/overlaps.request.js';
import { ConcurrencyQuery } from '../../modules/concurrency/series/concurrency.request.js';
import { ClientsQuery, UsersQuery } from '../../modules/sessions/presence/dto/presence.query.js';
import { ActivitiesQuery } from '../../modules/sessions/single-session/dto/activities.query.js';
import { SessionsQuery } from '../../modules/sessions/search/dto/sessions.query.js';
import { fieldNames } from '../../platform/http/validation/request-class.js';
import { LIST_OPTIONS, optionName, queryText } from './export-options.js';

/** Parameters of pages; a file has everything. */
const PAGING = ['limit', 'cursor', 'count'];

describe('the options of the command export', () => {
  it.each([
    ['sessions', SessionsQuery],
    ['activities', ActivitiesQuery],
    ['users', UsersQuery],
    ['clients', ClientsQuery],
    ['concurrency', ConcurrencyQuery],
    ['overlaps', OverlapsQuery],
  ] as const)('are the parameters of the list of %s', (list, type) => {
    const parameters = fieldNames(type).filter((name) => !PAGING.includes(name));
    expect(LIST_OPTIONS[list].map(({ parameter }) => parameter).sort()).toEqual([...parameters].sort());
  });

  it('become a query string', () => {
    const options = { user: ['D\\a b', 'ü&'], minDuration: ['90m'], overwrite: true, format: 'csv' } as const;
    expect(queryText('sessions', options)).toBe('?user=D%5Ca%20b&user=%C3%BC%26&minDuration=90m');
    expect(optionName('minDuration')).toBe('--min-duration');
  });
});
