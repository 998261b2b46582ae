import type { CheckpointChannel } from '../../domain/index.ts';
import { section } from './block.ts';
import type { SlackClient } from './client.ts';
import { message } from './message.ts';
import { showMessage } from './show-message.ts';
import { counted } from './text.ts';

/** Publishes checkpoints in a Slack channel, each once, to be copied as it is: nobody can take back what many have read. */
export function createCheckpointChannel(client: SlackClient, name: string): CheckpointChannel {
  return {
    name,
    post: async ({ treeSize, note, since }) => {
      const line = `📌 Checkpoint of the ledger: ${counted(treeSize, 'statement')}.`;
      // An origin, numbers, base64 and a dash: nothing in a checkpoint is markup.
      const shown = message(line, [section(line, `\`\`\`${fitting(note)}\`\`\``)], {
        event_type: 'countersign_notice',
        event_payload: { checkpoint: String(treeSize) },
      });
      const channel = await client.channelId(name);
      const { ts } = await showMessage(client, { channel, posted: null, since }, shown);
      return { channel: name, ts };
    },
  };
}

/** A section's text ends at 3000 characters. Of a note that is longer, as keyless ones are, what was signed. */
function fitting(note: string): string {
  return note.length <= 2500 ? note : note.slice(0, note.indexOf('\n\n') + 1);
}
