#!/usr/bin/env node
// Plain JavaScript that Node 20 reads: the command line itself needs the Node that this finds.
import { fileURLToPath } from 'node:url';
import { runWithPinnedNode } from './pinned-node.js';

const cli = fileURLToPath(new URL('../src/main/cli.ts', import.meta.url));
await runWithPinnedNode([cli, ...process.argv.slice(2)]);
