import { defineAuditAction } from '../audit/port/audit-action.js';

export const SESSIONS_READ = defineAuditAction('sessions.read');
export const CHECK_RUN = defineAuditAction('check.run');
