import { defineAuditAction } from '../audit/port/audit-action.js';

export const DIRECTORY_READ = defineAuditAction('directory.read');
