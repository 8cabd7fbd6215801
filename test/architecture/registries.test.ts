import 'reflect-metadata';
import { readFileSync, readdirSync } from 'node:fs';
import '../../src/app.module.js';
import { PROBLEMS, defineProblems } from '../../src/platform/http/problems/problem-registry.js';
import { SCOPES, defineScope, descriptionOf, reachesBeyondClients } from '../../src/platform/http/scopes.js';

const root = new URL('../../src/', import.meta.url);
const sources = (readdirSync(root, { recursive: true }) as string[])
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(new URL(file, root), 'utf8'));

describe('scopes', () => {
  it('are registered by their features and listed in their public order', () => {
    expect(SCOPES).toEqual(['sessions:read', 'activities:read', 'ingest:write', 'changes:read', 'audit:read', 'admin']);
  });

  it('are described', () => {
    for (const scope of SCOPES) expect(descriptionOf(scope)).toMatch(/^[A-Z].+\.$/);
  });

  it('are known to reach beyond single clients', () => {
    expect(SCOPES.filter(reachesBeyondClients)).toEqual(['audit:read', 'admin']);
  });

  it('that a route requires are registered', () => {
    const required = sources
      .flatMap((text) => [...text.matchAll(/@RequireScope\('([^']+)'\)/g)])
      .map(([, scope]) => scope);
    expect(required.length).toBeGreaterThan(10);
    for (const scope of required) expect(SCOPES).toContain(scope);
  });

  it('cannot be registered twice', () => {
    expect(() => defineScope('admin', { description: 'Again.', order: 0 })).toThrow('registered twice');
  });
});

describe('problems', () => {
  it('that are thrown are registered', () => {
    const thrown = sources
      .flatMap((text) => [...text.matchAll(/new ProblemError\(\s*'([^']+)'/g)])
      .map(([, code]) => code!);
    expect(thrown.length).toBeGreaterThan(20);
    for (const code of thrown) expect(Object.keys(PROBLEMS)).toContain(code);
  });

  it('cannot be registered twice', () => {
    expect(() => defineProblems({ internal: { status: 500, title: 'Again' } })).toThrow('registered twice');
  });
});
