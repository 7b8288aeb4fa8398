// Keeps the overview fresh: fetches the fragment, swaps it in, gives the focus back. Without this script the page works and reloads itself.
const live = document.getElementById('live');
const status = document.getElementById('live-status');

if (live && status) {
  const { source, seconds } = live.dataset;
  const period = Number(seconds) * 1000;
  let paused = false;
  let failures = 0;
  let timer = 0;

  const say = (text, tone) => {
    if (message.textContent !== text) message.textContent = text;
    status.dataset.tone = tone;
  };

  /** True while the person marks text or is about to follow a link there: a swap would take it from under them. */
  const inUse = () => {
    const selection = document.getSelection();
    return (
      Boolean(selection && !selection.isCollapsed && live.contains(selection.anchorNode)) ||
      live.querySelector(':active') !== null
    );
  };

  const swap = (html) => {
    const focused = document.activeElement;
    const keepId = focused && live.contains(focused) ? focused.id : '';
    const scrolled = [...live.querySelectorAll('.scroll')].map((box) => box.scrollLeft);
    live.innerHTML = html;
    live.querySelectorAll('.scroll').forEach((box, index) => {
      box.scrollLeft = scrolled[index] ?? 0;
    });
    if (keepId) document.getElementById(keepId)?.focus({ preventScroll: true });
  };

  const refresh = async () => {
    if (paused || document.hidden || inUse()) return;
    try {
      const response = await fetch(source, { headers: { accept: 'text/html' }, signal: AbortSignal.timeout(10_000) });
      if (response.status === 401 || response.status === 403) {
        location.reload();
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      const html = await response.text();
      if (!inUse()) swap(html);
      failures = 0;
      say('Live', 'good');
    } catch {
      failures += 1;
      say('Not updating: the service does not answer. Trying again.', 'bad');
    }
  };

  const loop = async () => {
    await refresh();
    timer = setTimeout(loop, period * Math.min(2 ** failures, 10));
  };

  const message = document.createElement('span');
  const toggle = document.createElement('button');
  toggle.type = 'button';
  toggle.className = 'quiet';
  toggle.textContent = 'Stop updating';
  toggle.addEventListener('click', () => {
    paused = !paused;
    toggle.textContent = paused ? 'Update again' : 'Stop updating';
    if (paused) say('Not updating', 'warn');
    else {
      clearTimeout(timer);
      loop();
    }
  });
  status.append(message);
  status.after(toggle);
  say('Live', 'good');
  timer = setTimeout(loop, period);
}
