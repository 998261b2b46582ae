import { escaped, listed, roleInWords, time } from '../text.ts';
import type { ShownDecision } from './approval.ts';
import type { NamePerson } from './people.ts';

/** Who decided, in which role and when; beneath it, quoted, at most so many characters of what they said. Markup. */
export function decisionLine(
  { person, roles, decidedAt, reason, onBehalfOf, assurance }: ShownDecision,
  sign: string,
  nameOf: NamePerson,
  most = 400,
): string {
  const inPlace = onBehalfOf === undefined ? '' : ` on behalf of ${nameOf(onBehalfOf.person)}`;
  const byApi = assurance === 'api_token' ? ' by API' : '';
  const who = `${sign} ${nameOf(person)}${inPlace} as ${listed(roles.map(roleInWords))}${byApi}, ${time(decidedAt)}`;
  const said = reason === null ? '' : escaped(reason, most);
  return said === '' ? who : `${who}\n> ${said}`;
}
