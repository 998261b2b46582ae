import type { StatementVerifier } from '../../attestation/index.ts';
import type { Directory, Trust } from '../../domain/index.ts';

/** Trust that is, whenever it is looked at, what `now` gives then. Whoever needs it to stay the same takes what it holds. */
export function liveTrust(now: () => Trust): Trust {
  return {
    get policy() {
      return now().policy;
    },
    get pipelines() {
      return now().pipelines;
    },
  };
}

/** A verifier that is, at each call, the one that `now` gives. */
export function liveVerifier(now: () => StatementVerifier): StatementVerifier {
  return {
    verify: (bundle) => now().verify(bundle),
    openCheckpoint: (note, signers) => now().openCheckpoint(note, signers),
  };
}

/** A directory that is, at each call, the one that `now` gives. */
export function liveDirectory(now: () => Directory): Directory {
  return {
    get people() {
      return now().people;
    },
    get peopleMap() {
      return now().peopleMap;
    },
    reading: () => now().reading(),
    principal: (subject) => now().principal(subject),
    personOfSlack: (account) => now().personOfSlack(account),
    slackOf: (person) => now().slackOf(person),
    nameOf: (person) => now().nameOf(person),
    isBackup: (person, roles) => now().isBackup(person, roles),
    timeZoneOf: (person) => now().timeZoneOf(person),
  };
}

/** A function that computes anew only when it is given something else than the last time. */
export function remembered<Given extends object, Made>(make: (given: Given) => Made): (given: Given) => Made {
  let last: { readonly given: Given; readonly made: Made } | null = null;
  return (given) => {
    if (last?.given !== given) last = { given, made: make(given) };
    return last.made;
  };
}
