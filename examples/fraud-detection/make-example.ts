import { makeExample } from './make/example.ts';
import { groupTable } from './make/facts.ts';

for (const made of await makeExample(import.meta.dirname)) {
  console.log(
    `\nfraud-detection ${made.version.version}  sha256:${made.digest}\n\n${groupTable(made.metrics)}`,
  );
}
