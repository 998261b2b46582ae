#!/usr/bin/env node
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from './exit-code.ts';
import { oldNode } from './old-node.ts';

/**
 * Keeps compiled code for the next time, which saves a fifth of the start. In a folder of the user's own, and never in
 * that for temporary files, where others could put code there before us. Without such a folder it starts all the same.
 */
function keepCompiled(): void {
  try {
    module.enableCompileCache(join(homedir(), '.cache', 'countersign'));
  } catch {}
}

const old = oldNode(process.versions.node);
if (old !== null) {
  process.stderr.write(`error: ${old}\n`);
  process.exitCode = EXIT.error;
} else {
  keepCompiled();
  await import('./few-parses.ts');
  await import('./run.ts');
}
