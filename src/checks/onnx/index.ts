export {
  allNodes,
  allTensors,
  type OnnxDimension,
  type OnnxFunction,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './model.ts';
export { readOnnx } from './read.ts';
