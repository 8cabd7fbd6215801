import { defineAuditAction } from '../audit/port/audit-action.js';

/** Making a link that logs in once. */
export const CONSOLE_LINK = defineAuditAction('console.link');
export const CONSOLE_LOGIN = defineAuditAction('console.login');
export const CONSOLE_LOGOUT = defineAuditAction('console.logout');
