// Says a time of airing on the reader's own clock, where the page does not know it and it shows something else.
function tell() {
  for (const time of document.querySelectorAll("time[data-yours]")) {
    const at = new Date(time.dateTime);
    const [, day, hour, minute] = /(\d+)T(\d+):(\d+)/.exec(time.dateTime) ?? [];
    const isSame = at.getHours() === Number(hour) && at.getMinutes() === Number(minute);
    if (!hour || isSame || time.nextElementSibling?.localName === "span") continue;
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const told = at.toLocaleString(document.documentElement.lang, {
      ...(at.getDate() !== Number(day) && { weekday: "short" }),
      ...clock,
    });
    const span = document.createElement("span");
    span.textContent = ` · ${time.dataset.yours.replace("@", told)}`;
    time.after(span);
  }
}
document.addEventListener("swapped", tell);
tell();
