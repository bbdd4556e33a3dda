/** Elements whose content is nothing to read, or that bring something along. */
const dropped = 'script, style, link, meta, base, iframe, frame, frameset, object, embed, applet, portal, template, noscript, audio, video, source, track, svg, math';
/** Controls are drawn as what they say. */
const keptAttributes = new Set(['alt', 'title', 'colspan', 'rowspan', 'start', 'dir', 'lang', 'width', 'height', 'border', 'cellpadding', 'cellspacing', 'align']);

const policy = "default-src 'none'; img-src data:";

/** Pictures that come with the text; any other tells its server that the mail was read. */
const ownPicture = /^data:image\/(png|jpeg|gif|webp);/i;

/**
 * A page with what there is to read in `html`: its structure and text. Only harmless attributes stay; targets of links and addresses of
 * pictures from elsewhere are written out as text, for that is where readers would be led.
 */
export const toInertHtml = (html: string): string => {
  // A document without a window: nothing in it is run or fetched while it is parsed.
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const element of body.querySelectorAll(dropped)) element.remove();
  for (const element of body.querySelectorAll('*')) {
    const target = element.getAttribute('href');
    const source = element.getAttribute('src');
    for (const name of element.getAttributeNames()) if (!keptAttributes.has(name)) element.removeAttribute(name);
    if (target !== null) element.append(` [${target}]`);
    if (element instanceof HTMLImageElement) {
      if (source !== null && ownPicture.test(source.trim())) element.setAttribute('src', source);
      else element.replaceWith(`[picture ${element.alt}${source === null ? '' : ` from ${source.slice(0, 200)}`}]`);
    } else if (/^(form|button|input|select|textarea)$/i.test(element.tagName)) element.replaceWith(...element.childNodes);
  }
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"></head><body><font face="system-ui, sans-serif">${body.innerHTML}</font></body></html>`;
};
