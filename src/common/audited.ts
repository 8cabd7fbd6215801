import { SetMetadata } from '@nestjs/common';

export const AUDIT_ACTION = 'audit-action';
export const AUDIT_ACTIONS = [
  'sessions.read',
  'sessions.details',
  'statistics.read',
  'directory.read',
  'ingest.write',
  'audit.read',
  'audit.verify',
  'keys.read',
  'keys.create',
  'keys.update',
  'keys.rotate',
  'keys.revoke',
  'import.write',
  'schema.migrate',
  'sample.load',
  'check.run',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
export const Audited = (action: AuditAction) => SetMetadata(AUDIT_ACTION, action);
