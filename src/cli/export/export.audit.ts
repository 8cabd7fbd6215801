import { defineAuditAction } from '../../modules/audit/port/audit-action.js';

export const ACTIVITIES_EXPORT = defineAuditAction('activities.export');
export const CLIENTS_EXPORT = defineAuditAction('clients.export');
export const CONCURRENCY_EXPORT = defineAuditAction('concurrency.export');
export const OVERLAPS_EXPORT = defineAuditAction('overlaps.export');
export const SESSIONS_EXPORT = defineAuditAction('sessions.export');
export const USERS_EXPORT = defineAuditAction('users.export');
