// Without a secure connection there is no clipboard, and inside an iframe it may be forbidden.
const link = window.location.href;
const askToCopy = () => window.prompt("Copy this link:", link);
const copyFromTextArea = () => {
  const field = document.createElement("textarea");
  field.value = link;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) askToCopy();
};
if (navigator.clipboard) {
  navigator.clipboard.writeText(link).catch(copyFromTextArea);
} else {
  copyFromTextArea();
}
