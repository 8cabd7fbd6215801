import { ApiProblem } from '../api/problem.js';

export interface Resource<T> {
  /** The last answer. It stays while the next one is loaded. */
  readonly data: T | undefined;
  readonly problem: ApiProblem | undefined;
  readonly loading: boolean;
  reload(): void;
}

/**
 * Loads whenever what `load` reads before its first `await` changes, and aborts what was under way. Must be called while a
 * component is created. `load` returns null when there is nothing to load.
 */
export function resource<T>(load: (signal: AbortSignal) => Promise<T> | null): Resource<T> {
  let data = $state.raw<T>();
  let problem = $state.raw<ApiProblem>();
  let loading = $state(false);
  let round = $state(0);

  $effect(() => {
    void round;
    const controller = new AbortController();
    const promise = load(controller.signal);
    if (promise === null) {
      data = undefined;
      return;
    }
    loading = true;
    promise.then(
      (answer) => {
        if (controller.signal.aborted) return;
        [data, problem, loading] = [answer, undefined, false];
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        [problem, loading] = [asProblem(error), false];
      },
    );
    return () => controller.abort();
  });

  return {
    get data() {
      return data;
    },
    get problem() {
      return problem;
    },
    get loading() {
      return loading;
    },
    reload: () => void round++,
  };
}

export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(0, 'Something went wrong in the page', error instanceof Error ? error.message : String(error));
}
