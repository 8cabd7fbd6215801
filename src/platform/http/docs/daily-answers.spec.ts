import type { AddressInfo } from 'node:net';
import express from 'express';
import { dailyAnswers } from './daily-answers.js';

const NOON = Date.UTC(2021, 3, 1, 12);

describe('a generated answer', () => {
  it('is generated once a day, however its path is written', async () => {
    let nowMs = NOON;
    let generated = 0;
    const app = express();
    const paths = ['/openapi.yaml', '/openapi.json'];
    app.get(paths, dailyAnswers({ nowMs: () => nowMs }), (_req, res) => {
      generated++;
      res.type('text/yaml').send(`day: ${nowMs}`);
    });
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const ask = async (path: string, method = 'GET') => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
      return [answer.status, answer.headers.get('content-type'), await answer.text()];
    };
    try {
      const expected = [200, 'text/yaml; charset=utf-8', `day: ${NOON}`];
      for (const path of ['/openapi.yaml', '/openapi.yaml', '/OpenAPI.yaml', '/openapi.yaml/', '/openapi.yaml?x=1'])
        expect(await ask(path)).toEqual(expected);
      expect(await ask('/openapi.yaml', 'HEAD')).toEqual([...expected.slice(0, 2), '']);
      expect(generated).toBe(1);
      await ask('/openapi.json');
      expect(generated).toBe(2);
      nowMs += 86_400_000;
      expect(await ask('/openapi.yaml')).toEqual([...expected.slice(0, 2), `day: ${nowMs}`]);
      expect(generated).toBe(3);
    } finally {
      server.close();
    }
  });
});
