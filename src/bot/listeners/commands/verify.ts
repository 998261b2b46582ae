import { ambiguousDigestNote, code, type Message, note, verifyReply } from '../../../notify/index.ts';
import { lookUpArtifact } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';
import { placeOf } from './place.ts';

/** `/governance verify <sha256> [in <environment>]`. */
export async function answerVerify(
  { services, settings }: BotContext,
  { hex, environment: wished }: { readonly hex: string; readonly environment: string | null },
): Promise<Message> {
  const place = placeOf(settings, wished);
  if ('refused' in place) return place.refused;
  const { environment } = place;
  const found = await lookUpArtifact(services, { hex, environment });
  switch (found.kind) {
    case 'one':
      return verifyReply({ ...found.answer, ...place });
    case 'several':
      return ambiguousDigestNote(hex, found.digests);
    case 'none':
      return note(
        `No artifact that I know begins with ${code(hex, 70)}.`,
        'Give all 64 digits to have bytes judged that I have never heard of.',
      );
  }
}
