import { ambiguousDigestNote, code, type Message, note, verifyReply } from '../../../notify/index.ts';
import { lookUpArtifact } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';

/** `/governance verify <sha256>`. */
export async function answerVerify({ services, settings }: BotContext, hex: string): Promise<Message> {
  const { environment } = settings;
  const found = await lookUpArtifact(services, { hex, environment });
  switch (found.kind) {
    case 'one':
      return verifyReply({ ...found.answer, environment });
    case 'several':
      return ambiguousDigestNote(hex, found.digests);
    case 'none':
      return note(
        `No artifact that I know begins with ${code(hex, 70)}.`,
        'Give all 64 digits to have bytes judged that I have never heard of.',
      );
  }
}
