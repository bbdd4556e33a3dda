import { defineSignal } from '@temporalio/workflow';

/** Something was queued. Starts the workflow where it does not run. */
export const wakeNoticesSignal = defineSignal('wakeNotices');
