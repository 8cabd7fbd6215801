import { defineScope } from '../../platform/http/scopes.js';

declare module '../../platform/http/scopes.js' {
  interface ScopeRegistry {
    'sessions:read': true;
  }
}

defineScope('sessions:read', {
  description: 'Read sessions, statistics and the names of users and clients.',
  order: 10,
});
