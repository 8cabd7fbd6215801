import { defineAuditAction } from '../../modules/audit/port/audit-action.js';

export const BACKUP_CREATE = defineAuditAction('backup.create');
export const BACKUP_RESTORE = defineAuditAction('backup.restore');
