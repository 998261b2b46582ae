export { type OnnxDimension, type OnnxSignature, type OnnxValue, readOnnxSignature } from './signature.ts';
