/** Reasons most rejections have. */
export const rejectPresets = ['Wrong target', 'Wrong content', 'Not allowed', 'Need more information'] as const;
const maxLength = 2_000;

/** The reason as it is sent: the preset, the words, or both. */
export const composeReason = (preset: string, words: string): string => [preset, words.trim()].filter((part) => part !== '').join(': ');

/** What is wrong with a reason; undefined when it may be sent. */
export const problemOfReason = (reason: string): string | undefined => {
  if (reason === '') return 'Choose a reason or write one; the agent reads it.';
  return reason.length > maxLength ? `At most ${maxLength} characters; this has ${reason.length}.` : undefined;
};
