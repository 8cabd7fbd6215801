import { defineAuditAction } from '../../audit/port/audit-action.js';

export const SESSION_EVIDENCE = defineAuditAction('session.evidence');
