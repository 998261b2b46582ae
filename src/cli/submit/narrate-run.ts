import type { ApprovalAnswer, RunDescription, StageAnswer } from '../client/answers.ts';
import { approvalText, failuresOf } from '../show/run.ts';
import type { Progress, Step } from './progress.ts';

/** Tells a run's story as it goes on: each stage once, then the approval with each decision. */
export interface Narrator {
  tell(description: RunDescription): Promise<void>;
  /** Leaves what is being told, when the wait ends before the run does. */
  stop(): Promise<void>;
}

/** A narrator that tells through a progress. */
export function createNarrator(progress: Progress): Narrator {
  const told = new Set<string>();
  let decisionsTold = 0;
  let current: Step | null = null;
  const open = (title: string, announce: boolean): void => {
    current ??= progress.begin(title, { announce });
  };
  const close = async (text: string, good: boolean): Promise<void> => {
    const step = current ?? progress.begin(text);
    current = null;
    await (good ? step.done(text) : step.fail(text));
  };
  const tellStage = async (stage: StageAnswer) => {
    if (told.has(stage.name) || stage.state === 'not_evaluated') return;
    if (stage.state === 'running') return open(`${stage.name}: running`, false);
    told.add(stage.name);
    const good = stage.state === 'passed' || stage.state === 'not_applicable';
    await close(
      [`${stage.name}: ${stage.state}`, ...failuresOf(stage).map((line) => `  ${line}`)].join('\n'),
      good,
    );
  };
  const tellApproval = async (approval: ApprovalAnswer) => {
    for (const { decision, person, roles } of approval.decisions.slice(decisionsTold))
      await close(`${decision} by ${person} (${roles.join(', ')})`, decision === 'approved');
    decisionsTold = approval.decisions.length;
    if (approval.state === 'pending')
      open(`waiting for approval by ${approval.missingRoles.join(' and ')}, due ${approval.dueAt}`, true);
    else if (approval.state !== 'approved') await close(`approval: ${approvalText(approval)}`, false);
  };
  return {
    tell: async ({ stages, approval }) => {
      for (const stage of stages) await tellStage(stage);
      if (approval !== null) await tellApproval(approval);
    },
    stop: async () => {
      await current?.leave();
      current = null;
    },
  };
}
