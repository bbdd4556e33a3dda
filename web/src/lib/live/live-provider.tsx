import type { MaestroEvent } from '@contracts/events.ts';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import { api } from '../api-client.ts';
import { useSession } from '../auth.tsx';
import { applyEvents } from './cache-updates.ts';
import type { StreamStatus } from './event-stream.ts';
import { type LiveChannel, openLiveChannel, type TextDelta } from './live-channel.ts';

const pollMs = 5_000;
const LiveContext = createContext<LiveChannel | null>(null);

/** Keeps the live channel of the signed-in person open, refreshes the query cache from it, and polls while it is broken. */
export const LiveProvider = ({ children }: { children: ReactNode }): ReactNode => {
  const session = useSession();
  const client = useQueryClient();
  const userId = session.status === 'signed_in' ? session.user.id : null;
  const [channel, setChannel] = useState<LiveChannel | null>(null);

  useEffect(() => {
    if (userId === null) return undefined;
    const opened = openLiveChannel({ fetch: api.fetchAuthorized, userId });
    const leaveEvents = opened.subscribe((events) => applyEvents(client, events));
    let polling: ReturnType<typeof setInterval> | undefined;
    let hasBeenLive = false;
    const followStatus = (): void => {
      const status = opened.status();
      if (status === 'reconnecting') polling ??= setInterval(() => void client.invalidateQueries(), pollMs);
      else {
        clearInterval(polling);
        polling = undefined;
      }
      if (status === 'live') {
        // What changed during the break is resumed by id, but the log may not reach back far enough: read again.
        if (hasBeenLive) void client.invalidateQueries();
        hasBeenLive = true;
      }
    };
    const leaveStatus = opened.subscribeStatus(followStatus);
    setChannel(opened);
    return () => {
      leaveEvents();
      leaveStatus();
      clearInterval(polling);
      opened.close();
      setChannel(null);
    };
  }, [client, userId]);

  return <LiveContext value={channel}>{children}</LiveContext>;
};

const noSubscription = (): (() => void) => () => {};

/** State of the live connection, for the chip. */
export const useLiveStatus = (): StreamStatus => {
  const channel = use(LiveContext);
  return useSyncExternalStore(channel?.subscribeStatus ?? noSubscription, channel?.status ?? (() => 'connecting' as const));
};

/** Calls `listener` with each batch of live events, but for the words of models, while the component is mounted. */
export const useLiveEvents = (listener: (events: MaestroEvent[]) => void): void => {
  const channel = use(LiveContext);
  const onEvents = useEffectEvent(listener);
  useEffect(() => channel?.subscribe((events) => onEvents(events)), [channel]);
};

/** Calls `listener` with what models say, as it comes, while the component is mounted. */
export const useLiveDeltas = (listener: (events: TextDelta[]) => void): void => {
  const channel = use(LiveContext);
  const onDeltas = useEffectEvent(listener);
  useEffect(() => channel?.subscribeDeltas((events) => onDeltas(events)), [channel]);
};
