import { code, type Message, note } from '../../../notify/index.ts';
import type { BotSettings } from '../../settings.ts';

/** For which environment is judged, and which others can be asked about; or what to answer where there is no such one. */
export function placeOf(
  { environment: usual, environments }: BotSettings,
  asked: string | null,
): { readonly environment: string; readonly others: readonly string[] } | { readonly refused: Message } {
  const environment = asked ?? usual;
  const known = [...new Set([usual, ...environments])];
  if (known.includes(environment))
    return { environment, others: known.filter((other) => other !== environment) };
  const names = known.slice(0, 20).map((name) => code(name, 100));
  return {
    refused: note(
      `Governance is required in no environment ${code(environment, 100)}.`,
      `It is in ${names.join(', ')}.`,
    ),
  };
}
