import { ApiKeyChange } from './modules/access/entities/api-key-change.entity.js';
import { ApiKey } from './modules/access/entities/api-key.entity.js';
import { AuditCheckpoint } from './modules/audit/entities/audit-checkpoint.entity.js';
import { AuditHead } from './modules/audit/entities/audit-head.entity.js';
import { AuditRecordEntity } from './modules/audit/entities/audit-record.entity.js';
import { ChangeCheckpoint } from './modules/changes/entities/change-checkpoint.entity.js';
import { ChangeHead } from './modules/changes/entities/change-head.entity.js';
import { ChangeNode } from './modules/changes/entities/change-node.entity.js';
import { ChangeOutbox } from './modules/changes/entities/change-outbox.entity.js';
import { SessionChange } from './modules/changes/entities/session-change.entity.js';
import { ConsoleLinkEntity } from './modules/console/entities/console-link.entity.js';
import { ConsoleSessionEntity } from './modules/console/entities/console-session.entity.js';
import { Client } from './modules/directory/entities/client.entity.js';
import { User } from './modules/directory/entities/user.entity.js';
import { Activity } from './modules/sessions/entities/activity.entity.js';
import { Session } from './modules/sessions/entities/session.entity.js';
import { Setting } from './modules/sessions/entities/setting.entity.js';
import { LeaseEntity } from './platform/database/leases/lease.entity.js';

/** Every table. The schema test fails when a migration creates a table that is not in this list. */
export const ENTITIES = [
  ...[Client, User, Session, Activity, Setting],
  ...[ApiKey, ApiKeyChange],
  ...[AuditRecordEntity, AuditHead, AuditCheckpoint],
  ...[SessionChange, ChangeHead, ChangeNode, ChangeOutbox, ChangeCheckpoint],
  ...[ConsoleSessionEntity, ConsoleLinkEntity],
  LeaseEntity,
];
