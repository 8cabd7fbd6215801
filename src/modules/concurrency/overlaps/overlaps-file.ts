import type { RowScope } from '../../../platform/http/caller.js';
import type { ListFile } from '../../../platform/http/streaming/list-files.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { OVERLAP_COLUMNS } from './overlap-columns.js';
import { recordedFilter } from './overlaps-question.js';
import { type OverlapsQuery, overlapsFilter } from './overlaps.request.js';
import type { OverlapResponse } from './overlaps.response.js';
import type { OverlapsService } from './overlaps.service.js';

/** All overlaps of a query, as a file of `GET /api/v1/overlaps` or of the command line contains them. */
export function overlapsFile(
  overlaps: OverlapsService,
  query: OverlapsQuery,
  rowScope: RowScope,
  signal: AbortSignal,
): ListFile<OverlapResponse> {
  const asked = overlapsFilter(query);
  const position = query.cursor?.position ?? null;
  const after = position && `${toInstantText(position.startMs)} ${position.userId}`;
  return {
    understood: { ...recordedFilter(asked), ...(after && { after }) },
    columns: OVERLAP_COLUMNS,
    all: () => overlaps.stream({ ...asked, rowScope, position }, signal),
  };
}
