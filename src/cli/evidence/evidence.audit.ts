import { defineAuditAction } from '../../modules/audit/port/audit-action.js';

export const EVIDENCE_EXPORT = defineAuditAction('evidence.export');
