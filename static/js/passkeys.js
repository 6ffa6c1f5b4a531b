/* What a browser says when it gives no passkey, in words; the ceremony itself is allauth's script. */
(() => {
  "use strict";

  const WORDS = {
    NotAllowedError: "No passkey was given: it was cancelled, or nothing happened for too long. Try again.",
    InvalidStateError: "This device holds a passkey of your account already. It is in your list.",
    SecurityError: "Passkeys do not work at this address. Open the desk at its usual one, by https.",
    NotSupportedError: "This device can not make such a passkey. Leave out signing in without a password.",
    AbortError: "It was cancelled. Try again.",
  };
  const OTHER = "That did not work. Try again, or use another way to sign in.";

  const say = (words) => {
    const place = document.getElementById("passkey-trouble");
    if (!place) return;
    place.querySelector("[data-words]").textContent = words;
    place.hidden = false;
    place.focus();
  };

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const { exception } = event.detail;
    say(WORDS[exception && exception.name] || OTHER);
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (window.PublicKeyCredential) return;
    document.querySelectorAll("[data-passkey]").forEach((button) => { button.hidden = true; });
  });
})();
