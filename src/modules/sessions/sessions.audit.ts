import { defineAuditAction } from '../audit/port/audit-action.js';

export const SESSIONS_READ = defineAuditAction('sessions.read');
/** Lists of `/api/v1`. */
export const SESSIONS_LIST = defineAuditAction('sessions.list');
export const SESSION_READ = defineAuditAction('session.read');
export const ACTIVITIES_LIST = defineAuditAction('activities.list');
export const CHECK_RUN = defineAuditAction('check.run');
