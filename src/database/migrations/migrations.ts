import { CreateTables1764000000000 } from './1764000000000-create-tables.js';
import { AddIntervalIndex1764000000001 } from './1764000000001-add-interval-index.js';
import { CreateAudit1764100000000 } from './1764100000000-create-audit.js';

/** In order. A list, not a pattern over files: what runs is what was compiled in. */
export const MIGRATIONS = [CreateTables1764000000000, AddIntervalIndex1764000000001, CreateAudit1764100000000];
