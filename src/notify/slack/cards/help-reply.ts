import { type Message, note } from '../message.ts';
import { code, escaped } from '../text.ts';

/** The answer to `/governance help`, and to what the command does not know. Pure. */
export function helpReply(command: string, unknown: string | null, meant: string | null = null): Message {
  const guess = meant === null ? '' : ` Did you mean ${code(`${command} ${meant}`, 100)}?`;
  const sorry =
    unknown === null ? [] : [`I do not know ${code(unknown, 60)}.${guess} This is what I can do:`, ''];
  const name = escaped(command, 40);
  return note(
    ...sorry,
    `\`${name} status <model>\` – how its newest versions stand`.replace('<model>', '&lt;model&gt;'),
    `\`${name} status <model>@<version>\` – how one version stands, and why`
      .replace('<model>', '&lt;model&gt;')
      .replace('<version>', '&lt;version&gt;'),
    `\`${name} status &lt;model&gt; in &lt;environment&gt;\` – judged for another environment than the first; \`verify\` too`,
    `\`${name} status &lt;model&gt;@2026-08-01\` – what was deployed then, and whether it was governed`,
    `\`${name} pending\` – what waits for an approval, and for whose`,
    `\`${name} history &lt;model&gt;\` – what became of its submissions, and who decided`,
    `\`${name} search &lt;words&gt;\` – submissions and findings that hold all of them`,
    `\`${name} verify &lt;sha256&gt;\` – whether these bytes may serve, and what they are known as`,
    `\`${name} override <model>@<version> [environment]\` – let one version serve traffic in an emergency`
      .replace('<model>', '&lt;model&gt;')
      .replace('<version>', '&lt;version&gt;'),
    `\`${name} acknowledge &lt;finding&gt;\` – says that you look into it; its number stands at the bottom of the alert`,
    `\`${name} mute &lt;finding&gt; for &lt;duration&gt; because …\` – keeps an alert quiet`,
    `\`${name} renew &lt;model&gt;@&lt;version&gt;\` – start its renewal before its governance ends`,
    `\`${name} delegate @somebody until friday 17:00\` – have somebody decide in your place; \`delegate stop\` ends it`,
    `\`${name} withdraw &lt;model&gt;@&lt;version&gt;\` – take back a request for approval that you made`,
    `\`${name} help\` – this`,
    '',
    `For example: ${code(`${command} status fraud-detection@4.1.2`, 100)}`,
  );
}
