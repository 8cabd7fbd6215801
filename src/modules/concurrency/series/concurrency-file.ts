import type { RowScope } from '../../../platform/http/caller.js';
import type { ListFile } from '../../../platform/http/streaming/list-files.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { concurrencyColumns } from './concurrency-columns.js';
import { type SeriesPosition, seriesFilter } from './concurrency-question.js';
import { type ConcurrencyQuery, series } from './concurrency.request.js';
import type { ConcurrencyResponse } from './concurrency.response.js';
import type { ConcurrencyService } from './concurrency.service.js';

/** All buckets of a query, as a file of `GET /api/v1/concurrency` or of the command line contains them. */
export function concurrencyFile(
  concurrency: ConcurrencyService,
  query: ConcurrencyQuery,
  rowScope: RowScope,
  signal: AbortSignal,
): ListFile<ConcurrencyResponse> {
  const asked = series(query);
  const position = query.cursor?.position ?? null;
  return {
    understood: { ...seriesFilter(asked), ...(position && { after: placeText(position) }) },
    columns: concurrencyColumns(asked.groupBy),
    all: () => concurrency.stream({ ...asked, rowScope, position }, signal),
  };
}

function placeText({ startMs, after }: SeriesPosition): string {
  return `${toInstantText(startMs)} ${after ?? ''}`.trimEnd();
}
