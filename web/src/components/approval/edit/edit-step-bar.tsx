import type { ReactNode } from 'react';

/** Buttons of a step of the edit, the way on first. */
export const EditStepBar = ({ children }: { children: ReactNode }) => <div className="flex flex-row-reverse flex-wrap justify-start gap-3">{children}</div>;
