import type { CsvColumns } from '../../../platform/http/streaming/csv-text.js';
import type { ActivityResponse } from './dto/activity.response.js';

/** Columns of an activity in CSV. */
export const ACTIVITY_COLUMNS: CsvColumns<ActivityResponse> = {
  at: (a) => a.at,
  application: (a) => a.application,
  title: (a) => a.title,
  url: (a) => a.url,
  keystrokes: (a) => a.keystrokes,
  kind: (a) => a.kind,
};
