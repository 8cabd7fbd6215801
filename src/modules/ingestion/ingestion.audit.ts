import { defineAuditAction } from '../audit/port/audit-action.js';

export const INGEST_WRITE = defineAuditAction('ingest.write');
