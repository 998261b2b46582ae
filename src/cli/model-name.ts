import { invalidInput, ModelId, type ModelName, ModelVersion } from '../domain/index.ts';

/** A model, and the one version of it that is meant. */
export interface ModelReference {
  readonly modelId: string;
  readonly modelVersion: string | null;
}

/** Reads `model` or `model@version`. @throws CountersignError `invalid_input` */
export function parseModelReference(text: string): ModelReference {
  const at = text.indexOf('@');
  const id = ModelId.safeParse(at < 0 ? text : text.slice(0, at));
  const version = at < 0 ? null : ModelVersion.safeParse(text.slice(at + 1));
  const problems = [id, ...(version === null ? [] : [version])].flatMap(({ error }) =>
    (error?.issues ?? []).map(({ message }) => ({
      where: JSON.stringify(text),
      message,
      fix: 'write it as in fraud-detection@4.1.2',
    })),
  );
  if (problems.length > 0) throw invalidInput('the name of the model', problems);
  return { modelId: id.data ?? '', modelVersion: version?.data ?? null };
}

/** Reads `model@version`. @throws CountersignError `invalid_input` */
export function parseModelName(text: string): ModelName {
  const { modelId, modelVersion } = parseModelReference(text);
  if (modelVersion !== null) return { modelId, modelVersion };
  throw invalidInput('the name of the model version', [
    {
      where: JSON.stringify(text),
      message: 'no version is named',
      fix: 'write it as in fraud-detection@4.1.2',
    },
  ]);
}
