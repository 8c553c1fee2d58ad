// What is wrong with the page as it stands, one sentence a fault. Run by audit.py in every page that tests look at.
(theme) => {
  const faults = [];
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const name = (element) => {
    const words = (element.innerText || element.value || element.name || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${element.localName} class="${element.className}"> “${words}”`;
  };
  const isShown = (element) => element.checkVisibility() && !element.closest(".visually-hidden, .trap, .skip-link");

  // What can be looked at, not pressed: the page of components and previews show parts of other pages.
  const isLive = (element) => !element.closest("[inert]");

  // Structure
  const root = document.documentElement;
  if (!root.lang) faults.push("html has no lang");
  if (!document.title.trim()) faults.push("no title");
  if (all("main").length !== 1) faults.push(`${all("main").length} main landmarks`);
  const headings = all("h1, h2, h3, h4, h5, h6").filter((heading) => heading.checkVisibility() && isLive(heading));
  const levels = headings.map((heading) => Number(heading.localName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push(`${levels.filter((l) => l === 1).length} h1`);
  const firstBelow = levels.findIndex((level, at) => at > 0 && level > levels[at - 1] + 1);
  if (firstBelow > 0) faults.push(`heading skips a level: ${name(headings[firstBelow])}`);
  for (const element of all("[style], style, script:not([src]):not([type$=json])")) faults.push(`inline: ${name(element)}`);
  for (const element of all("*"))
    for (const attribute of element.attributes)
      if (attribute.name.startsWith("on")) faults.push(`inline handler: ${name(element)}`);

  // References and names
  const ids = all("[id]").map((element) => element.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) faults.push(`id twice: ${id}`);
  for (const attribute of ["for", "form", "aria-labelledby", "aria-describedby", "aria-controls"])
    for (const element of all(`[${attribute}]`))
      for (const id of element.getAttribute(attribute).split(/\s+/))
        if (!document.getElementById(id)) faults.push(`${attribute}="${id}" leads nowhere: ${name(element)}`);
  for (const link of all('a[href^="#"]'))
    if (!document.getElementById(link.hash.slice(1))) faults.push(`${link.hash} leads nowhere: ${name(link)}`);
  for (const field of all("input:not([type=hidden]):not([type=submit]), select, textarea"))
    if (![...field.labels].some((label) => label.innerText.trim()) && !field.ariaLabel)
      faults.push(`no label: ${name(field)}`);
  for (const element of all("a[href], button"))
    if (isLive(element) && !element.textContent.trim() && !element.ariaLabel) faults.push(`says nothing: ${name(element)}`);

  // Room: nothing sideways, nothing on top of another, nothing too small to hit
  const width = root.clientWidth;
  if (root.scrollWidth > width) faults.push(`scrolls sideways: ${root.scrollWidth} of ${width} px`);
  for (const element of all("body *"))
    if (isShown(element) && !element.closest(".table-scroll") && element.getBoundingClientRect().right > width + 1)
      faults.push(`sticks out: ${name(element)}`);
  const targets = all("a[href], button, input:not([type=hidden]), select, textarea, summary").filter(isShown).filter(isLive);
  const pieces = targets.flatMap((target) => [...target.getClientRects()].map((box) => [target, box]));
  for (const [at, [target, box]] of pieces.entries())
    for (const [other, otherBox] of pieces.slice(at + 1)) {
      if (target === other || target.contains(other) || other.contains(target)) continue;
      const across = Math.min(box.right, otherBox.right) - Math.max(box.left, otherBox.left);
      const down = Math.min(box.bottom, otherBox.bottom) - Math.max(box.top, otherBox.top);
      if (across > 1 && down > 1) faults.push(`overlap: ${name(target)} and ${name(other)}`);
    }
  const standsInText = (link) =>
    getComputedStyle(link).display === "inline" &&
    [...link.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  for (const target of targets) {
    const label = ["radio", "checkbox"].includes(target.type) ? target.labels[0] : null;
    const box = (label || target).getBoundingClientRect();
    if ((box.width < 24 || box.height < 24) && !standsInText(target))
      faults.push(`small target, ${Math.round(box.width)} × ${Math.round(box.height)}: ${name(target)}`);
  }

  // Legible: text stands out from what is behind it, in the theme that was asked for
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const channels = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  // WCAG 2.2, relative luminance and contrast ratio
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const known = new Map();
  const brightness = (colour) => {
    if (!known.has(colour)) known.set(colour, { light: luminance(channels(colour)), opacity: channels(colour)[3] });
    return known.get(colour);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const paint = brightness(getComputedStyle(at).backgroundColor);
      if (paint.opacity === 255) return paint.light;
    }
    return 1;
  };
  const paper = brightness(getComputedStyle(root).backgroundColor).light;
  if ((theme === "dark") !== paper < 0.2) faults.push(`not the ${theme} theme`);
  for (const element of all("body *")) {
    const says = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!says || !isShown(element)) continue;
    const [ink, ground] = [brightness(getComputedStyle(element).color).light, behind(element)];
    const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(1)}: ${name(element)}`);
  }
  return faults;
}
