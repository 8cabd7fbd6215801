import { CreateTables1764000000000 } from './1764000000000-create-tables.js';
import { AddIntervalIndex1764000000001 } from './1764000000001-add-interval-index.js';
import { CreateAudit1764100000000 } from './1764100000000-create-audit.js';
import { AddKeyLimits1764200000000 } from './1764200000000-add-key-limits.js';
import { AddLostSessionMarking1764300000000 } from './1764300000000-add-lost-session-marking.js';
import { IndexActivitiesByTime1764500000000 } from './1764500000000-index-activities-by-time.js';
import { CoverWindows1764600000000 } from './1764600000000-cover-windows.js';
import { DropActivityNumber1764700000000 } from './1764700000000-drop-activity-number.js';
import { RecordNodeExpression1764700000001 } from './1764700000001-record-node-expression.js';
import { AddSessionOrigin1764800000000 } from './1764800000000-add-session-origin.js';
import { IndexSessionsByClientAndUser1764800000001 } from './1764800000001-index-sessions-by-client-and-user.js';
import { IndexNames1764810000000 } from './1764810000000-index-names.js';
import { GrantActivitiesRead1764810000001 } from './1764810000001-grant-activities-read.js';
import { AddChangeLog1764900000000 } from './1764900000000-add-change-log.js';
import { AddChangeCheckpoints1764900000001 } from './1764900000001-add-change-checkpoints.js';
import { AddConsoleSessions1765000000000 } from './1765000000000-add-console-sessions.js';
import { CoverTimeline1765100000000 } from './1765100000000-cover-timeline.js';
import { AddLeases1765200000000 } from './1765200000000-add-leases.js';
import { AddMetadataKey1765300000000 } from './1765300000000-add-metadata-key.js';

/** In order. An explicit list instead of a file pattern: exactly the compiled migrations run. */
export const MIGRATIONS = [
  CreateTables1764000000000,
  AddIntervalIndex1764000000001,
  CreateAudit1764100000000,
  AddKeyLimits1764200000000,
  AddLostSessionMarking1764300000000,
  IndexActivitiesByTime1764500000000,
  CoverWindows1764600000000,
  DropActivityNumber1764700000000,
  RecordNodeExpression1764700000001,
  AddSessionOrigin1764800000000,
  IndexSessionsByClientAndUser1764800000001,
  IndexNames1764810000000,
  GrantActivitiesRead1764810000001,
  AddChangeLog1764900000000,
  AddChangeCheckpoints1764900000001,
  AddConsoleSessions1765000000000,
  CoverTimeline1765100000000,
  AddLeases1765200000000,
  AddMetadataKey1765300000000,
];
