import { z } from 'zod';

/** An id of ours, in small letters however it was written: PostgreSQL takes both, and comparing texts does not. */
export const idSchema = z.uuid().toLowerCase();
