import type { Directory, PersonId, SlackAccount, VerifiedStatement } from '../domain/index.ts';
import { later, MINUTE } from '../lib/index.ts';
import type { ArrivalBehind } from '../storage/index.ts';

/** What a statement takes from somebody's click, command or call: who did it, in which words, and about what. */
interface Deed {
  readonly person: PersonId;
  /** Types of the payload by which it is asked for. */
  readonly types: readonly string[];
  /** Members of the payload that must say the same, where they are there. */
  readonly members: Readonly<Record<string, unknown>>;
  /** What the card was about that was clicked; null where it is asked for without one. */
  readonly about: string | null;
  /** How sure it says it is who did it; null where it does not say. */
  readonly assurance: string | null;
}

const PLAIN = { members: {}, about: null, assurance: null } as const;

/** The deed that a statement tells of; null for statements of other kinds. */
export function deedOf({ kind, body }: VerifiedStatement): Deed | null {
  switch (kind) {
    case 'approval-decision/v1': {
      const { person, decision, target, assurance } = body;
      const members = { decision, requestId: target.id };
      return { person, types: ['decide', 'api_decide'], members, about: target.id, assurance };
    }
    case 'approval-withdrawal/v1': {
      const { person, decision, request } = body;
      const members = { decision, requestId: request };
      return { ...PLAIN, person, types: ['withdraw', 'api_withdraw'], members };
    }
    case 'override/v1': {
      const { person, confirms, modelId, modelVersion, environment } = body;
      if (confirms !== undefined) return { ...PLAIN, person, types: ['confirm_override'], about: confirms };
      return { ...PLAIN, person, types: ['override'], members: { modelId, modelVersion, environment } };
    }
    case 'override-documentation/v1': {
      const { person, override } = body;
      const types = ['document_override', 'api_document'];
      return { ...PLAIN, person, types, members: { overrideId: override }, about: override };
    }
    case 'delegation/v1': {
      const { delegator, assurance, ends } = body;
      // A new delegation ends the one before it by the same command.
      const types = ends === undefined ? ['order.delegate'] : ['order.delegate', 'order.stop_delegation'];
      return { ...PLAIN, person: delegator, types, assurance };
    }
    default:
      return null;
  }
}

/** Why what arrived is not behind a statement; null where it is. */
export function objectionToArrival(
  { kind, recordedAt }: Pick<VerifiedStatement, 'kind'> & { readonly recordedAt: string },
  { person, types, members, about, assurance }: Deed,
  arrival: ArrivalBehind | null,
  directory: Directory,
): string | null {
  if (arrival === null) return 'no click, command or call in the inbox had it signed';
  const { payload, source } = arrival;
  const told = `the arrival ${arrival.id} in the inbox`;
  const isByApi = source === 'api';
  if (!arrival.isSealed || !(isByApi || source === 'slack')) return `${told} is not sealed by the bot`;
  if (!types.includes(`${payload['type']}`)) return `${told} asked for something else`;
  if (personBehind(arrival, directory) !== person) return `${told} is not by ${person}`;
  if (assurance !== null && isByApi !== (assurance === 'api_token')) return `${told} came in another way`;
  const differs = Object.entries(members).find(([name, value]) => name in payload && payload[name] !== value);
  if (differs !== undefined) return `${told} says another ${differs[0]}`;
  if (!isByApi && arrival.about !== about) return `${told} is about something else`;
  if (arrival.receivedAt > later(recordedAt, MINUTE)) return `${told} came only afterwards`;
  return arrival.count > mostOf(kind) ? `${told} had other statements signed too` : null;
}

function mostOf(kind: VerifiedStatement['kind']): number {
  return kind === 'delegation/v1' ? 2 : 1;
}

function personBehind({ source, payload, subject }: ArrivalBehind, directory: Directory): PersonId | null {
  if (source === 'api') return subject === null ? null : directory.principal(subject).person;
  const { team, user } = (payload['account'] ?? {}) as Partial<SlackAccount>;
  return team === undefined || user === undefined ? null : directory.personOfSlack({ team, user });
}
