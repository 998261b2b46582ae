import { type DocumentationRefusal, modelName } from '../../domain/index.ts';
import {
  type ApiOutcome,
  type Caller,
  type OverrideStatus,
  overrideStatus,
  unusableToken,
} from '../../services/index.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { HttpRefusal } from '../problem.ts';

/** @throws HttpRefusal with the reason as its code where a documentation does not count */
export async function refuseUncountedDocumentation(
  context: RouteDependencies['context'],
  outcome: ApiOutcome<DocumentationRefusal>,
  { overrideId, caller }: { readonly overrideId: string; readonly caller: Caller },
): Promise<void> {
  if (outcome.word === 'unusable') throw unusableToken();
  if (outcome.word !== 'refused') return;
  const { override } = await overrideStatus(context, overrideId);
  const why = SENTENCES[outcome.refusal](override, caller.principal.subject);
  throw new HttpRefusal(outcome.refusal, `${why} Nothing was recorded.`);
}

type Sentence = (override: OverrideStatus['override'], account: string) => string;

const SENTENCES: Readonly<Record<DocumentationRefusal, Sentence>> = {
  account_barred: (_override, account) =>
    `Slack says that the account ${account} is a guest's, a bot's, deactivated, or of another workspace. Such accounts may not document overrides.`,
  already_documented: (override) =>
    `The override of ${modelName(override)} in ${override.environment} was documented by ${override.documentedBy}, ${override.documentedAt}.`,
  nothing_to_document: (override) =>
    `The override of ${modelName(override)} in ${override.environment} was never good: nobody confirmed it.`,
};
