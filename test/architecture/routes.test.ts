import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ACCESS, type Access } from '../../src/platform/http/access.js';
import { AUDIT_ACTIONS, type AuditAction } from '../../src/modules/audit/port/audit-action.js';
import { AUDIT_ACTION } from '../../src/modules/audit/port/audited.js';

interface Route {
  readonly name: string;
  readonly access: Access | undefined;
  readonly action: AuditAction | undefined;
}

const root = new URL('../../src/', import.meta.url);
const files = (readdirSync(root, { recursive: true }) as string[]).filter((file) => file.endsWith('.controller.ts'));
const modules: object[] = [];
for (const file of files) modules.push((await import(new URL(file, root).pathname)) as object);
const routes = modules.flatMap((module) => Object.values(module).filter(isController).flatMap(routesOf));

function isController(value: unknown): value is { prototype: Record<string, object> } {
  return typeof value === 'function' && Reflect.hasMetadata(PATH_METADATA, value);
}

function routesOf(controller: { prototype: Record<string, object> }): Route[] {
  return Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
    const handler = controller.prototype[name]!;
    if (!Reflect.hasMetadata(METHOD_METADATA, handler)) return [];
    const declared = (key: string) => Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
    return [
      {
        name: `${Reflect.getMetadata(PATH_METADATA, controller)}: ${name}`,
        access: declared(ACCESS) as Access | undefined,
        action: declared(AUDIT_ACTION) as AuditAction | undefined,
      },
    ];
  });
}

describe('every route', () => {
  it('is found by this test', () => {
    expect(routes.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['ekranapi/sessions: list', 'api/v1/audit/records: list', 'health: check']),
    );
  });

  it.each(routes)('$name declares its access', ({ access }) => {
    expect(access).toBeDefined();
  });

  it.each(routes)('$name declares an audit action unless it is public', ({ access, action }) => {
    const isPublic = access !== undefined && 'public' in access;
    expect(isPublic ? action === undefined : AUDIT_ACTIONS.includes(action!)).toBe(true);
  });
});
