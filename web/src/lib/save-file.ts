/** Has the browser save `text` as a file. */
export const saveFile = (name: string, type: string, text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Not at once: some browsers start reading after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};
