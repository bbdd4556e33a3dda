import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { NotFound } from '@/components/not-found.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Input } from '@/components/ui/input.tsx';

/** An id no agent has, with a search for the one that was meant. */
export const AgentNotFound = () => {
  const navigate = useNavigate();
  const find = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('text') ?? '').trim();
    void navigate({ to: '/agents', search: text === '' ? {} : { text } });
  };
  return (
    <NotFound
      what="agent"
      search={
        <form role="search" aria-label="Find an agent" onSubmit={find} className="flex gap-2">
          <Input name="text" type="search" data-filter aria-label="Name or purpose of the agent" placeholder="Name or purpose" className="w-56" />
          <Button type="submit">Search agents</Button>
        </form>
      }
    />
  );
};
