// The page's own few texts. The product's texts come translated from the bot; these belong
// to the test tool. Every key stands in both tables.

const TEXTS = {
  en: {
    action_document: "sending a file…",
    action_other: "busy…",
    action_photo: "sending a photo…",
    action_typing: "typing…",
    alert_ok: "OK",
    attach: "Attach",
    attach_contact: "Share my contact",
    attach_file: "File",
    attach_photo: "Photo",
    back: "Back to the list of people",
    cancel: "Cancel",
    card_failed: "The card was refused. Nothing was taken.",
    close_hint: "Hide this hint",
    commands: "Commands",
    contact: "Contact",
    copied: "Copied",
    copy_text: "Copy text",
    deleted_message: "Deleted message",
    document: "File",
    edit: "Edit",
    edit_too_long: "A changed message can have at most {count} characters.",
    edited: "edited",
    editing: "Edit your message",
    empty_file: "“{name}” is empty and cannot be sent.",
    keyboard: "Show or hide the keyboard",
    keyboard_label: "Answers",
    lost: "Connection lost, trying again…",
    menu: "Menu",
    message_menu: "What to do with this message",
    messages: "Messages",
    no_answer: "The bot has not answered within 15 seconds.",
    no_connection: "There is no connection right now. Try again in a moment.",
    no_messages: "No messages yet",
    nobody: "Each of them has a chat of their own with the bot. Two tabs can be two persons.",
    not_here: "This button works only in the real Telegram.",
    not_sent: "Not sent: {reason}",
    paid: "You have paid {amount}",
    pay_done: "Paid",
    pay_fails: "Let the card fail",
    pay_test: "A pretend card: this is a test, no money moves.",
    pay_yes: "Pay {amount}",
    people_hint: "Choose who you are",
    photo: "Photo",
    pinned: "Pinned message",
    placeholder: "Write a message",
    remove_file: "Do not send this file",
    reply: "Reply",
    replying: "Reply to {name}",
    replying_self: "Reply to your message",
    send: "Send",
    share_contact_ask: "Share your name and telephone number with the bot?",
    share_contact_yes: "Share",
    show_less: "Show less",
    show_more: "Show all",
    spoiler: "Hidden text, activate to show it",
    start: "Start",
    to_end: "Go to the newest message",
    too_large: "“{name}” is too large: {size}. At most {limit} can be sent.",
    unread: { one: "{count} new message", other: "{count} new messages" },
    unsupported: "This kind of message cannot be shown here.",
    upload_failed: "“{name}” could not be sent. It is still attached: try again.",
    uploading: "Sending “{name}”…",
    waiting: "Waits for the connection",
    you: "You",
    you_are: "You are {name}",
  },
  fr: {
    action_document: "envoie un fichier…",
    action_other: "occupé…",
    action_photo: "envoie une photo…",
    action_typing: "écrit…",
    alert_ok: "OK",
    attach: "Joindre",
    attach_contact: "Partager mon contact",
    attach_file: "Fichier",
    attach_photo: "Photo",
    back: "Retour à la liste des personnes",
    cancel: "Annuler",
    card_failed: "La carte a été refusée. Rien n’a été débité.",
    close_hint: "Masquer ce conseil",
    commands: "Commandes",
    contact: "Contact",
    copied: "Copié",
    copy_text: "Copier le texte",
    deleted_message: "Message supprimé",
    document: "Fichier",
    edit: "Modifier",
    edit_too_long: "Un message modifié compte au plus {count} caractères.",
    edited: "modifié",
    editing: "Modifier votre message",
    empty_file: "« {name} » est vide et ne peut pas être envoyé.",
    keyboard: "Afficher ou masquer le clavier",
    keyboard_label: "Réponses",
    lost: "Connexion perdue, nouvel essai…",
    menu: "Menu",
    message_menu: "Que faire de ce message",
    messages: "Messages",
    no_answer: "Le bot n’a pas répondu en 15 secondes.",
    no_connection: "Pas de connexion pour le moment. Réessayez dans un instant.",
    no_messages: "Aucun message",
    nobody: "Chacun a sa propre conversation avec le bot. Deux onglets peuvent être deux personnes.",
    not_here: "Ce bouton ne fonctionne que dans le vrai Telegram.",
    not_sent: "Non envoyé : {reason}",
    paid: "Vous avez payé {amount}",
    pay_done: "Payé",
    pay_fails: "Faire échouer la carte",
    pay_test: "Carte fictive : ceci est un essai, aucun argent n’est débité.",
    pay_yes: "Payer {amount}",
    people_hint: "Choisissez qui vous êtes",
    photo: "Photo",
    pinned: "Message épinglé",
    placeholder: "Écrire un message",
    remove_file: "Ne pas envoyer ce fichier",
    reply: "Répondre",
    replying: "Répondre à {name}",
    replying_self: "Répondre à votre message",
    send: "Envoyer",
    share_contact_ask: "Partager votre nom et votre numéro de téléphone avec le bot ?",
    share_contact_yes: "Partager",
    show_less: "Réduire",
    show_more: "Tout afficher",
    spoiler: "Texte masqué, activez pour l’afficher",
    start: "Démarrer",
    to_end: "Aller au dernier message",
    too_large: "« {name} » est trop lourd : {size}. La limite est de {limit}.",
    unread: { one: "{count} nouveau message", other: "{count} nouveaux messages" },
    unsupported: "Ce type de message ne peut pas être affiché ici.",
    upload_failed: "« {name} » n’a pas pu être envoyé. Il reste joint : réessayez.",
    uploading: "Envoi de « {name} »…",
    waiting: "Attend la connexion",
    you: "Vous",
    you_are: "Vous êtes {name}",
  },
};

