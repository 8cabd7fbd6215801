const MINUTE = 60_000;
const START = Date.UTC(2021, 0, 1);
const BATCH = 3000;

/** Sessions of the seed: one login a minute, each an hour long, with an activity at every twentieth minute. */
const SEEDED = 12_000;

/** Sends the sessions of the seed over HTTP, as a collector would. */
export async function seed(url: string, writer: string): Promise<void> {
  for (let from = 0; from < SEEDED; from += BATCH) {
    const lines = Array.from({ length: BATCH }, (_, i) => JSON.stringify(recordOf(from + i)));
    const headers = { ApiKey: writer, 'Content-Type': 'application/x-ndjson' };
    const answer = await fetch(`${url}/api/v1/ingest/sessions`, { method: 'POST', headers, body: lines.join('\n') });
    const { accepted } = (await answer.json()) as { accepted: number };
    if (accepted !== BATCH) throw new Error(`${accepted} of ${BATCH} records of the seed were accepted`);
  }
}

function recordOf(n: number) {
  const login = START + n * MINUTE;
  const iso = (minutes: number) => new Date(login + minutes * MINUTE).toISOString();
  return {
    ...{ externalId: `seed-${n}`, clientGuid: `machine-${n % 50}`, clientName: `Machine ${n % 50}` },
    ...{ userName: `user${n % 200}`, loginDate: iso(0), logoutDate: iso(60) },
    activities: [0, 20, 40].map((minute) => ({ at: iso(minute), application: 'editor' })),
  };
}
