import {
  type ApprovalView,
  type GovernanceStatus,
  type Instant,
  modelName,
  shortDigest,
} from '../../../domain/index.ts';
import { actions, type Block, context, divider, header, section } from '../block.ts';
import { code, counted, escaped, inWords, link, time } from '../text.ts';
import { withdrawButton } from './withdraw-button.ts';
import { STATUS_SIGN, TIER_IN_WORDS } from './words.ts';

/** What somebody sees in the app's Home tab. */
export interface Home {
  /** Requests on which their approval would count. */
  readonly waiting: readonly { readonly view: ApprovalView; readonly cardUrl: string | null }[];
  readonly decided: readonly {
    readonly statement: string;
    readonly modelId: string;
    readonly modelVersion: string;
    readonly decision: 'approved' | 'rejected';
    readonly decidedAt: Instant;
  }[];
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
  /** Whether the people map knows the account. */
  readonly known: boolean;
  readonly environment: string;
  readonly now: Instant;
}

/** A Home tab as `views.publish` takes it. */
export interface HomeView {
  readonly type: 'home';
  readonly blocks: readonly Block[];
}

const ROWS = 10;

/** The Home tab: what waits for me, what I decided, how models stand, what is wrong. Pure. */
export function homeView(home: Home): HomeView {
  const blocks: Block[] = [
    ...(home.known ? [] : [section('The people map does not know your account, so you cannot decide here.')]),
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

function decidedBlocks({ decided }: Home): Block[] {
  if (decided.length === 0) return [section('You have decided nothing yet.')];
  return decided.slice(0, ROWS).flatMap((given) => {
    const sign = given.decision === 'approved' ? '✅ Approved' : '⛔ Rejected';
    return [
      section(`${sign} *${escaped(modelName(given), 250)}*, ${time(given.decidedAt)}`),
      actions(withdrawButton(given.statement)),
    ];
  });
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
