// Without a secure connection there is no clipboard, and inside a frame it may be forbidden.
const link = window.location.href;
const byHand = () => window.prompt("Copy this link:", link);
const theOldWay = () => {
  const field = document.createElement("textarea");
  field.value = link;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) byHand();
};
if (navigator.clipboard) {
  navigator.clipboard.writeText(link).catch(theOldWay);
} else {
  theOldWay();
}
