import { LongText } from './arguments/long-text.tsx';

/** The agent's reasons, marked as its own words: nobody has checked them. */
export const AgentReasons = ({ text }: { text: string | null }) =>
  text === null || text.trim() === '' ? (
    <p className="text-row text-muted-foreground">The agent gave no reasons.</p>
  ) : (
    <figure className="flex flex-col gap-1 border-l-2 border-input pl-3">
      <figcaption className="text-caption text-muted-foreground">The agent’s own words, unverified</figcaption>
      <blockquote><LongText text={text} label="the agent’s words" /></blockquote>
    </figure>
  );
