import { defineAuditAction } from '../../audit/port/audit-action.js';

export const KEYS_CREATE = defineAuditAction('keys.create');
export const KEYS_READ = defineAuditAction('keys.read');
export const KEYS_REVOKE = defineAuditAction('keys.revoke');
export const KEYS_ROTATE = defineAuditAction('keys.rotate');
export const KEYS_UPDATE = defineAuditAction('keys.update');
