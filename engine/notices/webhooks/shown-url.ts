/**
 * A webhook's address for people who may not change it, and for records everybody reads: who has the whole address of a chat
 * service may write there. The host stays; of path and query `…` does, where there is any.
 */
export function toShownUrl(url: string): string {
  const { origin, pathname, search, hash } = new URL(url);
  return pathname.length > 1 || search !== '' || hash !== '' ? `${origin}/…` : `${origin}/`;
}
