import { defineAuditAction } from '../audit/port/audit-action.js';

export const CHANGES_READ = defineAuditAction('changes.read');
