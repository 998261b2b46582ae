import { z } from 'zod';
import type { SeenDeployment } from '../contract.ts';
import { Meta } from './objects.ts';
import { observeSpecification } from './served.ts';

const Uri = z.string().max(4096).nullish();

/** A model of Seldon Core 2. */
export const SeldonModel = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({ storageUri: Uri }),
  status: z.looseObject({ replicas: z.int().min(0).max(1_000_000).nullish() }).nullish(),
});

/** What a model of Seldon Core 2 serves. */
export function observeSeldonModel(
  { metadata, spec, status }: z.infer<typeof SeldonModel>,
  environment: string,
): SeenDeployment[] {
  const uris = spec.storageUri ? [spec.storageUri] : [];
  return observeSpecification({ ...metadata, kind: 'seldonmodel', environment, uris }, status?.replicas ?? 0);
}

interface Node {
  readonly name: string;
  readonly modelUri?: string | null | undefined;
  readonly children?: readonly Node[] | null | undefined;
}
const Node: z.ZodType<Node> = z.looseObject({
  name: z.string().min(1).max(253),
  modelUri: Uri,
  get children() {
    return z.array(Node).max(100).nullish();
  },
});

/** A SeldonDeployment of Seldon Core 1. */
export const SeldonDeployment = z.looseObject({
  metadata: Meta,
  spec: z.looseObject({
    predictors: z
      .array(
        z.looseObject({
          name: z.string().min(1).max(253),
          replicas: z.int().min(0).max(1_000_000).nullish(),
          annotations: z.record(z.string(), z.string()).nullish(),
          graph: Node,
        }),
      )
      .max(100),
  }),
});

/**
 * What a SeldonDeployment serves: each predictor, of which one may be a canary, with each model of its graph. Annotations of
 * the predictor come before those of the whole, and speak of a model only where the graph has one.
 */
export function observeSeldonDeployment(
  { metadata, spec }: z.infer<typeof SeldonDeployment>,
  environment: string,
): SeenDeployment[] {
  return spec.predictors.flatMap(({ name, replicas, annotations, graph }) => {
    const models = modelsOf(graph);
    const nodes = models.length > 0 ? models : [graph];
    const written = nodes.length === 1 ? { ...metadata.annotations, ...annotations } : {};
    return nodes.flatMap((node) => {
      const uris = node.modelUri ? [node.modelUri] : [];
      const named = { ...metadata, name: `${metadata.name}/${name}/${node.name}`, uris, environment };
      const annotated = { 'countersign.dev/model': node.name, ...written };
      return observeSpecification(
        { ...named, kind: 'seldondeployment', annotations: annotated },
        replicas ?? 1,
      );
    });
  });
}

function modelsOf(node: Node): Node[] {
  const below = (node.children ?? []).flatMap(modelsOf);
  return node.modelUri ? [node, ...below] : below;
}
