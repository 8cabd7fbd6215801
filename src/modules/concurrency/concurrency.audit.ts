import { defineAuditAction } from '../audit/port/audit-action.js';

export const CONCURRENCY_READ = defineAuditAction('concurrency.read');
export const OVERLAPS_READ = defineAuditAction('overlaps.read');
