import { useState } from 'react';

/** True from the first time `value` was: what is loaded on demand stays, so that it closes with its animation and keeps what was typed. */
export const useOnceTrue = (value: boolean): boolean => {
  const [was, setWas] = useState(value);
  if (value && !was) setWas(true);
  return was || value;
};
