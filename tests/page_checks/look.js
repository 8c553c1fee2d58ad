// What a page does when it is used or set otherwise. Each answers with sentences, one a fault. Run by look.py.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const name = (element) => {
    const words = (element.innerText || element.value || element.name || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${element.localName} class="${element.getAttribute("class") || ""}"> “${words}”`;
  };
  // Words for the ear alone are cut to nothing, here or further up.
  const isCutAway = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.clipPath === "inset(50%)" || (style.overflow !== "visible" && at.offsetWidth <= 1)) return true;
    }
    return false;
  };
  const isShown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !element.closest(".visually-hidden, .trap, .skip-link, [hidden]") &&
    !isCutAway(element);
  const outline = (element) =>
    Math.max(
      ...[null, "::before", "::after"].map((part) => {
        const style = getComputedStyle(element, part);
        return style.outlineStyle === "none" || style.content === "none" ? 0 : parseFloat(style.outlineWidth);
      }),
    );
  const sticky = (element) => {
    for (let at = element; at; at = at.parentElement)
      if (["sticky", "fixed"].includes(getComputedStyle(at).position)) return true;
    return false;
  };

  // Focus. A stop is looked at when the next key goes down: by then the page has scrolled to it.
  let stops = [];
  let left = null;
  let backwards = false;
  let first = null;
  let isOver = false;
  const faultOf = (element) => {
    const shows = [element, ...(element.labels || []), element.parentElement];
    if (!shows.some((one) => outline(one) >= 2)) return "no visible focus";
    const small = (box) => box.width < 2 || box.height < 2;
    let box = [...element.getClientRects()].find((one) => !small(one));
    let hit = element;
    if (!box || element.closest(".visually-hidden")) {
      hit = (element.labels || [])[0];
      box = hit && hit.getClientRects()[0];
      if (!box) return "the focus is where nobody sees it";
    }
    const top = Math.max(box.top, 0);
    const bottom = Math.min(box.bottom, innerHeight);
    if (top >= bottom || box.right <= 0 || box.left >= innerWidth) return "the focus is out of view";
    const above = document.elementFromPoint((box.left + box.right) / 2, (top + bottom) / 2);
    const own = above && (hit.contains(above) || element.contains(above) || above.contains(hit));
    const byLabel = above && [...(element.labels || [])].some((label) => label.contains(above));
    return own || byLabel ? "" : `the focus is covered by ${above ? name(above) : "nothing"}`;
  };
  const look = () => {
    const element = document.activeElement;
    if (isOver || !element || element === document.body) {
      isOver ||= stops.length > 0;
      return;
    }
    if (element === left) return;
    left = element;
    if (!backwards && stops.length === 0) first = element;
    isOver = backwards && element === first;
    const box = element.getBoundingClientRect();
    const key = element.type === "radio" ? `radio ${element.name} ${element.form && element.form.action}` : element;
    stops.push({
      key,
      what: name(element),
      fault: faultOf(element),
      top: box.top + scrollY,
      bottom: box.bottom + scrollY,
      left: box.left,
      right: box.right,
      free: sticky(element) || element.closest(".skip-link"),
    });
  };
  document.addEventListener("keydown", (event) => event.key === "Tab" && look(), true);

  const keys = [];
  const number = (key) => (keys.includes(key) ? keys.indexOf(key) : keys.push(key) - 1);
  // From the very beginning or the very end, wherever the focus was: something stands there, and is gone.
  const startTabbing = (towardsStart) => {
    [stops, left, isOver, backwards] = [[], null, false, towardsStart];
    const edge = document.createElement("span");
    edge.tabIndex = -1;
    document.body[backwards ? "append" : "prepend"](edge);
    edge.focus({ preventScroll: true });
    edge.remove();
    scrollTo(0, backwards ? document.body.scrollHeight : 0);
  };
  const tabbed = () => {
    look();
    const taken = stops.filter((stop, at) => at === 0 || stop.key !== stops[at - 1].key);
    const faults = taken.filter((stop) => stop.fault).map((stop) => `${stop.fault}: ${stop.what}`);
    return { faults, order: taken.map((stop) => number(stop.key)), stops: taken.map(({ key, ...rest }) => rest) };
  };
  // Forwards the end is the page itself; backwards it is where forwards began. Keys after that count for nothing.
  const atEnd = () => {
    const here = document.activeElement;
    return isOver || here === document.body || !document.hasFocus() || (backwards && here === first);
  };

  // Room
  const sideways = () => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const outside = all("body *").filter(
      (one) => isShown(one) && !one.closest(".table-scroll") && one.getBoundingClientRect().right > root.clientWidth + 1,
    );
    const worst = outside.filter((one) => !outside.some((other) => other !== one && one.contains(other))).slice(0, 3);
    return [`scrolls sideways, ${root.scrollWidth} of ${root.clientWidth} px: ${worst.map(name).join(" and ")}`];
  };
  const clipped = () =>
    all("main *, header *, footer *, .band *")
      .filter((one) => {
        const style = getComputedStyle(one);
        if (!["hidden", "clip"].includes(style.overflowY) || !isShown(one) || one.localName === "svg") return false;
        return one.textContent.trim() && one.scrollHeight > one.clientHeight + 2 && one.clientHeight > 1;
      })
      .map((one) => `text is cut off: ${name(one)}`);
  const spacing = new CSSStyleSheet();
  // WCAG 1.4.12, the least that has to be borne.
  spacing.replaceSync(
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }" +
      "p { margin-block-end: 2em !important }",
  );
  const space = (on) => {
    document.adoptedStyleSheets = on ? [spacing] : [];
  };
  const enlarge = (on) => {
    document.documentElement.style.fontSize = on ? "200%" : "";
  };

  // Text on text
  const collisions = () => {
    const lines = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.data.trim() || !isShown(node.parentElement) || sticky(node.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      // A name that is cut short ends where its element does.
      const isCut = getComputedStyle(node.parentElement).textOverflow === "ellipsis";
      const end = isCut ? node.parentElement.getBoundingClientRect().right : Infinity;
      for (const { top, bottom, left, right, width, height } of range.getClientRects())
        if (width > 2 && height > 2) lines.push([node, { top, bottom, left, right: Math.min(right, end), height }]);
      if (lines.length > 6000) break;
    }
    lines.sort(([, one], [, other]) => one.top - other.top);
    const faults = new Set();
    for (const [at, [node, box]] of lines.entries())
      for (let next = at + 1; next < lines.length && lines[next][1].top < box.bottom; next += 1) {
        const [other, otherBox] = lines[next];
        if (other === node) continue;
        const across = Math.min(box.right, otherBox.right) - Math.max(box.left, otherBox.left);
        const down = Math.min(box.bottom, otherBox.bottom) - otherBox.top;
        // Lines set tight share their white space; letters sit in the middle of it.
        if (across > 3 && down > 0.5 * Math.min(box.height, otherBox.height))
          faults.add(`text on text: ${name(node.parentElement)} and ${name(other.parentElement)}`);
      }
    return [...faults].slice(0, 5);
  };

  const moving = () =>
    all("*")
      .filter((one) => {
        const style = getComputedStyle(one);
        const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0.01);
        return (style.animationName !== "none" && lasts(style.animationDuration)) || lasts(style.transitionDuration);
      })
      .slice(0, 3)
      .map((one) => `moves although less motion was asked for: ${name(one)}`);

  // Colours: as they come out, so in forced colours too
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const channels = (colour) => {
    if (!known.has(colour)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
      known.set(colour, [...pen.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(colour);
  };
  const light = (colour) => {
    const [r, g, b] = channels(colour).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [a, b] = [light(one), light(other)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (channels(colour)[3] >= 128) return colour; // a system highlight lets a little through
    }
    return "Canvas";
  };
  const lost = () => {
    const faults = [];
    for (const one of all("body *")) {
      const says = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      if (says && isShown(one) && contrast(getComputedStyle(one).color, behind(one)) < 3)
        faults.push(`lost in forced colours: ${name(one)}`);
    }
    for (const picture of all("svg").filter(isShown)) {
      const ground = behind(picture.parentElement);
      const strokes = all("path, rect, circle, line, polygon, polyline, use", picture).filter((one) => one.checkVisibility());
      const visible = strokes.some((one) => {
        const { fill, stroke } = getComputedStyle(one);
        return [fill, stroke].some((paint) => paint !== "none" && channels(paint)[3] && contrast(paint, ground) >= 1.5);
      });
      if (strokes.length && !visible) faults.push(`a picture is lost in forced colours: ${name(picture.parentElement)}`);
    }
    return faults.slice(0, 8);
  };

  const printed = () => {
    const faults = all(".band, nav, form button, .site-header__links")
      .filter((one) => one.checkVisibility())
      .filter((one) => one.matches(".band"))
      .map((one) => `is printed: ${name(one)}`);
    if (light(behind(document.body)) < 0.5) faults.push("is printed on black");
    return faults;
  };

  window.pageCheck = {
    startTabbing, tabbed, atEnd, sideways, clipped, space, enlarge, collisions, moving, lost, printed,
  };
})();
