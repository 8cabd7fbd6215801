import { defineProblems } from '../../platform/http/problems/problem-registry.js';

declare module '../../platform/http/problems/problem-registry.js' {
  interface ProblemRegistry {
    'position-removed': true;
  }
}

defineProblems({
  'position-removed': { status: 410, title: 'The change log no longer has this position' },
});
