// Runs before the first paint, so that the page is drawn in the chosen theme at once. A file of its own because the
// content security policy allows no inline script.
(function () {
  var root = document.documentElement;
  // zod compiles validators with `new Function` unless told not to; the policy allows no eval.
  globalThis.__zod_globalConfig = { jitless: true };
  var theme = 'system';
  try {
    theme = JSON.parse(localStorage.getItem('maestro.preferences') || '{}').theme || 'system';
  } catch (error) {
    // Storage may be blocked or hold something else: the system's theme is the default.
  }
  var isDark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = isDark ? 'dark' : 'light';
})();
