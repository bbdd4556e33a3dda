/**
 * A tool name as both providers accept it in a conversation. A model that made up a name with other characters must be able to read
 * that it does not exist, and one bad name must not make every later request invalid.
 */
export const toSafeToolName = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || 'unnamed';
