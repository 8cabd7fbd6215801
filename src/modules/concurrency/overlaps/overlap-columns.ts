import type { CsvColumns } from '../../../platform/http/streaming/csv-text.js';
import type { OverlapResponse } from './overlaps.response.js';

/** Columns of an overlap in CSV. Guids contain no spaces. */
export const OVERLAP_COLUMNS: CsvColumns<OverlapResponse> = {
  userId: ({ user }) => user.id,
  userName: ({ user }) => user.name,
  userDomain: ({ user }) => user.domain,
  start: ({ start }) => start,
  end: ({ end }) => end,
  sessionCount: ({ sessionCount }) => sessionCount,
  sessionIds: ({ sessions }) => sessions.map(({ sessionId }) => sessionId).join(' '),
  clientGuids: ({ sessions }) => [...new Set(sessions.map(({ client }) => client.guid))].join(' '),
};
