import type { RequestHandler } from 'express';
import type { Clock } from '../../time/clock.js';

const DAY_MS = 86_400_000;

interface Answer {
  readonly type: string;
  readonly text: string;
}

/**
 * Keeps the text of each answer of the following handler until the day (UTC) ends: generating the documentation takes tens of
 * milliseconds, needs no key, and depends on the day only.
 *
 * Use it on a fixed list of paths, because there is one answer for each path.
 */
export function dailyAnswers({ nowMs }: Pick<Clock, 'nowMs'>): RequestHandler {
  const answers = new Map<string, Answer>();
  let day = -1;
  return ({ path }, res, next) => {
    const today = Math.floor(nowMs() / DAY_MS);
    if (today !== day) answers.clear();
    day = today;
    // Routes match without regard to case and to a slash at the end.
    const name = path.toLowerCase().replace(/\/$/, '');
    const known = answers.get(name);
    if (known) return void res.setHeader('Content-Type', known.type).send(known.text);
    const send = res.send.bind(res);
    res.send = (text: string) => {
      answers.set(name, { type: String(res.getHeader('Content-Type')), text });
      return send(text);
    };
    next();
  };
}
