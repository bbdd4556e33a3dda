import type { TokenResponse, User } from '@contracts/auth.ts';

/**
 * `unknown`: nobody asked yet · `signed_in` · `signed_out` · `lost`: was signed in, the renewal was refused; the page
 * stays and a dialog asks to sign in again, so that typed work survives.
 */
export type SessionState =
  | { status: 'unknown' }
  | { status: 'signed_out' }
  | { status: 'signed_in'; user: User }
  | { status: 'lost'; user: User };

/** The session of this tab. The access token lives here in memory and nowhere else. */
export class Session {
  #state: SessionState = { status: 'unknown' };
  #token: string | null = null;
  #expiresAt = 0;
  readonly #listeners = new Set<() => void>();

  get state(): SessionState {
    return this.#state;
  }
  get token(): string | null {
    return this.#token;
  }

  /** Whether the token ends within `marginMs` (default 20 s) and should be renewed before it is used. */
  isExpiring(marginMs = 20_000, now = Date.now()): boolean {
    return this.#token !== null && now > this.#expiresAt - marginMs;
  }

  accept(answer: TokenResponse, now = Date.now()): void {
    this.#token = answer.access_token;
    this.#expiresAt = now + answer.expires_in * 1000;
    this.#set({ status: 'signed_in', user: answer.user });
  }

  /** The renewal was refused: signed-in people keep their page, others are sent to sign in. */
  refuse(): void {
    this.#token = null;
    const { state } = this;
    if (state.status === 'signed_in' || state.status === 'lost') this.#set({ status: 'lost', user: state.user });
    else this.#set({ status: 'signed_out' });
  }

  clear(): void {
    this.#token = null;
    this.#set({ status: 'signed_out' });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
