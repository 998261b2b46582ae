import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Check } from '../contract.ts';
import { type ChildRequest, type ChildResponse, READY, RESULT_DESCRIPTOR } from './protocol.ts';

const [moduleUrl = ''] = process.argv.slice(2);
// Asked for, not read ahead: whoever kills us with our parent has begun to watch before there is anything to do.
writeSync(RESULT_DESCRIPTOR, READY);
const lines = createInterface({ input: process.stdin });
// The parent keeps our input open: its end means that nobody waits for us any more.
lines.once('close', () => process.exit(1));
lines.once('line', async (line) => {
  send(await respond(line));
  process.exit(0);
});

async function respond(line: string): Promise<ChildResponse> {
  try {
    const { check: name, evidence, ...input } = JSON.parse(line) as ChildRequest;
    const check = checkIn(await import(moduleUrl), name);
    if (check === undefined) return { thrown: `there is no check "${name}"` };
    return { report: await check.run({ ...input, evidence: new Map(evidence) }) };
  } catch (error) {
    return { thrown: error instanceof Error ? error.message : String(error) };
  }
}

/** Modules of checks export them, one by one or as a list. */
function checkIn(module: object, name: string): Check | undefined {
  const exported = Object.values(module).flat() as Partial<Check>[];
  return exported.find((each): each is Check => each?.name === name);
}

function send(response: ChildResponse): void {
  const bytes = Buffer.from(JSON.stringify(response));
  let sent = 0;
  while (sent < bytes.length) sent += writeSync(RESULT_DESCRIPTOR, bytes, sent);
}
