import { defineProblems } from '../../platform/http/problems/problem-registry.js';

declare module '../../platform/http/problems/problem-registry.js' {
  interface ProblemRegistry {
    unauthenticated: true;
  }
}

defineProblems({
  unauthenticated: { status: 401, title: 'A valid API key is required' },
});