// The digits of each currency's smallest unit, as Telegram counts them; the page is told.
export const EXPONENTS = {};

export class Texts {
  constructor(languageCode) {
    this.languageCode = languageCode || "en";
    this.language = this.languageCode.toLowerCase().startsWith("fr") ? "fr" : "en";
    this.locale = usableLocale(this.languageCode);
  }

  text(key, facts = {}) {
    const found = TEXTS[this.language][key];
    if (found === undefined) throw new Error(`No text "${key}"`);
    const pattern =
      typeof found === "string"
        ? found
        : found[new Intl.PluralRules(this.language).select(facts.count)] || found.other;
    return pattern.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
  }

  time(seconds) {
    return new Intl.DateTimeFormat(this.locale, { hour: "2-digit", minute: "2-digit" }).format(
      seconds * 1000,
    );
  }

  moment(seconds) {
    return new Intl.DateTimeFormat(this.locale, {
      dateStyle: "full",
      timeStyle: "medium",
    }).format(seconds * 1000);
  }

  // "Today", "Yesterday", else the date, with its year when it is another one.
  day(seconds) {
    const date = new Date(seconds * 1000);
    const today = new Date();
    const days = Math.round((midnight(date) - midnight(today)) / 86_400_000);
    if (days === 0 || days === -1) {
      const word = new Intl.RelativeTimeFormat(this.locale, { numeric: "auto" }).format(days, "day");
      return word.charAt(0).toLocaleUpperCase(this.locale) + word.slice(1);
    }
    const style = { weekday: "long", day: "numeric", month: "long" };
    if (date.getFullYear() !== today.getFullYear()) style.year = "numeric";
    return new Intl.DateTimeFormat(this.locale, style).format(date);
  }

  // The time of today's messages, the date of older ones, as lists of chats show it.
  short(seconds) {
    const date = new Date(seconds * 1000);
    if (midnight(date) === midnight(new Date())) return this.time(seconds);
    return new Intl.DateTimeFormat(this.locale, { day: "numeric", month: "short" }).format(date);
  }

  // An amount of money in the smallest unit of its currency.
  money(total, currency) {
    const digits = EXPONENTS[currency] ?? 2;
    const format = new Intl.NumberFormat(this.locale, {
      style: "currency",
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    return format.format(total / 10 ** digits);
  }

  size(bytes) {
    const units = this.language === "fr" ? ["o", "ko", "Mo"] : ["B", "kB", "MB"];
    let amount = bytes;
    let unit = 0;
    while (amount >= 1000 && unit < 2) {
      amount /= 1000;
      unit += 1;
    }
    const digits = unit === 0 || amount >= 100 ? 0 : 1;
    const format = new Intl.NumberFormat(this.locale, { maximumFractionDigits: digits });
    return `${format.format(amount)}\u00a0${units[unit]}`;
  }
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function usableLocale(languageCode) {
  try {
    return Intl.getCanonicalLocales(languageCode)[0];
  } catch {
    return "en";
  }
}
