import { SetMetadata } from '@nestjs/common';

/** What a call can be, in the words of the audit. Closed: a record holds one of these, or nothing where no route was met. */
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

export const AUDIT_ACTION = 'audit-action';

/** What a call of the route is recorded as. Every route that is not `@Public()` declares one, or it is not answered. */
export const Audited = (action: AuditAction) => SetMetadata<string, AuditAction>(AUDIT_ACTION, action);
