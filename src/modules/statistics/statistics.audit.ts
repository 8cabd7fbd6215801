import { defineAuditAction } from '../audit/port/audit-action.js';

export const SESSIONS_DETAILS = defineAuditAction('sessions.details');
export const STATISTICS_READ = defineAuditAction('statistics.read');
