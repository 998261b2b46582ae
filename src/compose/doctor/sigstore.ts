import type { SigstoreServices } from '../../attestation/index.ts';
import type { Examined } from '../../cli/index.ts';
import { CountersignError } from '../../domain/index.ts';
import { createOutbound } from '../../outbound/index.ts';
import { about } from './examined.ts';
import {
  faultOfBundle,
  faultOfChain,
  faultOfCheckpoint,
  faultOfLog,
  TrustedRoot,
} from './sigstore-answer.ts';
import { why } from './why.ts';

const { ok, problem, warning } = about('signing');

/** Operators choose these services; signers connect to them wherever they are, but for metadata services. */
const ANYWHERE = ['0.0.0.0/0', '::/0'];

/** A question to a service that changes nothing, and what is wrong with an answer; null for nothing. */
interface Question {
  readonly whom: string;
  readonly setting: string;
  readonly url: string;
  readonly faultOf: (answer: string) => string | null;
}

/** Asks the services of a Sigstore instance what anybody may ask, all at the same time. */
export async function examineSigstore(services: SigstoreServices): Promise<Examined[]> {
  const root = TrustedRoot.safeParse(services.trustedRoot);
  if (!root.success)
    return [problem('the trusted root is none', 'take the trusted_root.json of the Sigstore instance')];
  const answers = await Promise.all(
    questionsFor(services, root.data).map((one) => ask(one, services.timeout)),
  );
  return [...answers, ...certificateLogs(root.data)];
}

function certificateLogs({ ctlogs }: TrustedRoot): Examined[] {
  if (ctlogs.length > 0) return [];
  return [
    warning(
      'the trusted root names no certificate log (ctlogs): a certificate counts without proof that one holds it, and cosign takes none without',
      'run a certificate log beside Fulcio, and name it in trusted_root.json',
    ),
  ];
}

function questionsFor({ fulcio, rekor, timestamps }: SigstoreServices, root: TrustedRoot): Question[] {
  const log = {
    whom: `Rekor (${rekor.url}, version ${rekor.version})`,
    setting: 'rekor_url and rekor_version',
  };
  return [
    {
      whom: `Fulcio (${fulcio})`,
      setting: 'fulcio_url',
      url: `${fulcio}/api/v2/trustBundle`,
      faultOf: (answer) => faultOfBundle(answer, root.certificateAuthorities),
    },
    rekor.version === 1
      ? { ...log, url: `${rekor.url}/api/v1/log`, faultOf: faultOfLog }
      : { ...log, url: `${rekor.url}/api/v2/checkpoint`, faultOf: faultOfCheckpoint },
    ...(timestamps === null
      ? []
      : [
          {
            whom: `the timestamp authority (${timestamps})`,
            setting: 'timestamp_url',
            url: `${timestamps}/api/v1/timestamp/certchain`,
            faultOf: (answer: string) => faultOfChain(answer, root.timestampAuthorities),
          },
        ]),
  ];
}

async function ask({ whom, setting, url, faultOf }: Question, timeout: number): Promise<Examined> {
  try {
    const { protocol, host } = new URL(url);
    const hosts = [protocol === 'http:' ? `http://${host}` : host];
    const patience = { connect: timeout, idle: timeout, whole: timeout };
    const response = await createOutbound({ hosts, addresses: ANYWHERE, ca: null }, patience).send(url);
    const answer = await response.text();
    const fault = response.ok ? faultOf(answer) : `it answered with status ${response.status}`;
    if (fault === null) return ok(`${whom} answers`);
    throw new CountersignError('unavailable', fault);
  } catch (error) {
    return problem(
      `${whom} is of no use: ${why(error)}`,
      `nothing is signed until it is: correct ${setting} under signing.sigstore, or what lies between`,
    );
  }
}
