import { config } from 'zod';

// A command parses few things and ends: to compile a parser for each schema takes longer than it saves. Schemas ask when
// they are made, so this is loaded before all of them.
config({ jitless: true });
