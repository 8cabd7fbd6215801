import { defineAuditAction } from '../audit/port/audit-action.js';

export const READS_LIST = defineAuditAction('audit.reads');
