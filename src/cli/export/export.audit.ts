import { defineAuditAction } from '../../modules/audit/port/audit-action.js';

export const SESSIONS_EXPORT = defineAuditAction('sessions.export');
