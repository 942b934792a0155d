import { z } from 'zod';

// zod compiles its parsers with `new Function` where it can; asking whether it can is already an offence under the page's
// policy. Has to be imported before the first schema.
z.config({ jitless: true });
