import { defineAuditAction } from '../audit/port/audit-action.js';

export const CONSOLE_LOGIN = defineAuditAction('console.login');
export const CONSOLE_LOGOUT = defineAuditAction('console.logout');
