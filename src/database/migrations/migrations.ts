import { CreateTables1764000000000 } from './1764000000000-create-tables.js';
import { AddIntervalIndex1764000000001 } from './1764000000001-add-interval-index.js';
import { IndexActivitiesByTime1764500000000 } from './1764500000000-index-activities-by-time.js';

/** In order. A list, not a pattern over files: what runs is what was compiled in. */
export const MIGRATIONS = [
  CreateTables1764000000000,
  AddIntervalIndex1764000000001,
  IndexActivitiesByTime1764500000000,
];
