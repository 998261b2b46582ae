/** Tells a waiting person, or a log, what is being done. One step at a time. */
export interface Progress {
  /** Starts a step; `announce` says so in a log, too, for steps that take long. */
  begin(title: string, options?: { announce?: boolean }): Step;
}

export interface Step {
  /** Says how far the step is; only where somebody watches. */
  note(text: string): void;
  /** Ends the step with what came of it. */
  done(text: string): Promise<void>;
  /** Ends the step badly. */
  fail(text: string): Promise<void>;
  /** Ends the step as it stands, neither well nor badly, and without a word. */
  leave(): Promise<void>;
}

/** Progress for a log: one line when a step ends. */
export function lineProgress(say: (text: string) => void): Progress {
  return {
    begin: (title, { announce = false } = {}) => {
      if (announce) say(title);
      const end = async (text: string) => say(text);
      return { note: () => {}, done: end, fail: end, leave: async () => {} };
    },
  };
}
