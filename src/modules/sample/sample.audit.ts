import { defineAuditAction } from '../audit/port/audit-action.js';

export const SAMPLE_LOAD = defineAuditAction('sample.load');
