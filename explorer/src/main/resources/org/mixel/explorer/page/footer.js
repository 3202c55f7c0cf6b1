// The line at the foot of the page: the command of what is seen, or its Java lines.

import { commandOf } from './command.js';
import { button, choice, element } from './dom.js';
import { watch } from './state.js';

export function footer(panel) {
  let language = 'command';
  const code = element('pre', { tabindex: '0', role: 'group', 'aria-label': 'The command' });
  const languages = choice('Language', { command: 'Command', java: 'Java' }, chosen => {
    language = chosen;
    show();
  });
  const copy = button('Copy', async () => {
    await navigator.clipboard.writeText(code.textContent);
    copy.textContent = 'Copied';
  }, { class: 'quiet' });
  panel.append(element('div', { class: 'foot' }, languages.group, code, copy));

  function show() {
    languages.press(language);
    code.textContent = commandOf()[language];
    code.setAttribute('aria-label', language === 'java' ? 'The Java lines' : 'The command');
    panel.dataset.language = language;
    copy.textContent = 'Copy';
  }

  watch(show);
  show();
}
