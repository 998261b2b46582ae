import { z } from 'zod';
import { ModelVersion } from '../../domain/index.ts';
import { Day, ModelReference, prose } from './fields.ts';

/** Evidence names of control documents start so. */
export const CONTROL_PREFIX = 'control.';

const DocumentControl = z.strictObject({
  document: z
    .string()
    .regex(/^control\.[a-z0-9_]+$/, 'expected an evidence name such as control.risk_management'),
  sha256: z
    .string()
    .regex(/^(?:sha256:)?[0-9a-f]{64}$/, 'expected 64 lower-case hex digits')
    .describe('of the document'),
  owner: prose(2).describe('who answers for the document'),
  approved: Day,
  expires: Day.describe('the last day on which the document holds, UTC'),
  model_version: ModelVersion,
});
export type DocumentControl = z.infer<typeof DocumentControl>;

const CheckControl = z.strictObject({ checks: z.array(z.string()).min(1).max(20) });

/** Evidence of one control: a document, or checks of this pipeline that passed. */
export const ControlEvidence = z.union([DocumentControl, CheckControl], {
  error: 'expected document, sha256, owner, approved, expires and model_version; or checks',
});
export type ControlEvidence = z.infer<typeof ControlEvidence>;

/** Evidence by control id. */
export const Controls = z.record(z.string().regex(/^[a-z0-9_]{1,64}$/), ControlEvidence);
export type Controls = z.infer<typeof Controls>;

/** The `controls` evidence document. */
export const ControlsDocument = z.strictObject({
  format: z.literal('countersign-controls/v1').describe('Says what this file is.'),
  model: ModelReference,
  controls: Controls.describe(
    'By control: `document` (an evidence name), its `sha256`, `owner`, day `approved`, day until which it holds (`expires`) and `model_version`; or `checks` of this pipeline that passed.',
  ),
});
