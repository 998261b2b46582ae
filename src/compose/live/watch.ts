import type { Logger, SignerName, Trust } from '../../domain/index.ts';
import { repeat, SECOND } from '../../lib/index.ts';
import type { BeliefNews, Beliefs } from './beliefs.ts';
import type { LiveSigner } from './signer.ts';

/** What a process keeps up with. */
export interface Followed {
  readonly beliefs: Beliefs;
  readonly signers: readonly LiveSigner[];
}

/** Looks at the trust policy, the public keys and the own keys at an interval of seconds, and logs what is new. */
export function watchTrust(followed: Followed, seconds: number, logger: Logger): AsyncDisposable {
  return repeat(seconds * SECOND, () => lookOnce(followed, logger));
}

/** Looks once. What fails is logged, and tried again at the next look. */
export async function lookOnce({ beliefs, signers }: Followed, logger: Logger): Promise<void> {
  try {
    const news = await beliefs.look();
    if (news !== null) tell(news, beliefs.trust, logger);
    for (const { signer, look } of signers)
      if ((await look(beliefs.trust.policy)) !== null)
        logger.info('signing with a new key', { signer: signer.name, key: signer.keyId });
  } catch (error) {
    logger.warn('the trust policy and the keys cannot be looked at', { error });
  }
}

function tell(news: BeliefNews, { policy }: Trust, logger: Logger): void {
  const version = policy.edition?.version ?? null;
  if (news.kind === 'changed')
    logger.info('the trust policy changed', { version, keys: policy.signers.map(keyName) });
  else if (news.kind === 'refused')
    logger.error('the trust policy is refused, and the one before goes on', { version, why: news.why });
  else logger.info('the trust policy is in order again', { version });
}

function keyName({ name, keyId }: { readonly name: SignerName; readonly keyId: string }): string {
  return `${name} ${keyId}`;
}
