import { defineAuditAction } from '../audit/port/audit-action.js';

export const IMPORT_WRITE = defineAuditAction('import.write');
