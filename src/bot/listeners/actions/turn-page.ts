import { readPageTurn } from '../../payload.ts';
import { answerText } from '../commands/answer.ts';
import { type Listener, setAside } from '../listener.ts';

/** A button that turns the page of an answer: the answer is replaced where it stands. It asks only, and changes nothing. */
export const onTurnPage: Listener = async (ctx, arrival) => {
  const turn = readPageTurn(arrival.body);
  if (turn === null) return setAside(ctx, arrival, 'page');
  await arrival.acknowledge();
  const answer = await answerText(ctx, turn.command);
  if (!(await ctx.slack.respond(turn.responseUrl, answer, 'replace')))
    await ctx.slack.tell(turn.account.user, turn.channel, answer);
};
