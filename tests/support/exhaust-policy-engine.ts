// Loaded into a process of the product before its own code: on SIGUSR2 its policy engine is broken for good.
import { exhaustPolicyEngine } from './policy-engine.ts';

process.on('SIGUSR2', exhaustPolicyEngine);
