/** `text/html` of `Text/HTML; charset=x`; undefined for what is no media type. @see https://www.rfc-editor.org/rfc/rfc6838#section-4.2 */
export const toMediaType = (contentType: string): string | undefined => /^\s*([\w.+-]{1,100}\/[\w.+-]{1,100})\s*(?:;|$)/.exec(contentType)?.[1]?.toLowerCase();

/** What is said of bytes nobody knows more of. */
export const unknownMediaType = 'application/octet-stream';
