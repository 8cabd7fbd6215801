import type { CsvColumns } from '../../../platform/http/streaming/csv-text.js';
import type { Grouping } from './concurrency-question.js';
import type { ConcurrencyResponse } from './concurrency.response.js';

const GROUP_COLUMNS: Readonly<Record<Grouping, CsvColumns<ConcurrencyResponse>>> = {
  client: {
    clientGuid: ({ client }) => client!.guid,
    clientName: ({ client }) => client!.name,
  },
  user: {
    userId: ({ user }) => user!.id,
    userName: ({ user }) => user!.name,
    userDomain: ({ user }) => user!.domain,
  },
};

/** Columns of a series in CSV. */
export function concurrencyColumns(groupBy: Grouping | null): CsvColumns<ConcurrencyResponse> {
  return {
    start: ({ start }) => start,
    ...(groupBy && GROUP_COLUMNS[groupBy]),
    openAtStart: ({ openAtStart }) => openAtStart,
    peak: ({ peak }) => peak,
    logins: ({ logins }) => logins,
    ends: ({ ends }) => ends,
  };
}
