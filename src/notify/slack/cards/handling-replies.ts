import type {
  Alert,
  FindingEvent,
  HandledAlert,
  HandlingRefusal,
  ModelName,
  SlackAccount,
} from '../../../domain/index.ts';
import { modelName } from '../../../domain/index.ts';
import { type Message, note } from '../message.ts';
import { code, escaped, time } from '../text.ts';
import { alertTitle } from './alert-title.ts';

/** What an objection speaks of. */
export interface ObjectionFacts {
  readonly alert: HandledAlert | null;
  readonly account: SlackAccount;
}

/** What somebody is told who did something about a finding. Pure. */
export function handledNote(event: FindingEvent, alert: Alert): Message {
  const about = `*${alertTitle(alert).line}*`;
  switch (event.kind) {
    case 'acknowledged':
      return note(
        `👀 Recorded: you acknowledged ${about}.`,
        'Its message says so. It keeps firing until it is mended.',
      );
    case 'muted':
      return note(
        `🔕 Recorded: you muted ${about} until ${time(event.until)}.`,
        'Its message says so, with your reason. It is loud again then.',
      );
    case 'unmuted':
      return note(`🔔 Recorded: you unmuted ${about}.`);
    case 'run_asked':
      return note(
        `▶️ Recorded: you asked for the pipeline to be run again for ${about}.`,
        'What came of it, and the run, is told in the thread of its message.',
      );
    case 'block_allowed':
      return note(
        `⛔ Recorded: you let the traffic of ${about} be blocked.`,
        'The monitor orders it at its next tick, and the signed order names you.',
      );
    default:
      return note(`Recorded for ${about}.`);
  }
}

const NOTHING = 'Nothing was changed.';

/** That there is nothing to renew yet, for the eyes of who would. Pure. */
export function notEndingNote(name: ModelName): Message {
  return note(
    `No alert says that the governance of ${code(modelName(name), 200)} ends, or has ended, where it serves traffic. ${NOTHING}`,
    'When it ends is shown by `/governance status`. To run the pipeline again all the same: `countersign renew`.',
  );
}

const SENTENCES: Readonly<Record<HandlingRefusal, (facts: ObjectionFacts) => string[]>> = {
  unknown_person: ({ account }) => [
    `I do not know who you are: the Slack account ${code(`${account.team}/${account.user}`, 80)} is not in the people map. ${NOTHING}`,
    'Ask whoever runs Countersign to add it under `people:` in `countersign.yaml`.',
  ],
  account_barred: ({ account }) => [
    `Slack says that the account ${code(`${account.team}/${account.user}`, 80)} is a guest's, a bot's, deactivated, or of another workspace. ${NOTHING}`,
    'Use your own full account in this workspace.',
  ],
  unknown_finding: () => [
    `There is no finding with that number. ${NOTHING}`,
    'The number stands at the bottom of the alert.',
  ],
  resolved: () => [`It is resolved by now. ${NOTHING}`],
  already_acknowledged: ({ alert }) => [
    `It was acknowledged already${alert?.handling.acknowledged ? `, ${time(alert.handling.acknowledged.at)}` : ''}. ${NOTHING}`,
  ],
  not_muted: () => [`It is not muted. ${NOTHING}`],
  mute_too_long: ({ alert }) => [
    `A ${alert?.finding.severity ?? 'critical'} finding can be muted for ${alert?.finding.severity === 'warning' ? '30 days' : '24 hours'} at most. ${NOTHING}`,
    'Choose a shorter time.',
  ],
  never_submitted: () => [
    `The bytes that it sees were never submitted under this name, so there is nothing to run again. ${NOTHING}`,
    'Submit them with `countersign submit`, or put the governed bytes back.',
  ],
  may_not_renew: () => [
    `Only those who submitted or made it, and those who approve under its pipeline, can start its renewal. ${NOTHING}`,
    'Ask one of them.',
  ],
  not_held: () => [
    `Nothing holds up that its traffic is blocked: it is blocked already, or no rule would have it. ${NOTHING}`,
  ],
  block_allowed: () => [
    `Somebody let it be blocked already. ${NOTHING}`,
    'The thread of its message says what came of it.',
  ],
  run_asked: () => [
    `Somebody asked for that a moment ago. ${NOTHING}`,
    'The thread of its message says what came of it.',
  ],
};

/** Why nothing was done about a finding, for the eyes of who tried. Pure. */
export function objectionNote(objection: HandlingRefusal, facts: ObjectionFacts): Message {
  const { alert } = facts;
  const about = alert === null ? [] : [`${escaped(`Finding ${alert.id}`, 40)}, ${alertTitle(alert).line}:`];
  return note(...about, ...SENTENCES[objection](facts));
}
