import { defineProblems } from '../../platform/http/problems/problem-registry.js';

declare module '../../platform/http/problems/problem-registry.js' {
  interface ProblemRegistry {
    unauthenticated: true;
    'missing-scope': true;
  }
}

defineProblems({
  unauthenticated: { status: 401, title: 'A valid API key is required' },
  'missing-scope': { status: 403, title: 'The API key lacks a scope' },
});
