import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { AUDIT_ACTIONS } from '../../src/modules/audit/port/audit-action.js';

const root = new URL('../../src/', import.meta.url);

it('the application registers the audit actions of every feature, so that its OpenAPI document lists all of them', async () => {
  await import(new URL('app.module.ts', root).pathname);
  const registered = [...AUDIT_ACTIONS];
  const files = (readdirSync(root, { recursive: true }) as string[]).filter((file) => file.endsWith('.audit.ts'));
  for (const file of files) await import(new URL(file, root).pathname);
  expect(registered).toContain('sessions.read');
  expect(AUDIT_ACTIONS).toEqual(registered);
});
