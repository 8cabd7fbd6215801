/* global performance */
// node bench/support/reader.mjs <url> <key> [bytes per second] [seconds]: reads an answer at full speed or at a given rate, to
// its end or for a given time, and prints its measurements as JSON. Each reader is a process, so readers do not slow each other.
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const [url, key, rate = 'Infinity', seconds = 'Infinity'] = process.argv.slice(2);
const started = performance.now();
const elapsed = () => performance.now() - started;

const answer = await new Promise((resolve, reject) => {
  get(url, { headers: { ApiKey: key } }, resolve).on('error', reject);
});
if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`);
let [bytes, first, last] = [0, 0, 0];
for await (const chunk of answer) {
  if (bytes === 0) first = elapsed();
  bytes += chunk.length;
  last = chunk[chunk.length - 1];
  const due = (bytes / Number(rate)) * 1000 - elapsed();
  if (due > 1) await sleep(due);
  if (elapsed() > Number(seconds) * 1000) break;
}
const isWhole = answer.complete && last === ']'.charCodeAt(0);
console.log(JSON.stringify({ bytes, firstByteMs: first, seconds: elapsed() / 1000, isWhole }));
process.exit();
