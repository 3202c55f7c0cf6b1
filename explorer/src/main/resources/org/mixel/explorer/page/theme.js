// Light or dark: that of the system, or the one that was chosen, set before anything is drawn.
(() => {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const announce = () => document.dispatchEvent(new Event('theme'));

  function apply(theme) {
    root.dataset.theme = theme;
    announce();
  }

  apply(localStorage.getItem('theme') ?? (system.matches ? 'dark' : 'light'));
  system.addEventListener('change', () => {
    if (localStorage.getItem('theme') === null) {
      apply(system.matches ? 'dark' : 'light');
    }
  });

  addEventListener('DOMContentLoaded', () => {
    const button = document.getElementById('theme');
    const name = () => {
      button.textContent = root.dataset.theme === 'dark' ? 'Light' : 'Dark';
    };
    name();
    document.addEventListener('theme', name);
    button.addEventListener('click', () => {
      const other = root.dataset.theme === 'dark' ? 'light' : 'dark';
      localStorage.setItem('theme', other);
      apply(other);
    });
  });
})();
