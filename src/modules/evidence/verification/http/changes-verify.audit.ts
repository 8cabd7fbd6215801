import { defineAuditAction } from '../../../audit/port/audit-action.js';

export const CHANGES_VERIFY = defineAuditAction('changes.verify');
