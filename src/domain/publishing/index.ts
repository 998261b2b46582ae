export { type Publication, type PublishedFile, publicationFindings } from './publication.ts';
