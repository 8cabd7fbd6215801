import { defineScope } from '../../platform/http/scopes.js';

declare module '../../platform/http/scopes.js' {
  interface ScopeRegistry {
    'changes:read': true;
  }
}

defineScope('changes:read', {
  description:
    'Follow the changes of sessions. Each change shows the session, so it includes what sessions:read allows.',
  order: 25,
});
