import { defineAuditAction } from '../audit/port/audit-action.js';

export const SESSIONS_READ = defineAuditAction('sessions.read');
/** Lists of `/api/v1`. */
export const SESSIONS_LIST = defineAuditAction('sessions.list');
export const SESSION_READ = defineAuditAction('session.read');
export const ACTIVITIES_LIST = defineAuditAction('activities.list');
export const USERS_READ = defineAuditAction('users.read');
export const CLIENTS_READ = defineAuditAction('clients.read');
export const TIMELINE_ROWS = defineAuditAction('timeline.rows');
export const TIMELINE_DENSITY = defineAuditAction('timeline.density');
// Published in the API as an action to filter by; nothing records it.
defineAuditAction('check.run');
