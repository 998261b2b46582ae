import {
  type ApprovalView,
  type GovernanceStatus,
  type Instant,
  modelName,
  type PersonId,
  shortDigest,
} from '../../../domain/index.ts';
import { actions, type Block, context, divider, header, section } from '../block.ts';
import { code, counted, escaped, inWords, link, time } from '../text.ts';
import type { ShownDecision } from './approval.ts';
import type { NamePerson } from './people.ts';
import { withdrawButton } from './withdraw-button.ts';
import { STATUS_SIGN, TIER_IN_WORDS } from './words.ts';

/** What somebody sees in the app's Home tab. */
export interface Home {
  /** Requests on which their approval would count. */
  readonly waiting: readonly { readonly view: ApprovalView; readonly cardUrl: string | null }[];
  /** What they decided, and what others did in their place. */
  readonly decided: readonly HomeDecision[];
  /** The newest version of each model. */
  readonly models: readonly {
    readonly modelId: string;
    readonly modelVersion: string;
    readonly status: GovernanceStatus;
  }[];
  readonly findings: readonly {
    readonly kind: string;
    readonly severity: string;
    readonly summary: string;
    readonly firedAt: Instant;
  }[];
  /** Whose tab it is; null where the people map does not know the account. */
  readonly reader: PersonId | null;
  readonly nameOf: NamePerson;
  readonly environment: string;
  readonly now: Instant;
}

type HomeDecision = Omit<ShownDecision, 'roles' | 'reason'> & {
  readonly statement: string;
  readonly modelId: string;
  readonly modelVersion: string;
};

/** A Home tab as `views.publish` takes it. */
export interface HomeView {
  readonly type: 'home';
  readonly blocks: readonly Block[];
}

const ROWS = 10;

/** The Home tab: what waits for me, what I decided, how models stand, what is wrong. Pure. */
export function homeView(home: Home): HomeView {
  const blocks: Block[] = [
    ...(home.reader !== null
      ? []
      : [section('The people map does not know your account, so you cannot decide here.')]),
    header('Waiting for you'),
    ...waitingBlocks(home),
    divider,
    header('Your decisions'),
    ...decidedBlocks(home),
    divider,
    header('Models'),
    section(...modelLines(home)),
    divider,
    header('Open findings'),
    section(...findingLines(home)),
    context(`Judged for ${escaped(home.environment, 100)}, ${time(home.now)}. Open this tab again for news.`),
  ];
  return { type: 'home', blocks };
}

function waitingBlocks({ waiting, now }: Home): Block[] {
  if (waiting.length === 0) return [section('🟢 Nothing waits for you.')];
  const rows = waiting.slice(0, ROWS).map(({ view, cardUrl }) => {
    const due = now >= view.dueAt ? `🔴 was due ${time(view.dueAt)}` : `due ${time(view.dueAt)}`;
    const card = cardUrl === null ? '' : ` · ${link(cardUrl, 'Open the card')}`;
    return section(
      `🟡 *${escaped(modelName(view), 250)}* ${code(shortDigest(view.artifact.digest), 40)}`,
      `${TIER_IN_WORDS[view.riskTier]}, ${due}${card}`,
    );
  });
  return [...rows, ...more(waiting.length)];
}

function decidedBlocks(home: Home): Block[] {
  if (home.decided.length === 0) return [section('You have decided nothing yet.')];
  return home.decided
    .slice(0, ROWS)
    .flatMap((given) => [section(ownLine(given, home)), actions(withdrawButton(given.statement))]);
}

function ownLine(given: HomeDecision, home: Home): string {
  const sign = given.decision === 'approved' ? '✅ Approved' : '⛔ Rejected';
  const byApi = given.assurance === 'api_token' ? ', by API' : '';
  return `${sign} *${escaped(modelName(given), 250)}*${inPlace(given, home)}, ${time(given.decidedAt)}${byApi}`;
}

function inPlace({ person, onBehalfOf }: HomeDecision, { reader, nameOf }: Home): string {
  if (person !== reader) return ` by ${nameOf(person)} on your behalf`;
  return onBehalfOf === undefined ? '' : ` on behalf of ${nameOf(onBehalfOf.person)}`;
}

function modelLines({ models }: Home): string[] {
  if (models.length === 0) return ['No model was submitted yet.'];
  const byStatus = [...Map.groupBy(models, ({ status }) => status)];
  return byStatus.map(([status, members]) => {
    const names = members.slice(0, ROWS).map((model) => escaped(modelName(model), 120));
    const rest = members.length > ROWS ? `, … and ${members.length - ROWS} more` : '';
    return `${STATUS_SIGN[status]} *${status}* (${members.length}): ${names.join(', ')}${rest}`;
  });
}

function findingLines({ findings }: Home): string[] {
  if (findings.length === 0) return ['🟢 Nothing is wrong.'];
  const lines = findings.slice(0, ROWS).map(({ kind, severity, summary, firedAt }) => {
    const sign = severity === 'critical' ? '🔴' : '🟡';
    return `${sign} *${escaped(inWords(kind), 60)}* since ${time(firedAt)}: ${escaped(summary, 160)}`;
  });
  const left = findings.length - lines.length;
  return left > 0 ? [...lines, `… and ${counted(left, 'more finding')}`] : lines;
}

function more(count: number): Block[] {
  return count > ROWS ? [section(`… and ${counted(count - ROWS, 'more request')}.`)] : [];
}
